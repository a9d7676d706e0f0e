"""Conducts a run for the command line, from the first request to the exit code."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from uapi.conformance.course import concluded, given_up, opened
from uapi.conformance.errors import ConformanceError
from uapi.conformance.interruption import Terminated, undisturbed
from uapi.conformance.launch import run_suite
from uapi.conformance.outcome import Verdict
from uapi.conformance.probe import Probe
from uapi.conformance.report.files import prepare, write
from uapi.conformance.run import Run
from uapi.conformance.safety import confirm
from uapi.conformance.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from uapi.conformance.course import Conclusion
    from uapi.conformance.order import Order
    from uapi.conformance.report.terminal import Progress
    from uapi.conformance.target import Target

DIFFERENT = 1
"""The exit code of a run that does not show what was expected."""


def conduct(target: Target, order: Order, output: Path, progress: Progress, title: str) -> int:
    """Test a target, write the reports into a folder, and return the exit code.

    Whatever happens on the way, what the run started is stopped, and what was found is reported. Raises a
    ConformanceError where the run cannot begin; the reports then say why nothing was looked at.
    """
    requirements = order.requirements
    confirm(target, places_calls=order.places_calls(target))
    prepare(output)
    with Session(target, telephony=order.places_calls(target)) as session:
        run = Run(Probe(session), order.title, requirements, order.seed, order.spent)
        with ExitStack() as stack:
            try:
                interruption = stack.enter_context(opened(run.probe, order.workers))
                progress.begin(run, title)
                complete = run_suite(run, progress, order.workers)
            except (ConformanceError, Terminated) as reason:
                with undisturbed():
                    progress.tell(write(given_up(run, order, reason).report, output))
                if isinstance(reason, Terminated):
                    progress.warn([reason.message])
                    return reason.exit_code
                raise
            with undisturbed():
                conclusion = concluded(run, order)
                progress.end(conclusion.report)
                progress.tell(write(conclusion.report, output))
            told = len(session.warnings)
        progress.warn(session.warnings[told:])
        if interruption.exit_code is not None:
            return interruption.exit_code
        if not complete:
            raise ConformanceError("the suite did not run to its end", hint="The reports tell what was looked at.")
        return _exit_code(conclusion)


def _exit_code(conclusion: Conclusion) -> int:
    judged, comparison = conclusion.verdict, conclusion.comparison
    if comparison is None:
        return judged.exit_code
    if not comparison.holds:
        return DIFFERENT
    return 0 if judged is Verdict.NOT_CONFORMANT else judged.exit_code
