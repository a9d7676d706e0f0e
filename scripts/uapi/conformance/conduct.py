"""Conducts a run from the first request to the reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from uapi.conformance.baseline import compare
from uapi.conformance.budget import Budget
from uapi.conformance.calls import phone_call
from uapi.conformance.errors import ConformanceError
from uapi.conformance.outcome import Verdict
from uapi.conformance.plugin import run_suite
from uapi.conformance.probe import Probe
from uapi.conformance.register import profile
from uapi.conformance.report.document import document
from uapi.conformance.report.files import prepare, write
from uapi.conformance.run import Run
from uapi.conformance.safety import confirm, restored
from uapi.conformance.session import Session, preflight

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from uapi.conformance.baseline import Comparison, Expectation
    from uapi.conformance.register import Requirement
    from uapi.conformance.report.terminal import Progress
    from uapi.conformance.target import Target

DIFFERENT = 1
"""The exit code of a run that does not show what was expected."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a run."""

    profile: str
    budget: Budget
    seed: int
    output: Path
    only: Sequence[str] = ()
    """Ids of requirements, where not all of the profile are asked for. Requests are not generated then."""
    expectations: Sequence[Expectation] | None = None
    """Failures that are known, None where the run is not held against any."""

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """The requirements that are asked for. Raises ConformanceError for a profile or an id that does not exist."""
        rows = profile(self.profile)
        known = {row.id for row in rows}
        for requirement in self.only:
            if requirement not in known:
                hint = "'uapi conformance explain' lists all requirements."
                message = f"the profile {self.profile} has no requirement {requirement!r}"
                raise ConformanceError(message, where="--only", hint=hint)
        return tuple(row for row in rows if not self.only or row.id in self.only)

    @property
    def title(self) -> str:
        """The name of what is asked for, which says so where it is not the whole profile."""
        return f"{self.profile}, only {', '.join(self.only)}" if self.only else self.profile


def conduct(target: Target, order: Order, progress: Progress, title: str) -> int:
    """Test a target, write the reports, and return the exit code.

    Whatever happens on the way, what the run started is stopped, and what was found is reported. Raises a
    ConformanceError where the run cannot begin.
    """
    requirements = order.requirements
    confirm(target)
    prepare(order.output)
    with Session(target) as session:
        probe = Probe(session)
        preflight(session, probe.first_request())
        with phone_call(session), restored(probe) as interruption:
            budget = Budget() if order.only else order.budget
            run = Run(probe, order.title, requirements, order.seed, budget)
            progress.begin(run, title)
            complete = run_suite(run, progress)
            judged = run.finish()
            comparison = _compared(run, order)
            report = document(run, judged, comparison)
            progress.end(report, write(report, order.output))
            told = len(session.warnings)
        progress.warn(session.warnings[told:])
        if interruption.exit_code is not None:
            return interruption.exit_code
        if not complete:
            raise ConformanceError("the suite did not run to its end", hint="The reports tell what was looked at.")
        return _exit_code(judged, comparison)


def _compared(run: Run, order: Order) -> Comparison | None:
    if order.expectations is None:
        return None
    return compare(run.results.values(), order.expectations, datetime.now(UTC).date())


def _exit_code(judged: Verdict, comparison: Comparison | None) -> int:
    if comparison is None:
        return judged.exit_code
    if not comparison.holds:
        return DIFFERENT
    return 0 if judged is Verdict.NOT_CONFORMANT else judged.exit_code
