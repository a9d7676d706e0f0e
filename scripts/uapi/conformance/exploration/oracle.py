"""Judges the answer to a generated request: each comparison names the requirement that it is made for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import entries_of, moment, recordings_of
from uapi.conformance.checks import expect
from uapi.conformance.exploration.blame import OTHER_WORDS, SETTLED, alike, blamed, otherwise
from uapi.conformance.exploration.flaw import refused
from uapi.conformance.exploration.request import GET, LIST, UPDATE, Grounded
from uapi.conformance.inquiry import Violation, attributed
from uapi.conformance.reading import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.inquiry import Inquiry

OK: Final = 200
NOT_PRESCRIBED: Final = frozenset({204, 400})
"""How a second start and a stop of silence may be answered, besides with 200 (D-24, D-39)."""
PAGE: Final = 20
"""How many entries a list has that asks for no number of them: the default of `count`."""
ISOLATED: Final = {UPDATE: "AUTH-009", GET: "AUTH-010", LIST: "AUTH-011"}
"""What an operation violates that serves somebody else's phone call."""
UNCHANGING: Final = frozenset({"action", "format", "phoneCallViewId"})


def judge(inquiry: Inquiry, grounded: Grounded) -> Violation | None:
    """Send a grounded request; return the first news that its answer has, or None."""
    exchange = inquiry.send(grounded.request(inquiry.probe))
    return inquiry.news(violations(inquiry, grounded, exchange))


def violations(inquiry: Inquiry, grounded: Grounded, exchange: Exchange) -> Iterator[Violation]:
    """Yield what is wrong with the answer to a grounded request, as far as it can be interpreted."""
    yield from inquiry.observed(exchange)
    if not readable(exchange):
        return
    try:
        yield from _judged(inquiry, grounded, exchange)
    except Violation as violation:
        yield violation


def _judged(inquiry: Inquiry, grounded: Grounded, exchange: Exchange) -> Iterator[Violation]:
    if grounded.principal != "caller":
        yield from _isolated(inquiry, grounded, exchange)
    elif grounded.flaws:
        yield from _refused(inquiry, grounded, exchange)
    elif grounded.operation == UPDATE:
        yield from _updated(inquiry, grounded, exchange)
    elif exchange.status not in {OK, 204}:
        yield from _unserved(inquiry, grounded, exchange)
    elif grounded.operation == GET:
        yield from _got(grounded, exchange)
    else:
        yield from _listed(inquiry, grounded, exchange)


def _isolated(inquiry: Inquiry, grounded: Grounded, exchange: Exchange) -> Iterator[Violation]:
    """Expect that somebody else gets a refusal or nothing (D-11)."""
    requirement = ISOLATED[grounded.operation]
    if grounded.operation == UPDATE or exchange.status not in {OK, 204}:
        with attributed(requirement):
            expect.documented_refusal(exchange)
        return
    with attributed(requirement):
        entries = entries_of(exchange)
    if any(entry.get("id") == inquiry.probe.place.phone_call for entry in entries):
        yield Violation(requirement, f"the {grounded.principal} sees the caller's phone call", exchange)


def _refused(inquiry: Inquiry, grounded: Grounded, exchange: Exchange) -> Iterator[Violation]:
    """Expect the refusal that the flaws ask for, unless something else about the request is refused first."""
    found = list(refused(exchange, grounded.flaws))
    if not found:
        return
    if exchange.status != OK and (undocumented := set(grounded.members) - UNCHANGING):
        plain = grounded.without(*undocumented)
        if not list(refused(inquiry.send(plain.request(inquiry.probe)), plain.flaws)):
            yield Violation("REC-018", f"with undocumented members: {found[0].message}", exchange)
            return
    if (order := grounded.query.get("sortOrder")) in OTHER_WORDS:
        # It may be the order that is refused: a server needs to know the words of one generation only (D-31).
        plain = grounded.but(query={**grounded.query, "sortOrder": OTHER_WORDS[order]})
        if not list(refused(inquiry.send(plain.request(inquiry.probe)), plain.flaws)):
            return
    for other in otherwise(grounded, inquiry.probe):
        if not list(refused(inquiry.send(other.request(inquiry.probe)), other.flaws)):
            yield from _misplaced(inquiry, grounded, found)
            return
    yield from found


def _misplaced(inquiry: Inquiry, grounded: Grounded, found: list[Violation]) -> Iterator[Violation]:
    """Find out why a flawed request is answered in another way where the phone call is addressed in another way."""
    body = {"action": "StartRecording", "phoneCallViewId": inquiry.probe.view} if grounded.operation == UPDATE else None
    valid = grounded.but(place=alike(grounded, inquiry.probe), query={}, body=body, flaws=())
    exchange = inquiry.send(valid.request(inquiry.probe))
    if exchange.status in {OK, 204} or not readable(exchange):
        yield from found
    else:
        yield from _unserved(inquiry, valid, exchange)


def _unserved(inquiry: Inquiry, grounded: Grounded, exchange: Exchange) -> Iterator[Violation]:
    """Find out which freedom of a valid request the target does not take."""
    if any(name.startswith("filter") for name in grounded.query):
        return  # whether a value fits its filter is more than a schema tells
    requirement, witnesses = blamed(inquiry, grounded)
    if requirement is None:
        return
    with attributed(requirement, "a valid request: "):
        expect.status(exchange, OK)
    yield Violation(requirement, "a valid request is not served", exchange, *witnesses)


def _updated(inquiry: Inquiry, grounded: Grounded, exchange: Exchange) -> Iterator[Violation]:
    """Expect a valid action to be carried out, and the answer to show it."""
    stops = grounded.action == "StopRecording"
    if exchange.status in NOT_PRESCRIBED:
        # It may be that the view is recorded already, or that it is silent already: then it must work from the other.
        if not inquiry.may_stop(inquiry.probe.view):
            return
        inquiry.send(_plain(inquiry, "StartRecording" if stops else "StopRecording").request(inquiry.probe))
        exchange = inquiry.send(grounded.request(inquiry.probe))
        yield from inquiry.observed(exchange)
        if not readable(exchange):
            return
    if exchange.status != OK:
        yield from _unserved(inquiry, grounded, exchange)
        return
    with attributed("REC-030" if stops else "REC-002"):
        call = expect.updated(inquiry.probe, exchange)
    if call.get("id") != grounded.place.phone_call:
        yield Violation("REC-003", f"the answer is about the phone call {call.get('id')!r}", exchange)
    recorded = recordings_of(call).get(inquiry.probe.view)
    if stops and recorded is not None:
        yield Violation("REC-031", "the answer to the stop shows the recording still", exchange)
    if not stops and not isinstance(recorded, str):
        yield Violation("REC-004", "the named view of the answer carries no recording", exchange)


def _plain(inquiry: Inquiry, action: str) -> Grounded:
    body = {"action": action, "phoneCallViewId": inquiry.probe.view}
    return Grounded(UPDATE, inquiry.probe.place, body=body)


def _got(grounded: Grounded, exchange: Exchange) -> Iterator[Violation]:
    """Expect the phone call alone, with the fields that were asked for."""
    with attributed(SETTLED[GET]):
        entries = entries_of(exchange)
    yield from _reduced(grounded, entries, exchange)
    if len(entries) != 1:
        yield Violation(SETTLED[GET], f"expected one phone call, got {len(entries)}", exchange)
    elif "id" in _fields(grounded, entries[0]) and entries[0].get("id") != grounded.place.phone_call:
        yield Violation(SETTLED[GET], f"another phone call was found: {entries[0].get('id')!r}", exchange)


def _listed(inquiry: Inquiry, grounded: Grounded, exchange: Exchange) -> Iterator[Violation]:
    """Expect of a list what its parameters promise; whatever calls there are, these hold."""
    with attributed(SETTLED[LIST]):
        entries = entries_of(exchange)
    yield from _reduced(grounded, entries, exchange)
    query, call = grounded.query, inquiry.probe.place.phone_call
    count = int(query.get("count", PAGE))
    if len(entries) > count:
        yield Violation("CALL-030", f"a list with count={count} has {len(entries)} entries", exchange)
    if "sortOrder" in query:
        yield from _sorted(query["sortOrder"].startswith("desc"), entries, exchange)
    if not all("id" in _fields(grounded, entry) for entry in entries) or "id" not in _asked(grounded):
        return
    ids = [entry.get("id") for entry in entries]
    if query.get("filterBy") == "id" and query.get("filterOp", "equals") == "equals":
        wanted = query.get("filterValue")
        if wanted is not None and any(found != wanted for found in ids):
            yield Violation("CALL-034", f"a list of the id {wanted!r} has {ids}", exchange)
        filtered, expected = True, wanted == call
    else:
        filtered = "filterBy" in query
        expected = not filtered
    # A page that is not full is all there is, so that the phone call has to be on it.
    if expected and query.get("startIndex", "0") == "0" and len(entries) < count and call not in ids:
        yield Violation("CALL-034" if filtered else "CALL-020", f"the list lacks the phone call {call}", exchange)


def _sorted(descending: bool, entries: list[dict[str, Any]], exchange: Exchange) -> Iterator[Violation]:  # noqa: FBT001 - the order
    times = [time for entry in entries if (time := moment(entry.get("published"))) is not None]
    if times != sorted(times, reverse=descending):
        yield Violation("CALL-040", "the list is not in the order that was asked for", exchange)


def _asked(grounded: Grounded) -> set[str]:
    fields = grounded.query.get("fields")
    return set(fields.split(",")) if fields else {"id"}


def _fields(grounded: Grounded, entry: dict[str, Any]) -> set[str]:
    """Return the members of an entry that can be compared: all of a whole one, those asked for of a reduced one."""
    return set(entry) & _asked(grounded) if "fields" in grounded.query else {"id", *entry}


def _reduced(grounded: Grounded, entries: list[dict[str, Any]], exchange: Exchange) -> Iterator[Violation]:
    if "fields" not in grounded.query:
        return
    for entry in entries:
        if further := set(entry) - _asked(grounded):
            names = ", ".join(sorted(further))
            yield Violation("CALL-038", f"with fields={grounded.query['fields']} a call has {names}", exchange)
        for name in ("id", "phoneCallView"):
            if name in _asked(grounded) and name not in entry:
                yield Violation("CALL-038", f"with fields={grounded.query['fields']} a call lacks {name}", exchange)
