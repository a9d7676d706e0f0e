"""A phone call is placed: its sources ring, or its destinations where the source is there already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import MISSING

from uapi.sandbox.calls import OTHER_SIDE_RINGING, RINGING, TRYING, Call, View, stamp
from uapi.sandbox.plans import WAIT, Plan, is_local, ring
from uapi.sandbox.telephony.answering import called
from uapi.sandbox.telephony.members import flow
from uapi.sandbox.telephony.refusing import refuse

if TYPE_CHECKING:
    from uapi.sandbox.plans import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A call that is to be placed, and charged to an extension.

    `wait` is how many seconds each of the terminals rings, `duration` how many the call lasts once it is answered.
    """

    extension: str
    sources: tuple[Party, ...]
    destinations: tuple[Party, ...]
    caller_id: str | None = None
    destination_caller_id: str | None = None
    nonce: str | None = None
    wait: int = WAIT
    duration: int | None = None
    transferable: bool = True

    @property
    def source_numbers(self) -> list[str]:
        """The numbers of the sources, each once."""
        return list(dict.fromkeys(party.number for party in self.sources))

    @property
    def destination_numbers(self) -> list[str]:
        """The numbers of the destinations, each once."""
        return list(dict.fromkeys(party.number for party in self.destinations))


def placed(order: Order, call_id: str, now: int) -> Call:
    """Return a call whose sources ring; the first that picks up is connected with the destination (D-65).

    Each source that is an extension has a view. Where none is, the extension that is charged has the view.
    """
    plan = _plan(order)
    views, events = [], []
    for index, party in enumerate(dict.fromkeys(order.sources)):
        own = None
        if party.is_local:
            own = _view(order, f"{index:02}", party.number, RINGING).but(ringing=stamp(now))
            views.append(own)
        events.append(ring(party, "source", now, order.wait, view=own.id if own else None))
    views = views or [_view(order, "00", order.extension, TRYING)]
    return _call(order, call_id, now, views, plan.model_copy(update={"due": tuple(events)}))


def invited(order: Order, call_id: str, now: int) -> Call:
    """Return a call whose source, a conference, is there already, and whose destinations ring."""
    views = [
        _view(order, "00", number, OTHER_SIDE_RINGING).but(answered=stamp(now))
        for number in order.source_numbers
        if is_local(number)
    ]
    return called(_call(order, call_id, now, views, _plan(order)), order.destinations, now)


def dialled(order: Order, call_id: str, now: int) -> Call:
    """Return a call that somebody has dialled: the other side rings, until somebody answers or hangs up.

    The view of the called party comes first, and has an id of its own also where the caller has no view.
    """
    views = [
        _view(order, "00", number, RINGING).but(ringing=stamp(now))
        for number in order.destination_numbers
        if is_local(number)
    ]
    views += [_view(order, "01", number, OTHER_SIDE_RINGING) for number in order.source_numbers if is_local(number)]
    return _call(order, call_id, now, views, Plan())


def _plan(order: Order) -> Plan:
    return Plan(
        destinations=tuple(dict.fromkeys(order.destinations)),
        destination_caller_id=order.destination_caller_id or order.caller_id,
        wait=order.wait,
        duration=order.duration,
        transferable=order.transferable,
    )


def _view(order: Order, view_id: str, extension: str, status: str) -> View:
    source, destination = order.source_numbers, order.destination_numbers
    return View(
        id=view_id,
        extension=extension,
        source=source,
        destination=destination,
        callerId=order.caller_id or MISSING,
        flow=flow(extension, source, destination),
        status=status,
    )


def _call(order: Order, call_id: str, now: int, views: list[View], plan: Plan) -> Call:
    if both := set(order.source_numbers).intersection(order.destination_numbers):
        refuse(f"{min(both)} is both a source and a destination. Send different numbers.")
    return Call(
        id=call_id,
        nonce=order.nonce,
        extension=order.extension,
        published=stamp(now),
        phoneCallView=tuple(views),
        plan=plan,
    )
