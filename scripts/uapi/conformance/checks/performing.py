"""Carries out actions on phone calls that the kit placed, for checks that look at what comes of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import short, views_of
from uapi.conformance.checks import expect
from uapi.conformance.finding import Failed, NotExercised
from uapi.conformance.line import ACTIONS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.line import Placed
    from uapi.conformance.probe import Probe

OK: Final = 200
ROWS: Final = {
    "OnHold": "ACT-020",
    "OffHold": "ACT-025",
    "PickUp": "ACT-030",
    "Park": "ACT-040",
    "UnPark": "ACT-048",
    "BargeIn": "ACT-060",
    "Whisper": "ACT-065",
    "Monitor": "ACT-070",
    "Transfer": "ACT-075",
    "TransferToVoicemail": "ACT-085",
}
"""Each action with the requirement by which it is carried out."""
TRANSFERS: Final = frozenset({"Transfer", "TransferToVoicemail"})
"""Actions that name two numbers and no view."""
CALLING: Final = frozenset(ROWS) - {"OnHold", "OffHold", "Park"}
"""Actions for which an extension is called."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A phone call in the state that an action is for."""

    action: str
    call: Placed
    """The call; its `view` is the one that the action is about."""
    members: Mapping[str, Any]
    """What the request needs beside `action` and `phoneCallViewId`."""

    def act(self, probe: Probe, **members: object) -> Exchange:
        """Send the action; `members` replace its own, and None leaves one out."""
        body: dict[str, Any] = {**self.members, **members}
        return probe.telephone.act(self.call, self.action, **body)


def offered(probe: Probe) -> tuple[str, ...]:
    """Return the actions that the target offers, except those that record."""
    features = probe.target.features
    return tuple(action for name, actions in ACTIONS_OF.items() if features.offers(name) for action in actions)


@contextmanager
def scene(probe: Probe, action: str, *, other: bool = False) -> Iterator[Scene]:
    """Yield a phone call in the state that an action is for; raise NotExercised where there is none.

    The action is about the view of the source; with `other` about that of the destination. Afterwards the call is taken
    back from hold, and one that rings is hung up. Any other is left as it is: the telephone notices whether it can
    serve once more.
    """
    telephone = probe.telephone
    if action == "PickUp":
        call = telephone.ringing()
    elif action == "UnPark":
        call = parked(probe)[0]
    else:
        call = talking(probe, other=other)
    if action == "OffHold":
        _carried_out(probe, "OnHold", call, telephone.act(call, "OnHold"))
    try:
        yield Scene(action, call, _members(probe, action, call))
    finally:
        if action == "PickUp":
            telephone.end(call)
        elif action == "OnHold":
            telephone.act(call, "OffHold")


def talking(probe: Probe, *, other: bool) -> Placed:
    """Return a talking call whose `view` is that of its source, or of its destination."""
    call = probe.telephone.talking()
    return replace(call, view=call.other_view, other_view=call.view) if other else call


def _members(probe: Probe, action: str, call: Placed) -> dict[str, Any]:
    members: dict[str, Any] = {}
    if action in CALLING:
        members["sendCallTo"] = probe.telephone.role("second_extension")
    if action in TRANSFERS:
        members |= {"phoneCallViewId": None, "transferFromNumber": call.source, "transferNumber": call.destination}
    return members


def parked(probe: Probe) -> tuple[Placed, Exchange]:
    """Park a talking call; return it with the view that is parked as `view`, and the exchange.

    Raises NotExercised where that does not succeed.
    """
    call = probe.telephone.talking()
    exchange = probe.telephone.act(call, "Park")
    _carried_out(probe, "Park", call, exchange)
    found = parked_view(shown(probe, call))
    if found is None:
        raise NotExercised("no view of the call is parked, which is for ACT-041 to say", exchange)
    return replace(call, view=str(found["id"])), exchange


@contextmanager
def done(probe: Probe, action: str, *, other: bool = False, **members: object) -> Iterator[tuple[Placed, Exchange]]:
    """Carry out an action; yield the call and the exchange.

    Raises NotExercised where it is not answered with 200, which has a row of its own.
    """
    with scene(probe, action, other=other) as ready:
        exchange = ready.act(probe, **members)
        _carried_out(probe, action, ready.call, exchange)
        yield ready.call, exchange


def _carried_out(probe: Probe, action: str, call: Placed, exchange: Exchange) -> None:
    if exchange.status != OK:
        shown(probe, call)
        raise NotExercised(f"the {action} was not carried out, which is for {ROWS[action]} to say", exchange)


def attempt(probe: Probe, action: str, **members: object) -> Exchange:
    """Send an action to a phone call that is ready for it; return the exchange, whatever the answer is."""
    with scene(probe, action) as ready:
        exchange = ready.act(probe, **members)
        if exchange.status != OK:
            shown(probe, ready.call)
        return exchange


def expect_served(probe: Probe, action: str, *forms: Mapping[str, Any]) -> None:
    """Expect an action to be answered with 200 in one of the forms that a request may have."""
    exchanges = []
    for form in forms or ({},):
        exchanges.append(attempt(probe, action, **form))
        if exchanges[-1].status == OK:
            return
    expect.status(exchanges[0], OK)


def expect_accepted(probe: Probe, action: str, form: Mapping[str, Any], *others: Mapping[str, Any]) -> None:
    """Expect an action to be answered with 200 in a certain form; raise NotExercised where it is in no other, either.

    The other forms are sent only where they are needed.
    """
    exchange = attempt(probe, action, **form)
    if exchange.status == OK:
        return
    if not any(attempt(probe, action, **other).status == OK for other in others):
        message = f"the {action} was carried out in no form at all, which is for {ROWS[action]} to say"
        raise NotExercised(message, exchange)
    expect.status(exchange, OK)


# What is seen


def shown(probe: Probe, call: Placed) -> dict[str, Any]:
    """Return a phone call as the target shows it now; raise NotExercised where its parties have hung up."""
    if (found := probe.telephone.shown(call)) is None:
        raise NotExercised(f"the phone call {call.id} has ended meanwhile", probe.session.exchanges[-1])
    return found


def answer_of(exchange: Exchange, call: Placed) -> dict[str, Any]:
    """Return the phone call of an answer; raise NotExercised where it is not the one that was named (ACT-011)."""
    try:
        return the_call(exchange, call)
    except Failed as finding:
        raise NotExercised(f"{finding.message}, which is for ACT-011 to say", exchange) from finding


def the_call(exchange: Exchange, call: Placed) -> dict[str, Any]:
    """Expect the answer to be a phone call, alone or in an array, and the one that was named; return it."""
    value = expect.body(exchange)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict) or "phoneCallView" not in value:
        raise Failed("the answer is not one phone call", exchange)
    if value.get("id") != call.id:
        raise Failed(f"the answer is about the phone call {value.get('id')!r}, not {call.id}", exchange)
    return value


def view_of(call: Mapping[str, Any], view: str) -> dict[str, Any]:
    """Return a view of a phone call by its id, empty where there is none."""
    return next((found for found in views_of(call) if found.get("id") == view), {})


def parked_view(call: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the view of a phone call that is parked, None where none is."""
    return next((view for view in views_of(call) if view.get("parked") is not None), None)


def has_view(call: Mapping[str, Any], extension: str, *statuses: str) -> bool:
    """Tell whether a phone call has a view of an extension, in whatever form; where statuses are given, in one."""
    return any(
        short(view.get("extension")) == short(extension) and (not statuses or str(view.get("status")) in statuses)
        for view in views_of(call)
    )


def expect_view(probe: Probe, call: Placed, extension: str, exchange: Exchange) -> dict[str, Any]:
    """Expect a phone call to get a view of an extension, as soon as its terminal has answered; return the call."""
    seconds = probe.telephone.numbers.answer_timeout_seconds
    found = probe.telephone.until(call, lambda seen: seen is None or has_view(seen, extension), seconds)
    look = probe.session.exchanges[-1]
    if found is None:
        raise NotExercised(f"the phone call {call.id} has ended meanwhile", look)
    if not has_view(found, extension):
        raise Failed(
            f"the phone call has no view of the extension {extension} after {seconds:g} seconds", exchange, look
        )
    return found
