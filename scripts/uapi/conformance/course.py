"""The course of a run: how it begins and how it ends, the same for every way to start the kit."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from uapi.conformance.baseline import compare
from uapi.conformance.calls import phone_calls
from uapi.conformance.errors import ConformanceError
from uapi.conformance.interruption import interruptible
from uapi.conformance.report.document import document
from uapi.conformance.safety import confirm, restored
from uapi.conformance.session import preflight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.baseline import Comparison
    from uapi.conformance.interruption import Interruption, Terminated
    from uapi.conformance.order import Order
    from uapi.conformance.outcome import Verdict
    from uapi.conformance.probe import Probe
    from uapi.conformance.run import Run


@contextmanager
def opened(probe: Probe, workers: int = 1) -> Iterator[Interruption]:
    """Make a target ready to be tested, with a phone call for each worker; leave it as it was found.

    Whatever happens in between, what the kit started is stopped. Raises a ConformanceError where the run cannot begin:
    nobody permitted it, the target is not there or refuses the caller, or no phone call fits.
    """
    session = probe.session
    try:
        confirm(session.target, places_calls=session.guard.telephony)
        with interruptible():  # a phone call that was placed is hung up also where nothing was started yet
            preflight(session, probe.first_request())
            with phone_calls(session, workers), restored(probe) as interruption:
                yield interruption
    except ConformanceError as error:
        raise error.without(session.secrets) from None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a run comes to."""

    verdict: Verdict
    comparison: Comparison | None
    """The run held against the failures that are known, None where it is not."""
    report: dict[str, Any]


def given_up(run: Run, order: Order, reason: ConformanceError | Terminated) -> Conclusion:
    """Judge a run that could not begin, or was ended before it did: the report says why nothing was looked at."""
    session = run.probe.session
    failed = isinstance(reason, ConformanceError)
    session.gone = f"the run could not begin: {reason.message}" if failed else reason.message
    session.warn(session.gone)
    return concluded(run, order)


def concluded(run: Run, order: Order) -> Conclusion:
    """Stop what a run started, and judge it. It may have been interrupted; nothing that it found is lost."""
    judged = run.finish()
    comparison = None
    if order.expectations is not None:
        comparison = compare(run.results.values(), order.expectations, datetime.now(UTC).date())
    return Conclusion(judged, comparison, document(run, judged, comparison))
