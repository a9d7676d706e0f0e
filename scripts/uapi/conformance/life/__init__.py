"""The life of phone calls: sequences of steps on calls that the kit placed, compared with a small reference model.

A call is held, recorded, parked, taken out and hung up, in any order, with refused requests in between. After each step
the call, as a GET or a list shows it, has to be what the steps so far have made of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import seed
from hypothesis.stateful import run_state_machine_as_test

from uapi.conformance.falsify import Falsifier, bounded
from uapi.conformance.finding import Excluded, NotExercised
from uapi.conformance.inquiry import Exhausted
from uapi.conformance.life.course import Course
from uapi.conformance.life.machine import machine
from uapi.conformance.life.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.inquiry import Inquiry, Violation

__all__ = ["live"]


def live(inquiry: Inquiry, *, scenarios: int, steps: int, start: int) -> Iterator[Violation]:
    """Lead phone calls through their life; yield a violation of each requirement that they find violated.

    `start` is the seed. Raises Exhausted where no call can be placed, of which the checks tell more.
    """
    falsifier = Falsifier(inquiry)
    course = Course(inquiry, falsifier)
    led, settings = seed(start)(machine(course)), bounded(scenarios, steps=steps)
    try:
        # What follows a MUST in a sequence is more often due to it than a finding of its own.
        yield from falsifier.violations(lambda: sweep(course), until="MUST")
        yield from falsifier.violations(lambda: run_state_machine_as_test(led, settings=settings), until="MUST")
    except (NotExercised, Excluded) as finding:
        raise Exhausted(finding.message) from finding
