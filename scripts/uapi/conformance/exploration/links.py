"""Follows the links of the contract with real answers: from a list to a phone call, to its recording, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import entries_of, moment, recordings_of
from uapi.conformance.checks import expect
from uapi.conformance.exploration.blame import blamed
from uapi.conformance.exploration.expressions import links
from uapi.conformance.exploration.places import places
from uapi.conformance.exploration.request import GET, LIST, UPDATE, Grounded
from uapi.conformance.falsify import MAX_FINDINGS
from uapi.conformance.inquiry import Violation, attributed
from uapi.conformance.place import ALL, Place
from uapi.conformance.reading import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.inquiry import Inquiry

MAX_ENTRIES: Final = 5
"""How many entries of a list are followed, besides the phone call under test."""
OK: Final = 200
SERVED: Final = frozenset({200, 204})


def follow(inquiry: Inquiry) -> Iterator[Violation]:
    """Follow the links of every list of the phone call under test; yield a violation of each requirement."""
    ways = [Grounded(LIST, place, query=ALL) for place in places(inquiry.probe)]
    for way in ways:
        for _ in range(MAX_FINDINGS):
            if (violation := inquiry.news(_followed(inquiry, way))) is None:
                break
            inquiry.verify(violation)
            inquiry.settle(violation)
            yield violation


def _followed(inquiry: Inquiry, way: Grounded) -> Iterator[Violation]:
    """Follow the links of one list; only the phone call under test is updated, the others are only read."""
    exchange = inquiry.send(way.request(inquiry.probe))
    yield from inquiry.observed(exchange)
    if not readable(exchange):
        return
    try:
        if exchange.status not in SERVED:
            yield from _unserved(inquiry, way, exchange)
            return
        with attributed("CALL-021"):
            entries = entries_of(exchange)
        call = inquiry.probe.place.phone_call
        ours = [entry for entry in entries if entry.get("id") == call]
        if not ours:
            yield Violation("CALL-020", f"the list lacks the phone call {call}", exchange)
        others = [entry for entry in entries if entry.get("id") != call]
        for entry in [*ours[:1], *others[:MAX_ENTRIES]]:
            # The links speak of the first entry of a list: each is taken for the first once.
            body = {**exchange.response.json(), "entry": [entry]} if exchange.response else {}
            yield from _read(inquiry, way, body, exchange)
            if entry.get("id") == call:
                yield from _recorded(inquiry, way, body, exchange)
    except Violation as violation:
        yield violation


def _target(operation: str, source: str, way: Grounded, body: object, exchange: Exchange) -> Place:
    """Return where a link leads to; what it needs and the answer lacks is a violation."""
    path = {"userId": way.place.user, "extension": way.place.extension, "phoneCallId": str(way.place.phone_call)}
    values = links(source, OK)[operation].values(path, body)
    if not isinstance(values["phoneCallId"], str):
        raise Violation("CALL-001", f"the link to {operation} finds no id: {values['phoneCallId']!r}", exchange)
    return Place(values["userId"], values["extension"], values["phoneCallId"])


def _read(inquiry: Inquiry, way: Grounded, body: object, listed: Exchange) -> Iterator[Violation]:
    """Follow a list's link to a phone call. One that is not under test may have ended in the meantime."""
    if not inquiry.probe.target.features.get:
        return
    place = _target(GET, LIST, way, body, listed)
    asked = Grounded(GET, place)
    exchange = inquiry.send(asked.request(inquiry.probe))
    yield from inquiry.observed(exchange)
    if not readable(exchange):
        return
    under_test = place.phone_call == inquiry.probe.place.phone_call
    if exchange.status not in SERVED:
        if under_test:
            yield from _unserved(inquiry, asked, exchange)
        return
    ids = _ids(exchange)
    if ids != [place.phone_call] and (under_test or ids):
        yield Violation("CALL-050", f"the link of a list leads to {ids}", listed, exchange)


def _unserved(inquiry: Inquiry, asked: Grounded, exchange: Exchange) -> Iterator[Violation]:
    """Find out what a target does not understand that refuses a request which a link led to."""
    requirement, _ = blamed(inquiry, asked)
    if requirement is not None:
        yield Violation(requirement, f"a request that a link led to is answered with {exchange.status}", exchange)


def _ids(exchange: Exchange) -> list[Any]:
    with attributed("CALL-050", "the link of a list: "):
        return [entry.get("id") for entry in entries_of(exchange)]


def _recorded(inquiry: Inquiry, way: Grounded, body: object, listed: Exchange) -> Iterator[Violation]:
    """Follow a list's link to the update, start the recording, and follow the link of the answer."""
    probe = inquiry.probe
    place = _target(UPDATE, LIST, way, body, listed)
    stop = {"action": "StopRecording", "phoneCallViewId": probe.view}
    if inquiry.may_stop(probe.view):
        inquiry.send(Grounded(UPDATE, probe.place, body=stop).request(probe))
    start = Grounded(UPDATE, place, body={"action": "StartRecording", "phoneCallViewId": probe.view})
    exchange = inquiry.send(start.request(probe))
    yield from inquiry.observed(exchange)
    if not readable(exchange):
        return
    if exchange.status in {204, 400} and not inquiry.may_stop(probe.view):
        return  # it may be recorded already, which is not prescribed (D-24)
    if exchange.status != OK:
        yield from _unserved(inquiry, start, exchange)
        return
    with attributed("REC-002"):
        call = expect.updated(probe, exchange)
    if call.get("id") != place.phone_call:
        yield Violation("REC-003", f"the answer is about the phone call {call.get('id')!r}", exchange)
    elif probe.target.features.get:
        yield from _seen(inquiry, start, call, exchange)


def _seen(inquiry: Inquiry, start: Grounded, call: dict[str, Any], updated: Exchange) -> Iterator[Violation]:
    """Follow an update's link to the phone call, and expect to see there what the update answered."""
    probe = inquiry.probe
    place = _target(GET, UPDATE, start, call, updated)
    asked = Grounded(GET, place)
    exchange = inquiry.send(asked.request(probe))
    yield from inquiry.observed(exchange)
    if not readable(exchange):
        return
    if exchange.status not in SERVED:
        yield from _unserved(inquiry, asked, exchange)
        return
    if _ids(exchange) != [place.phone_call]:
        yield Violation("CALL-050", "the link of an update does not lead to the phone call", updated, exchange)
        return
    answered = recordings_of(call).get(probe.view)
    found = recordings_of(entries_of(exchange)[0]).get(probe.view)
    if not isinstance(answered, str):
        yield Violation("REC-004", "the named view of the answer carries no recording", updated)
    elif found != answered and (found is None or moment(found) != moment(answered)):
        message = f"a GET after the start shows the recording {found}, the answer had {answered}"
        yield Violation("REC-023", message, updated, exchange)
