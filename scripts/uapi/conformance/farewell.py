"""Hangs up the phone calls that the kit placed, at the end of a run, however it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import entries_of
from uapi.conformance.finding import Failed, NotExercised
from uapi.conformance.line import Placed
from uapi.conformance.place import ALL, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.probe import Probe

EVERYWHERE: Final = "@self"
"""Whichever extension of the caller a call was placed with."""


def hang_up_all(probe: Probe) -> None:
    """Hang up every phone call that the kit placed, and see to it; the reader is told what may go on."""
    guard, session, telephone = probe.session.guard, probe.session, probe.telephone
    if guard.lost:
        session.resume()
        for found in _lost(probe):
            guard.adopt(found)
        guard.lost.clear()
    for phone_call in tuple(guard.placed):
        call = Placed(phone_call, EVERYWHERE, "", "")
        session.resume()
        if probe.target.features.hang_up:
            telephone.hang_up(call.place)
        if not _is_over(probe, call):
            session.warn(f"the phone call {phone_call}, which the kit placed, may go on: look at it")
        guard.ended(phone_call)  # only now: an interrupted clean-up is done again


def _lost(probe: Probe) -> Iterator[str]:
    """Yield the phone calls that were placed by requests whose answer did not tell an id, by their nonce."""
    session, lost = probe.session, probe.session.guard.lost
    entries: list[dict[str, Any]] = []
    if probe.target.features.list:
        try:
            entries = entries_of(probe.list(Place("@me", EVERYWHERE), query=ALL))
        except Failed:
            entries = []
    found = {str(entry.get("nonce")): entry["id"] for entry in entries if isinstance(entry.get("id"), str)}
    yield from (found[each] for each in lost if each in found)
    if any(each not in found for each in lost):
        session.warn("of a request to place a phone call no id is known: a phone call may go on, look at it")


def _is_over(probe: Probe, call: Placed) -> bool:
    try:
        return probe.telephone.shown(call) is None
    except NotExercised:
        return False
