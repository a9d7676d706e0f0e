"""Puts one server under the kit: the sandbox behind a fault, tested over real HTTP like any other target."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mutants.server import Server
from mutants.world import ROLES, WORLD
from uapi.conformance.engine import decide
from uapi.conformance.probe import Probe
from uapi.conformance.register import register
from uapi.conformance.session import Session
from uapi.sandbox.app import create_sandbox
from uapi.sandbox.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from mutants.messages import Request, Response
    from mutants.mutant import Fault, Serve
    from uapi.conformance.outcome import Result


async def faultless(request: Request, serve: Serve) -> Response:
    """Serve as the sandbox does."""
    return await serve(request)


class Laboratory:
    """Serves mutants one after the other, each on a sandbox of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = Server()
        self._count = 0

    def close(self) -> None:
        self._server.close()

    @contextmanager
    def probe(self, fault: Fault = faultless, **features: bool) -> Iterator[Probe]:
        """Serve a fault; yield a probe on it, as the kit uses it."""
        self._count += 1
        with Store(self._folder / f"{self._count}.sqlite", WORLD, lambda: datetime.now(UTC)) as store:
            app = create_sandbox(WORLD, store)
            with self._server.serving(app, fault) as base_url:
                offered = ROLES.features.model_copy(update=features)
                target = ROLES.model_copy(update={"base_url": base_url, "features": offered})
                with Session(target) as session:
                    yield Probe(session)

    def decide(self, fault: Fault, requirements: Iterable[str]) -> list[Result]:
        """Have the kit decide requirements on a fault."""
        with self.probe(fault) as probe:
            return [decide(register()[requirement], probe) for requirement in requirements]
