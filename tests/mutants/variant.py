"""What a variant is: a correct server that uses its freedom in another way than the sandbox."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from mutants.messages import Request, Response
from mutants.world import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Unpack

    from mutants.mutant import Fault, Serve
    from uapi.conformance.target import Target

    Make: TypeAlias = Callable[[], Fault]
    Answer: TypeAlias = Callable[[Request, Response], Response | bytes | None]
    Ask: TypeAlias = Callable[[Request], Request | Response | None]


@dataclass(frozen=True)
class Variant:
    """A correct server. The kit must accuse it of nothing."""

    name: str
    freedom: str
    """What it does in another way, in a sentence."""
    make: Callable[[], Fault]
    remarks: tuple[str, ...] = ()
    """The requirements on which a warning is in order, or which it leaves no occasion to look at."""
    features: dict[str, bool] = field(default_factory=dict)
    """What the target's configuration says that the server does not offer."""
    roles: Target = ROLES
    """The target's configuration, where it is another one than that of the sandbox."""
    telephony: bool = False
    """Whether it is tested with phone calls that the kit places, for the rows that need them."""
    calls: int = 1
    """How many times the phone call under test goes on in its world, under ids of their own."""


class Options(TypedDict, total=False):
    """What may be said of a variant besides; see `Variant`."""

    remarks: tuple[str, ...]
    features: dict[str, bool]
    roles: Target
    telephony: bool
    calls: int


VARIANTS: dict[str, Variant] = {}


def variant(**options: Unpack[Options]) -> Callable[[Make], Make]:
    """Register a server that sees both sides, and may remember."""

    def registered(make: Make) -> Make:
        name = make.__name__.replace("_", "-")
        assert name not in VARIANTS, f"{name} is there already"
        VARIANTS[name] = Variant(name, inspect.getdoc(make) or "", make, **options)
        return make

    return registered


def answering(**options: Unpack[Options]) -> Callable[[Answer], Make]:
    """Register a server that differs in its answers."""

    def registered(change: Answer) -> Make:
        async def served(request: Request, serve: Serve) -> Response | bytes:
            response = await serve(request)
            changed = change(request, response)
            return response if changed is None else changed

        def make() -> Fault:
            return served

        make.__name__, make.__doc__ = change.__name__, change.__doc__
        return variant(**options)(make)

    return registered


def asking(
    **options: Unpack[Options],
) -> Callable[[Callable[[Request], Request | Response | None]], Callable[[], Fault]]:
    """Register a server that differs in how it reads a request."""

    def registered(change: Ask) -> Make:
        async def served(request: Request, serve: Serve) -> Response:
            changed = change(request)
            return changed if isinstance(changed, Response) else await serve(changed or request)

        def make() -> Fault:
            return served

        make.__name__, make.__doc__ = change.__name__, change.__doc__
        return variant(**options)(make)

    return registered
