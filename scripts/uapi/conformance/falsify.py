"""Runs a Hypothesis test for its findings: seeded, quiet, without a database, and never for longer than it may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.errors import Flaky

from uapi.conformance.inquiry import Exhausted, Violation
from uapi.conformance.register import register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from uapi.conformance.inquiry import Inquiry

MAX_FINDINGS: Final = 5
"""How many requirements one phase may find violated before it gives up looking for more."""


def bounded(examples: int, *, steps: int = 1) -> settings:
    """Return the settings of a test with a number of examples, each of a number of steps at most."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        print_blob=False,
    )


class Falsifier:
    """Repeats a test until it finds nothing new, and keeps the smallest example of each violation."""

    def __init__(self, inquiry: Inquiry) -> None:
        """Look for what an inquiry may accuse its target of."""
        self._inquiry = inquiry
        self._smallest: Violation | None = None

    def found(self, violation: Violation) -> Violation:
        """Keep a violation that a test is about to raise; only smaller examples of it are of interest now.

        Raises Exhausted where the violation is none, since the phone call has ended.
        """
        self._inquiry.verify(violation)
        self._smallest = violation
        self._inquiry.shrink(violation.requirement)
        return violation

    def violations(self, test: Callable[[], None], *, until: str | None = None) -> Iterator[Violation]:
        """Yield a violation of each requirement that the test finds; raise Exhausted where it is time to give up.

        With `until`, a violation of that level is the last: what is found after it may well be due to it.
        """
        for _ in range(MAX_FINDINGS):
            exhausted = self._exhausted_by(test)
            if (found := self._smallest) is not None:
                self._inquiry.settle(found)
                yield found
            if exhausted is not None and not exhausted.of_shrinking:
                raise exhausted
            if found is None or register()[found.requirement].level == until:
                return

    def _exhausted_by(self, test: Callable[[], None]) -> Exhausted | None:
        """Run the test; return why it ended before its time, None where it did not."""
        self._smallest = None
        try:
            test()
        except (Violation, Flaky):
            # A Flaky is a violation that was not seen again: an intermittent fault. It was kept when it was seen.
            return None
        except Exhausted as reason:
            return reason
        return None
