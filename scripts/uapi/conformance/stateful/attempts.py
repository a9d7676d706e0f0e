"""The requests that have to be refused, whatever the state of the phone call, and must not change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from uapi.conformance.checks.authentication import UNKNOWN_TOKEN, foreign_places
from uapi.conformance.exploration.flaw import Flaw, flawed
from uapi.conformance.exploration.inputs import Fault
from uapi.conformance.exploration.request import UPDATE, Grounded
from uapi.conformance.probe import NO_SUCH_VIEW
from uapi.conformance.stateful.dialogue import START, STOP, VIEW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.probe import Probe


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request that is to be refused: what it is, and which requirements a wrong answer and a change violate."""

    name: str
    grounded: Grounded
    answer: str
    """The requirement that tells how it is refused; the flaws of the request say it more precisely."""
    change: str = "REC-025"
    """The requirement that is violated where the refused request changes a recording."""


def attempts(probe: Probe, view: str) -> Iterator[Attempt]:
    """Yield what is to be refused on a view of the phone call, as far as the target offers it and names principals."""
    start = Grounded(UPDATE, probe.place, body={"action": START, VIEW: view})
    actions = [start]
    if probe.target.features.stop_recording:
        actions.append(start.with_members(action=STOP))
    for name, body, flaw in _wrong(view, stops=len(actions) > 1):
        yield Attempt(name, start.but(body=body, flaws=(flaw,)), flaw.requirement)
    for action in actions:
        flaw = Flaw("HTTP-007", statuses=frozenset({400, 415}))
        plain = action.but(media_type="text/plain", flaws=(flaw,))
        yield Attempt(f"{action.action} as text/plain", plain, flaw.requirement, "HTTP-007")
        denied = action.but(principal=None)
        yield Attempt(f"{action.action} without a token", denied, "AUTH-003", "AUTH-008")
        unknown = action.but(principal=None, token=UNKNOWN_TOKEN)
        yield Attempt(f"{action.action} with an unknown token", unknown, "AUTH-004", "AUTH-008")
        if probe.target.stranger is not None:
            for place in foreign_places(probe):
                foreign = action.but(place=place, principal="stranger")
                yield Attempt(
                    f"{action.action} by the stranger, as {place.user}/{place.extension}",
                    foreign,
                    "AUTH-009",
                    "AUTH-009",
                )


def _wrong(view: str, *, stops: bool) -> Iterator[tuple[str, Any, Flaw]]:
    """Yield bodies that are wrong in one way each."""
    start = {"action": START, VIEW: view}
    yield "an unknown format", {**start, "format": "mp3"}, flawed((START, "format"), Fault.MALFORMED)
    yield "a format in other letters", {**start, "format": "WAV"}, flawed((START, "format"), Fault.MALFORMED)
    yield "a null format", {**start, "format": None}, flawed((START, "format"), Fault.TYPE)
    yield "an unknown view", {**start, VIEW: NO_SUCH_VIEW}, flawed((START, VIEW), Fault.UNKNOWN)
    yield "a view in an array", {**start, VIEW: [view]}, flawed((START, VIEW), Fault.TYPE)
    yield "a start without a view", {"action": START}, flawed((START, VIEW), Fault.MISSING)
    yield "an unknown action", {**start, "action": "NoSuchAction"}, Flaw("REC-022", statuses=frozenset({400, 501}))
    yield "a body without an action", {VIEW: view}, Flaw("REC-021")
    yield "a body in an array", [start], Flaw("REC-020")
    yield "a malformed body", b'{"action": "StartRecording", "phoneCallViewId": "' + view.encode(), Flaw("REC-019")
    if stops:
        yield "a stop without a view", {"action": STOP}, flawed((STOP, VIEW), Fault.MISSING)
        yield "a stop of an unknown view", {"action": STOP, VIEW: NO_SUCH_VIEW}, flawed((STOP, VIEW), Fault.UNKNOWN)
