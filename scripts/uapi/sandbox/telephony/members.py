"""Who takes part in a phone call: parties come, leave and take the place of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from pydantic import MISSING

from uapi.sandbox.calls import ON_CALL
from uapi.sandbox.plans import End, Return, Ring, is_local

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from uapi.sandbox.calls import Call, View
    from uapi.sandbox.plans import Event

LOCAL: Final = 2
OUTGOING: Final = 4
INCOMING: Final = 8
ALONE: Final = 2
"""A call of fewer parties has ended."""


def next_view_id(call: Call) -> str:
    """Return an id that no view of the call has: two digits, as the documentation's examples have them."""
    taken = [int(view.id) for view in call.phoneCallView if view.id.isdecimal()]
    return f"{max(taken, default=-1) + 1:02}"


def flow(extension: str, source: Sequence[str], destination: Sequence[str]) -> Literal[2, 4, 8]:
    """Return the direction of a call as an extension sees it (CALL-011)."""
    calls = extension in source or extension not in destination
    if any(is_local(number) for number in (destination if calls else source) if number != extension):
        return LOCAL
    return OUTGOING if calls else INCOMING


def between(view: View, source: Sequence[str], destination: Sequence[str]) -> View:
    """Return a view with other numbers."""
    return view.but(source=list(source), destination=list(destination), flow=flow(view.extension, source, destination))


def swapped(call: Call, old: str, new: str) -> Call:
    """Return the call with a number in the place of another one, wherever it stands."""

    def swap(view: View) -> View:
        source = _distinct(new if number == old else number for number in view.source)
        destination = _distinct(new if number == old else number for number in view.destination)
        return between(view, source, destination) if old in (*view.source, *view.destination) else view

    return call.each(swap)


def on_call(view: View, now: str) -> View:
    """Return a view of a party that is connected, now or since it answered."""
    return view.but(status=ON_CALL, ringing=MISSING, answered=now if view.answered is MISSING else view.answered)


def without_view(call: Call, view_id: str) -> Call:
    """Return the call without a view; the last one is kept, as that of the extension that is charged."""
    kept = [view for view in call.phoneCallView if view.id != view_id]
    if kept:
        return pruned(call.of_views(kept))
    [view] = call.phoneCallView
    gone = dict.fromkeys(("recording", "onHold", "holder", "parked", "parkedPos", "parkedBy"), MISSING)
    changed = view.but(extension=call.extension, **gone)
    return pruned(call.of_views([between(changed, changed.source, changed.destination)]))


def without_party(call: Call, number: str) -> Call | None:
    """Return the call after one of its parties left it, or None where it has ended with that (D-70)."""
    remaining = call.numbers - {number}
    if len(remaining) < ALONE:
        return None
    plan = call.plan
    left = call.planned(
        due=tuple(event for event in plan.due if not (isinstance(event, Ring) and event.number == number)),
        destinations=tuple(party for party in plan.destinations if party.number != number),
    )
    for view in call.phoneCallView:
        if view.extension == number:
            left = without_view(left, view.id)

    views = []
    for view in left.phoneCallView:
        source = [each for each in view.source if each != number]
        destination = [each for each in view.destination if each != number]
        if not (source and destination) and call.answered is None:
            return None
        source = source or sorted(remaining.difference(destination))
        destination = destination or sorted(remaining.difference(source))
        views.append(between(view, source, destination))
    return pruned(left.of_views(views))


def pruned(call: Call) -> Call:
    """Return the call without the events that have become pointless."""
    due = tuple(event for event in call.plan.due if _stands(call, event))
    return call if len(due) == len(call.plan.due) else call.planned(due=due)


def _stands(call: Call, event: Event) -> bool:
    match event:
        case End():
            return True
        case Return():
            return call.parked_view is not None
        case Ring(view=None):
            return True
        case Ring(view=str(view_id), purpose=purpose):
            view = call.view(view_id)
            return view is not None and {
                "pick-up": view.is_ringing,
                "unpark": view.is_parked,
                "join": view.is_on_call,
            }.get(purpose, True)
    return False


def _distinct(numbers: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(numbers))
