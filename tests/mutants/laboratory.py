"""Puts one server under the kit: the sandbox behind a fault, tested over real HTTP like any other target."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from mutants.server import Server
from mutants.world import ROLES, WORLD
from uapi.conformance.budget import BUDGETS, Budget
from uapi.conformance.checks import ACTIONS
from uapi.conformance.errors import ConformanceError
from uapi.conformance.probe import Probe
from uapi.conformance.register import TELEPHONY, profile
from uapi.conformance.run import Run
from uapi.conformance.safety import look
from uapi.conformance.session import Session
from uapi.sandbox.app import create_sandbox
from uapi.sandbox.crowd import crowded
from uapi.sandbox.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from mutants.messages import Request, Response
    from mutants.mutant import Fault, Serve
    from uapi.conformance.outcome import Verdict
    from uapi.conformance.run import Phase
    from uapi.conformance.target import Target

CHECKS: Final = "checks"
"""The least budget: the deterministic checks by themselves."""
BRIEF: Final = "brief"
"""A little of each phase."""
BY_NAME: Final[Mapping[str, Budget]] = {
    CHECKS: Budget(),
    BRIEF: Budget(coverage="light", examples=1, links=True, scenarios=1, steps=10),
    **BUDGETS,
}


RECORDING: Final = ("recording", profile("recording"))
SERVICE: Final = (TELEPHONY, tuple(row for row in profile(TELEPHONY) if row.profile == TELEPHONY))
"""What a run is about: the name of a profile, and its rows. What both profiles have is the same in both."""


async def faultless(request: Request, serve: Serve) -> Response:
    """Serve as the sandbox does."""
    return await serve(request)


def carried_out(run: Run) -> Verdict:
    """Carry a run out as the suite does: checks that act, explorations, and checks that observe; return its verdict."""
    for requirement in run.acting:
        run.decide(requirement)
    for exploration in run.explorations:
        run.explore(exploration)
    for requirement in run.observing:
        run.decide(requirement)
    return run.finish()


class Laboratory:
    """Serves mutants one after the other, each on a sandbox of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = Server()
        self._count = 0

    def close(self) -> None:
        self._server.close()

    @contextmanager
    def probe(
        self,
        fault: Fault = faultless,
        roles: Target = ROLES,
        *,
        telephony: bool = False,
        calls: int = 1,
        **features: bool,
    ) -> Iterator[Probe]:
        """Serve a fault; yield a probe on it, as the kit uses it.

        With `telephony` it may place phone calls; `calls` is how many times the one under test goes on.
        """
        self._count += 1
        world, _ = crowded(WORLD, calls)
        with Store(self._folder / f"{self._count}.sqlite", world, lambda: datetime.now(UTC)) as store:
            app = create_sandbox(world, store)
            with self._server.serving(app, fault) as base_url:
                offered = roles.features.model_copy(update=features)
                target = roles.model_copy(update={"base_url": base_url, "features": offered})
                with Session(target, telephony=telephony) as session:
                    yield Probe(session)

    def examine(
        self,
        fault: Fault = faultless,
        budget: str = CHECKS,
        *,
        seed: int = 1,
        roles: Target = ROLES,
        telephony: bool = False,
        calls: int = 1,
        only: str | None = None,
        **features: bool,
    ) -> Run:
        """Have the whole kit test a fault, as far as a budget goes; return the run when it is over.

        The order is that of the kit's suite: checks that act, explorations, and checks that observe. A server on
        which `uapi conformance` would not begin, since it can read nothing of it, is tested all the same. With
        `telephony` it is about the rows for which phone calls are placed, and about them alone; with `only` about one
        row, if that is decided by a check that acts: all of them take a while, and need not be looked at for a kill.
        """
        with self.probe(fault, roles, telephony=telephony, calls=calls, **features) as probe:
            with suppress(ConformanceError):
                look(probe)
            name, rows = SERVICE if telephony else RECORDING
            if only in ACTIONS:
                rows = tuple(row for row in rows if row.id == only)
            run = Run(probe, name, rows, seed, BY_NAME[budget])
            carried_out(run)
            return run

    def explore(
        self,
        fault: Fault,
        budget: str,
        phase: Phase,
        *,
        roles: Target = ROLES,
        telephony: bool = False,
        **features: bool,
    ) -> Run:
        """Have one phase of the kit test a fault, as far as a budget goes; return the run when it is over."""
        with self.probe(fault, roles, telephony=telephony, **features) as probe:
            run = Run(probe, *(SERVICE if telephony else RECORDING), 1, BY_NAME[budget])
            for exploration in run.explorations:
                if exploration.phase == phase:
                    run.explore(exploration)
            return run
