"""What a mutant is, and the two simple kinds: one changes the request, one changes the answer."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from mutants.messages import Request, Response

Serve: TypeAlias = Callable[[Request], Awaitable[Response]]
Fault: TypeAlias = Callable[[Request, Serve], Awaitable[Response | bytes]]


@dataclass(frozen=True)
class Mutant:
    """A server with one fault, and the requirement whose check has to find it.

    `make` builds the fault anew for each server, so that what it remembers does not outlive it.
    """

    requirement: str
    name: str
    make: Callable[[], Fault]
    traffic: tuple[str, ...] = ()
    """Requirements whose checks have to send their requests first, where the kit's survey does not meet the fault."""

    @property
    def id(self) -> str:
        return f"{self.requirement}:{self.name}"


CATALOGUE: list[Mutant] = []


def _name(function: Callable[..., Any]) -> str:
    return re.sub(r"_+", "-", function.__name__.strip("_"))


def before(
    requirement: str, *, traffic: tuple[str, ...] = ()
) -> Callable[[Callable[[Request], Request | Response | None]], None]:
    """Register a fault in how a request is read: it returns another request, an answer, or None for no change."""

    def register(change: Callable[[Request], Request | Response | None]) -> None:
        def make() -> Fault:
            async def fault(request: Request, serve: Serve) -> Response:
                changed = change(request)
                return changed if isinstance(changed, Response) else await serve(changed or request)

            return fault

        CATALOGUE.append(Mutant(requirement, _name(change), make, traffic))

    return register


def after(requirement: str) -> Callable[[Callable[[Request, Response], Response | bytes | None]], None]:
    """Register a fault in what is answered: it returns another answer, or None for no change."""

    def register(change: Callable[[Request, Response], Response | bytes | None]) -> None:
        def make() -> Fault:
            async def fault(request: Request, serve: Serve) -> Response | bytes:
                response = await serve(request)
                changed = change(request, response)
                return response if changed is None else changed

            return fault

        CATALOGUE.append(Mutant(requirement, _name(change), make))

    return register


def faulty(requirement: str) -> Callable[[Callable[[], Fault]], None]:
    """Register a fault that sees both sides, and may remember."""

    def register(make: Callable[[], Fault]) -> None:
        CATALOGUE.append(Mutant(requirement, _name(make), make))

    return register
