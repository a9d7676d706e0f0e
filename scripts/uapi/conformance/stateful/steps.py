"""The steps of a sequence: what is sent, what the answer has to be, and what is believed afterwards."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from uapi.conformance.answers import moment, recordings_of
from uapi.conformance.checks import expect
from uapi.conformance.checks.expect import CLOCK_TOLERANCE
from uapi.conformance.exploration.blame import blamed
from uapi.conformance.exploration.flaw import refused
from uapi.conformance.exploration.places import places
from uapi.conformance.reading import readable
from uapi.conformance.stateful.dialogue import START, STOP, Dialogue
from uapi.conformance.stateful.model import UNKNOWN, same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.exploration.request import Grounded
    from uapi.conformance.place import Place
    from uapi.conformance.stateful.attempts import Attempt

OK: Final = 200
UNSURE: Final = frozenset({204, 400})
"""How a second start and a stop of silence may be answered, besides with 200 (D-24, D-39)."""
DENIALS: Final = frozenset({401, 403})
DENIED: Final = frozenset({"AUTH-003", "AUTH-004"})


def reset(dialogue: Dialogue) -> None:
    """Begin a sequence, from silence where the target offers StopRecording."""
    dialogue.begin()
    for view in dialogue.views:
        # Also in silence: what is sent must not depend on how a race ended.
        if dialogue.inquiry.may_stop(view):
            stop(dialogue, view, dialogue.probe.place)


def start(dialogue: Dialogue, view: str, place: Place, recording_format: str | None) -> None:
    """Start the recording of a view."""
    asked = dialogue.asked(START, view, place)
    step = f"a start of {view} by {_way(place)}"
    if recording_format is not None:
        asked, step = asked.with_members(format=recording_format), f"{step} in {recording_format}"
    started(dialogue, view, asked, dialogue.say(asked, step))
    dialogue.look(lambda other: "REC-023" if other == view else "REC-005")


def _way(place: Place) -> str:
    return f"{place.user}/{place.extension}"


def started(
    dialogue: Dialogue, view: str, asked: Grounded, exchange: Exchange, *, besides: frozenset[str] = frozenset()
) -> None:
    """Compare the answer to a start. A second start may be refused, as long as the recording goes on (D-24)."""
    model, before = dialogue.model, dialogue.model.state(view)
    if exchange.status != OK or not readable(exchange):
        _unserved(dialogue, view, asked, exchange, pending=before is None, otherwise="REC-026")
        return
    call = dialogue.expected("REC-002", lambda: expect.updated(dialogue.probe, exchange))
    if call is None:
        model.forget(view)
        return
    if call.get("id") != dialogue.probe.place.phone_call:
        dialogue.accuse("REC-003", f"the answer is about the phone call {call.get('id')!r}")
    answer = recordings_of(call)
    since = answer.get(view)
    if not isinstance(since, str):
        dialogue.accuse("REC-004", "the named view of the answer carries no recording")
        model.forget(view)
        return
    if isinstance(before, str) and not same(before, since):
        dialogue.accuse("REC-026", f"a second start changed the recording {before} to {since}")
    elif before is None:
        _now(dialogue, since, exchange)
    model.started(view, since)
    dialogue.compare(answer, lambda _: "REC-005", besides=besides | {view})


def _now(dialogue: Dialogue, since: str, exchange: Exchange) -> None:
    date = exchange.response.header("date") if exchange.response else None
    began = moment(since)
    if date is not None and began is not None and abs(began - parsedate_to_datetime(date)) > CLOCK_TOLERANCE:
        dialogue.accuse("REC-024", f"the recording began {since}, while the server's time was {date}")


def stop(dialogue: Dialogue, view: str, place: Place) -> None:
    """Stop the recording of a view."""
    asked = dialogue.asked(STOP, view, place)
    stopped(dialogue, view, asked, dialogue.say(asked, f"a stop of {view} by {_way(place)}"))
    dialogue.look(lambda other: "REC-031" if other == view else "REC-032")


def stopped(
    dialogue: Dialogue, view: str, asked: Grounded, exchange: Exchange, *, besides: frozenset[str] = frozenset()
) -> None:
    """Compare the answer to a stop. A stop of silence may be refused, as long as it stays silent (D-39)."""
    model, before = dialogue.model, dialogue.model.state(view)
    if exchange.status != OK or not readable(exchange):
        _unserved(dialogue, view, asked, exchange, pending=isinstance(before, str), otherwise="REC-033")
        return
    call = dialogue.expected("REC-030", lambda: expect.updated(dialogue.probe, exchange))
    if call is None:
        model.forget(view)
        return
    if call.get("id") != dialogue.probe.place.phone_call:
        dialogue.accuse("REC-003", f"the answer is about the phone call {call.get('id')!r}")
    answer = recordings_of(call)
    if answer.get(view) is not None:
        dialogue.accuse("REC-031", "the answer to the stop shows the recording still")
    model.stopped(view)
    dialogue.compare(answer, lambda _: "REC-032", besides=besides | {view})


def _unserved(
    dialogue: Dialogue, view: str, asked: Grounded, exchange: Exchange, *, pending: bool, otherwise: str
) -> None:
    """Compare an answer other than 200: wrong where the action was pending, and where it is no answer of the page."""
    model = dialogue.model
    if not readable(exchange):
        model.forget(view)
    elif pending:
        requirement, _ = blamed(dialogue.inquiry, asked)
        for other in dialogue.views:
            model.forget(other)
        if requirement is not None:
            dialogue.accuse(requirement, f"it is answered with {exchange.status}")
    elif exchange.status not in UNSURE:
        dialogue.accuse(otherwise, f"it is answered with {exchange.status}")
    elif asked.action == STOP:
        model.stopped(view)


def sweep(dialogue: Dialogue, tried: Sequence[Attempt]) -> None:
    """Take every step once: each address, and all that is to be refused, in silence and while views are recorded."""
    probe, first = dialogue.probe, dialogue.views[0]
    reset(dialogue)
    for place in places(probe):
        dialogue.turn()
        start(dialogue, first, place, None)
        if probe.target.features.get:
            get(dialogue, place)
        if probe.target.features.list:
            list_(dialogue, place)
        if dialogue.inquiry.may_stop(first):
            stop(dialogue, first, place)
    for recorded in (False, True):
        for each in tried:
            dialogue.turn()
            for view in dialogue.views if recorded else ():
                if not isinstance(dialogue.model.state(view), str):
                    start(dialogue, view, probe.place, None)
            attempt(dialogue, each)


def attempt(dialogue: Dialogue, tried: Attempt) -> None:
    """Send what is to be refused, and expect that it changes nothing."""
    exchange = dialogue.say(tried.grounded, tried.name)
    if exchange.status == OK or not readable(exchange):
        if readable(exchange):
            dialogue.accuse(tried.answer, f"it is answered with {exchange.status}")
        # What was carried out is not known: any view may be in any state now.
        for view in dialogue.views:
            dialogue.model.forget(view)
    elif tried.grounded.flaws:
        for violation in refused(exchange, tried.grounded.flaws):
            dialogue.accuse(violation.requirement, violation.message)
    elif tried.answer in DENIED:
        dialogue.expected(tried.answer, lambda: expect.refusal(exchange, DENIALS, "access_denied"))
    else:
        dialogue.expected(tried.answer, lambda: expect.documented_refusal(exchange))
    dialogue.look(lambda _: tried.change)


def get(dialogue: Dialogue, place: Place) -> None:
    """Get the phone call; what a GET changes is seen by the look that follows."""
    dialogue.note(f"a GET by {_way(place)}")
    dialogue.compare(dialogue.got(place), dialogue.model.owed)
    dialogue.look(dialogue.model.owed)


def list_(dialogue: Dialogue, place: Place) -> None:
    """List phone calls; the one under test is shown as it is."""
    dialogue.note(f"a list by {_way(place)}")
    dialogue.look_at_list(place)
    dialogue.look(dialogue.model.owed)


def start_both(dialogue: Dialogue, one: str, other: str) -> None:
    """Start two recordings at the same time; both go on afterwards."""
    if one == other:
        start_twice(dialogue, one)
        return
    asked = dialogue.asked(START, one), dialogue.asked(START, other)
    first, second = dialogue.say_both(*asked, f"starts of {one} and {other} at once")
    both = frozenset({one, other})
    started(dialogue, one, asked[0], first, besides=both)
    started(dialogue, other, asked[1], second, besides=both)
    orders = ((one, other), (other, one))
    dialogue.look(
        lambda view: "REC-023" if view in both else "REC-005",
        lambda: _in_order(dialogue, [(START, view) for order in orders for view in order]),
    )


def start_twice(dialogue: Dialogue, view: str) -> None:
    """Start one recording twice at the same time: it is recorded, since a time that one of the answers has."""
    asked, before = dialogue.asked(START, view), dialogue.model.state(view)
    exchanges = dialogue.say_both(asked, asked, f"two starts of {view} at once")
    if before is None and all(exchange.status != OK and readable(exchange) for exchange in exchanges):
        dialogue.accuse("REC-001", "neither start is served")
    _settle(dialogue, view, [*_times(dialogue, view, exchanges), before])


def start_and_stop(dialogue: Dialogue, one: str, other: str) -> None:
    """Start a recording and stop one at the same time."""
    start_, stop_ = dialogue.asked(START, one), dialogue.asked(STOP, other)
    before = dialogue.model.state(one)
    first, second = dialogue.say_both(start_, stop_, f"a start of {one} and a stop of {other} at once")
    if one != other:
        both = frozenset({one, other})
        started(dialogue, one, start_, first, besides=both)
        stopped(dialogue, other, stop_, second, besides=both)
        dialogue.look(
            lambda view: {one: "REC-023", other: "REC-031"}.get(view, "REC-005"),
            lambda: _in_order(dialogue, [(START, other), (START, one), (STOP, other), (START, one)]),
        )
        return
    # Whichever comes second counts: nobody knows which that is.
    if first.status != OK and readable(first) and before is None:
        dialogue.accuse("REC-001", f"the start is answered with {first.status}")
    if second.status != OK and readable(second) and isinstance(before, str):
        dialogue.accuse("REC-030", f"the stop is answered with {second.status}")
    times = _times(dialogue, one, (first,))
    # A start that says nothing of the recording that goes on after it is wrong already in its answer.
    silent = first.status == OK and readable(first) and not times
    _settle(dialogue, one, [None, *times], otherwise="REC-004" if silent else "REC-023")


def _in_order(dialogue: Dialogue, actions: list[tuple[str, str]]) -> None:
    """Carry out actions one after the other: where they go wrong too, that they were sent at once is not the fault."""
    for action, view in actions:
        if action == START:
            start(dialogue, view, dialogue.probe.place, None)
        else:
            stop(dialogue, view, dialogue.probe.place)


def _times(dialogue: Dialogue, view: str, exchanges: tuple[Exchange, ...]) -> list[str]:
    """Return the times that answers of 200 have for a view."""
    calls = [
        dialogue.expected("REC-002", lambda exchange=exchange: expect.updated(dialogue.probe, exchange))  # type: ignore[misc]
        for exchange in exchanges
        if exchange.status == OK and readable(exchange)
    ]
    times = [recordings_of(call).get(view) for call in calls if call is not None]
    return [time for time in times if isinstance(time, str)]


def _settle(dialogue: Dialogue, view: str, possible: list[object], *, otherwise: str = "REC-023") -> None:
    """Look which of the possible states a view is in; believe it. One that is in none of them violates `otherwise`."""
    model = dialogue.model
    model.started(view, UNKNOWN)
    dialogue.look(lambda _: "REC-005")
    found = model.state(view)
    if found is UNKNOWN or UNKNOWN in possible:
        return
    if not any(same(found, state) for state in possible):  # type: ignore[arg-type]
        dialogue.accuse(otherwise, f"the view {view} has the recording {found}, which is none of {possible}")
    model.started(view, found) if isinstance(found, str) else model.stopped(view)
