"""A terminal that was called answers, or stops ringing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import MISSING

from uapi.sandbox.calls import ON_CALL, OTHER_SIDE_RINGING, RINGING, View, stamp
from uapi.sandbox.plans import SECOND, End, Ring, ring
from uapi.sandbox.telephony.members import (
    between,
    flow,
    next_view_id,
    on_call,
    pruned,
    swapped,
    without_party,
    without_view,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uapi.sandbox.calls import Call
    from uapi.sandbox.plans import Party


def picked_up(call: Call, now: int) -> Call:
    """Return the call after whoever it rings for next picked up; where nobody is being called, all are connected."""
    ringing = [event for event in call.plan.due if isinstance(event, Ring)]
    if ringing:
        return answered(call, min(ringing, key=lambda event: event.at), now)
    connected = call.each(lambda view: view if view.is_answered else on_call(view, stamp(now)))
    return connected.model_copy(update={"answered": call.answered or stamp(now)})


def answered(call: Call, event: Ring, now: int) -> Call:
    """Return the call after a terminal that rang for it was answered."""
    heard = call.planned(due=tuple(each for each in call.plan.due if each != event))
    match event.purpose:
        case "source":
            return source_answered(heard, event.number, now)
        case "destination":
            return destination_answered(heard, event.number, now)
        case "pick-up":
            return _picked_up(heard, event, now)
        case "unpark":
            return _unparked(heard, event, now)
        case "join":
            return _joined(heard, event, now)
        case "transfer":
            return _transferred(heard, event, now)


def unanswered(call: Call, event: Ring) -> Call | None:
    """Return the call after a terminal stopped ringing, or None where it ends with that: nobody else rings for it."""
    left = call.planned(due=tuple(each for each in call.plan.due if each != event))
    if event.purpose in {"source", "destination"}:
        others = [each.number for each in rings(left, event.purpose)]
        if not others:
            return None
        left = left.each(lambda view: _narrowed(view, event.purpose, others))
        return without_view(left, event.view) if event.view else left
    return without_party(left, event.number) if event.purpose == "transfer" and event.view else left


def rings(call: Call, purpose: str) -> list[Ring]:
    """Return the terminals that ring for a purpose."""
    return [event for event in call.plan.due if isinstance(event, Ring) and event.purpose == purpose]


def source_answered(call: Call, number: str, now: int) -> Call:
    """Return the call after the first of its sources picked up: the others are left alone, the destinations called."""
    chosen = _chosen(call, "source", number)

    def change(view: View) -> View:
        mine = {"answered": stamp(now)} if view.extension == number else {}
        return view.but(status=OTHER_SIDE_RINGING, ringing=MISSING, **mine)

    return called(chosen.each(change), call.plan.destinations, now)


def called(call: Call, parties: Sequence[Party], now: int) -> Call:
    """Return the call with its destinations ringing, each extension among them with a view of its own."""
    plan = call.plan
    views, events = list(call.phoneCallView), []
    [first, *_] = views
    for party in parties:
        own = None
        if party.is_local:
            own = View(
                id=next_view_id(call.of_views(views)),
                extension=party.number,
                source=first.source,
                destination=first.destination,
                callerId=plan.destination_caller_id or MISSING,
                flow=flow(party.number, first.source, first.destination),
                status=RINGING,
                ringing=stamp(now),
            )
            views.append(own)
        events.append(ring(party, "destination", now, plan.wait, view=own.id if own else None))
    return call.of_views(views).planned(due=(*plan.due, *events), destinations=())


def destination_answered(call: Call, number: str, now: int) -> Call:
    """Return the call after the first of its destinations picked up: all who are left are connected."""
    chosen = _chosen(call, "destination", number)
    connected = chosen.each(lambda view: on_call(view, stamp(now)))
    connected = connected.model_copy(update={"answered": call.answered or stamp(now)})
    if call.plan.duration is None:
        return pruned(connected)
    return pruned(connected.planned(duration=None).expecting(End(at=now + call.plan.duration * SECOND)))


def _chosen(call: Call, purpose: str, number: str) -> Call:
    """Return the call with one of several sources or destinations, the one that picked up."""
    others = rings(call, purpose)
    left = call.planned(due=tuple(event for event in call.plan.due if event not in others))
    for other in others:
        if other.view and other.number != number:
            left = without_view(left, other.view)
    return left.each(lambda view: _narrowed(view, purpose, [number]))


def _narrowed(view: View, purpose: str, numbers: list[str]) -> View:
    if purpose == "source":
        return between(view, numbers, view.destination)
    return between(view, view.source, numbers)


def _picked_up(call: Call, event: Ring, now: int) -> Call:
    """Return the call after another terminal answered in the place of the one that rings, and took over its part."""
    if event.view is None or (view := call.view(event.view)) is None:
        return call
    own = next((each for each in call.plan.due if isinstance(each, Ring) and _rings_at(each, view.id)), None)
    there = _replaced(call, view, event)
    part = Ring(at=now, answered=True, purpose="destination", number=event.number, view=None)
    if own is not None:
        part = own.model_copy(update={"number": event.number, "view": next_view_id(call)})
    return answered(there, part, now)


def _rings_at(event: Ring, view_id: str) -> bool:
    return event.view == view_id and event.purpose in {"source", "destination", "transfer"}


def _unparked(call: Call, event: Ring, now: int) -> Call:
    """Return the call after a terminal took the place of the party that had parked it."""
    if event.view is None or (view := call.view(event.view)) is None:
        return call
    back = view.but(parked=MISSING, parkedPos=MISSING, parkedBy=MISSING)
    return _connected_in_place(call.with_views([back]), back, event, now)


def _connected_in_place(call: Call, view: View, event: Ring, now: int) -> Call:
    if event.number == view.extension:
        return pruned(call)
    new = next_view_id(call)
    there = _replaced(call, view, event)
    fresh = there.view(new)
    return pruned(there.with_views([on_call(fresh, stamp(now))] if fresh else []))


def _replaced(call: Call, view: View, event: Ring) -> Call:
    """Return the call with the party of a ring in the place of that of a view; what it did with the call is gone."""
    fresh = View(
        id=next_view_id(call),
        extension=event.number,
        source=view.source,
        destination=view.destination,
        callerId=event.caller_id or MISSING,
        flow=view.flow,
        status=view.status,
        ringing=view.ringing,
    )
    views = [fresh if each.id == view.id else each for each in call.phoneCallView]
    return swapped(call.of_views(views), view.extension, event.number)


def _joined(call: Call, event: Ring, now: int) -> Call:
    """Return the call with a further party, who is connected with that of a view."""
    if event.view is None or (view := call.view(event.view)) is None:
        return call
    source, destination = [event.number], [view.extension]
    joined = View(
        id=next_view_id(call),
        extension=event.number,
        source=source,
        destination=destination,
        callerId=event.caller_id or MISSING,
        flow=flow(event.number, source, destination),
        status=ON_CALL,
        answered=stamp(now),
    )
    return call.of_views([*call.phoneCallView, joined])


def _transferred(call: Call, event: Ring, now: int) -> Call:
    """Return the call after the aim of a transfer answered; who transferred it has left."""
    leaves = event.leaves or ""
    there = swapped(call, leaves, event.number)
    if event.view and (view := there.view(event.view)):
        there = there.with_views([on_call(view, stamp(now))])
    for view in call.phoneCallView:
        if view.extension == leaves:
            there = without_view(there, view.id)
    return pruned(there)
