"""What a mutant is, and how its fault is written: in how a request is read, in what is answered, or in both."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from mutants.asked import authenticated
from mutants.messages import Request, Response
from uapi.conformance.register import TELEPHONY
from uapi.conformance.register import register as requirements

if TYPE_CHECKING:
    from typing import Unpack

    from uapi.conformance.run import Phase

Serve: TypeAlias = Callable[[Request], Awaitable[Response]]
Fault: TypeAlias = Callable[[Request, Serve], Awaitable[Response | bytes]]


@dataclass(frozen=True)
class Mutant:
    """A server with one fault, and the requirement that it violates.

    `make` builds the fault anew for each server, so that what it remembers does not outlive it.
    """

    requirement: str
    name: str
    fault: str
    """What is wrong with the server, in a sentence."""
    kind: str
    """The kind of fault: the module that it is written in."""
    make: Callable[[], Fault]
    also: tuple[str, ...] = ()
    """Further requirements that this server violates: what they say is not true of it."""
    budget: str = "checks"
    """The budget at which the kit finds it; `checks` are the deterministic ones by themselves."""
    phase: Phase = "check"
    """The phase that finds it, which does so by itself."""
    features: dict[str, bool] = field(default_factory=dict)
    """What the target's configuration says that the server does not offer."""
    calls: int = 1
    """How many times the phone call under test goes on in its world, under ids of their own."""
    limit: str | None = None
    """Why the kit does not find it: a known limit. None where it does."""

    @property
    def id(self) -> str:
        return f"{self.requirement}:{self.name}"

    @property
    def telephony(self) -> bool:
        """Whether it is looked for with phone calls that the kit places."""
        return requirements()[self.requirement].profile == TELEPHONY


class Options(TypedDict, total=False):
    """What may be said of a mutant besides; see `Mutant`."""

    also: tuple[str, ...]
    budget: str
    phase: Phase
    features: dict[str, bool]
    calls: int
    limit: str


CATALOGUE: list[Mutant] = []


def register(requirement: str, described: Callable[..., Any], make: Callable[[], Fault], options: Options) -> None:
    """Put a fault into the catalogue, by the name and the description of a function."""
    name = re.sub(r"_+", "-", described.__name__.strip("_"))
    kind = described.__module__.rpartition(".")[2]
    CATALOGUE.append(Mutant(requirement, name, inspect.getdoc(described) or "", kind, make, **options))


def before(
    requirement: str, **options: Unpack[Options]
) -> Callable[[Callable[[Request], Request | Response | None]], None]:
    """Register a fault in how a request is read: it returns another request, an answer, or None for no change.

    Like any server, it looks at the token before it answers in its own way.
    """

    def registered(change: Callable[[Request], Request | Response | None]) -> None:
        async def fault(request: Request, serve: Serve) -> Response:
            changed = change(request)
            if isinstance(changed, Response):
                return changed if authenticated(request) else await serve(request)
            return await serve(changed or request)

        register(requirement, change, lambda: fault, options)

    return registered


def after(
    requirement: str, **options: Unpack[Options]
) -> Callable[[Callable[[Request, Response], Response | bytes | None]], None]:
    """Register a fault in what is answered: it returns another answer, or None for no change."""

    def registered(change: Callable[[Request, Response], Response | bytes | None]) -> None:
        async def fault(request: Request, serve: Serve) -> Response | bytes:
            response = await serve(request)
            changed = change(request, response)
            return response if changed is None else changed

        register(requirement, change, lambda: fault, options)

    return registered


def again(
    requirement: str, **options: Unpack[Options]
) -> Callable[[Callable[[Request, Response], Request | None]], None]:
    """Register a fault in what a server does after it has answered: it carries out another request, or does nothing."""

    def registered(change: Callable[[Request, Response], Request | None]) -> None:
        async def fault(request: Request, serve: Serve) -> Response:
            response = await serve(request)
            if (another := change(request, response)) is not None:
                await serve(another)
            return response

        register(requirement, change, lambda: fault, options)

    return registered


def instead(
    requirement: str, **options: Unpack[Options]
) -> Callable[[Callable[[Request, Response], Request | None]], None]:
    """Register a fault that answers another request than the one that was refused, or None where it does not."""

    def registered(change: Callable[[Request, Response], Request | None]) -> None:
        async def fault(request: Request, serve: Serve) -> Response:
            response = await serve(request)
            another = change(request, response)
            return response if another is None else await serve(another)

        register(requirement, change, lambda: fault, options)

    return registered


def faulty(requirement: str, **options: Unpack[Options]) -> Callable[[Callable[[], Fault]], None]:
    """Register a fault that sees both sides, and may remember."""

    def registered(make: Callable[[], Fault]) -> None:
        register(requirement, make, make, options)

    return registered
