"""The stateful phase: sequences of steps on the phone call under test, compared with a small reference model.

After each step the answer, and what a GET or a list shows, are compared with what the steps so far must have led to.
Each comparison names the requirement that it is made for: what cannot be attributed would be a defect of the kit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import seed
from hypothesis.stateful import run_state_machine_as_test

from uapi.conformance.answers import recordings_of
from uapi.conformance.checks import expect
from uapi.conformance.falsify import Falsifier, bounded
from uapi.conformance.finding import Finding
from uapi.conformance.stateful.attempts import attempts
from uapi.conformance.stateful.dialogue import Dialogue
from uapi.conformance.stateful.machine import machine
from uapi.conformance.stateful.steps import sweep
from uapi.conformance.stateful.together import Together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.inquiry import Inquiry, Violation
    from uapi.conformance.probe import Probe

__all__ = ["converse", "recordable"]


def converse(inquiry: Inquiry, *, scenarios: int, steps: int, start: int) -> Iterator[Violation]:
    """Lead sequences of steps; yield a violation of each requirement that they find violated.

    `start` is the seed: the same seed, contract and answers give the same sequences.
    """
    falsifier = Falsifier(inquiry)
    with Together(inquiry.probe.session) as together:
        dialogue = Dialogue(inquiry, falsifier, together, recordable(inquiry.probe))
        tried = [attempt for view in dialogue.views for attempt in attempts(inquiry.probe, view)]
        led, settings = seed(start)(machine(dialogue)), bounded(scenarios, steps=steps)
        try:
            # What follows a MUST in a sequence is more often due to it than a finding of its own.
            yield from falsifier.violations(lambda: sweep(dialogue, tried), until="MUST")
            yield from falsifier.violations(lambda: run_state_machine_as_test(led, settings=settings), until="MUST")
        finally:
            dialogue.end()


def recordable(probe: Probe) -> tuple[str, ...]:
    """Return the views that can be recorded: the one under test, and those whose start the target does not refuse.

    What somebody else records is left alone.
    """
    views = [probe.view]
    try:
        shown = probe.recordings() if probe.target.features.get else ()
        views += [view for view in shown if view != probe.view and not probe.is_foreign(view)]
    except Finding:
        return (probe.view,)
    taken = [view for view in views[1:] if _recorded(probe, view)]
    probe.quiet(*taken)
    return (probe.view, *taken)


def _recorded(probe: Probe, view: str) -> bool:
    """Tell whether a start of a view is served. One that is recorded already is taken for one that can be."""
    exchange = probe.start(view=view)
    try:
        return view in recordings_of(expect.updated(probe, exchange))
    except Finding:
        return False
