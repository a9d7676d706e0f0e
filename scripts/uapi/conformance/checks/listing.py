"""Checks of CALL that act: lists of phone calls, and one phone call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import entries_of, moment, short, views_of
from uapi.conformance.bundle import flaw
from uapi.conformance.checks import expect
from uapi.conformance.checks.registry import check
from uapi.conformance.finding import Failed, NotExercised
from uapi.conformance.place import ALL, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

EVERYTHING: Final = Place("@me", "@self")
ATTEMPTS: Final = 3
ENVELOPE: Final = ("startIndex", "itemsPerPage", "filtered", "sorted", "paging")


def ids(exchange: Exchange) -> list[Any]:
    """Return the ids of an envelope's entries."""
    return [entry.get("id") for entry in entries_of(exchange)]


def envelope(exchange: Exchange) -> dict[str, Any]:
    """Expect 200 with an envelope; return it."""
    expect.status(exchange, 200)
    entries_of(exchange)
    value: dict[str, Any] = expect.body(exchange)
    return value


def several(probe: Probe) -> list[Any]:
    """Return the ids of all the caller's phone calls; raise NotExercised where there is only one."""
    found = ids(probe.list(EVERYTHING, query=ALL))
    if len(found) < 2:  # noqa: PLR2004 - one call tells nothing of an order or a page
        raise NotExercised("the caller has a single phone call; this needs two")
    return found


def refuses(probe: Probe, name: str, values: Sequence[str], code: str | None, **others: str) -> None:
    """Expect a list with each of the values of a query parameter to be refused."""
    expect.refused_with((probe.list(query={**others, name: value}) for value in values), code)


@check("CALL-020")
def a_list_contains_the_call(probe: Probe) -> None:
    """The phone call under test is in the list of its extension, once."""
    exchange = probe.list(query=ALL)
    if ids(exchange).count(probe.place.phone_call) != 1:
        raise Failed(f"the phone call {probe.place.phone_call} is not in the list of its extension", exchange)


@check("CALL-021")
def a_list_is_an_envelope(probe: Probe) -> None:
    """The answer has `entry`, an array, and fits the schema of the envelope."""
    exchange = probe.list()
    value = envelope(exchange)
    if (found := flaw("CollectionEnvelope", value)) is not None and found.startswith("entry"):
        raise Failed(found, exchange)


@check("CALL-022")
def a_list_tells_its_total(probe: Probe) -> None:
    """`totalResults` is a number, of all pages together."""
    for query in ({}, {"count": "1"}):
        exchange = probe.list(EVERYTHING, query=query)
        value = envelope(exchange)
        total = value.get("totalResults")
        if total is None or flaw("WholeNumber", total):
            raise Failed(f"totalResults is {total!r}", exchange)
        if int(total) < len(value["entry"]):
            raise Failed(f"totalResults is {total}, less than the {len(value['entry'])} entries", exchange)


@check("CALL-023")
def the_envelope_tells_its_place(probe: Probe) -> None:
    """The further members of the envelope, by analogy with call records (D-34)."""
    exchange = probe.list(EVERYTHING, query={"count": "1"})
    value = envelope(exchange)
    if (found := flaw("CollectionEnvelope", value)) is not None:
        raise Failed(found, exchange)
    missing = [name for name in ENVELOPE[:-1] if name not in value]
    if missing:
        raise Failed(f"the envelope lacks {', '.join(missing)}", exchange)


@check("CALL-024")
def a_list_has_no_strangers(probe: Probe) -> None:
    """Each entry is charged to the extension, or has a view or a party of it (D-33)."""
    exchange = probe.list(query=ALL)
    wanted = short(probe.target.caller.extension)
    for call in entries_of(exchange):
        numbers = {short(call.get("extension"))}
        for view in views_of(call):
            parties = [*_list(view.get("source")), *_list(view.get("destination"))]
            numbers |= {short(number) for number in (view.get("extension"), *parties)}
        if wanted not in numbers:
            raise Failed(f"the phone call {call.get('id')} does not involve the extension", exchange)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


@check("CALL-025")
def self_lists_every_extension(probe: Probe) -> None:
    """The list of `@self` has every call that the lists of the caller's known extensions have."""
    target = probe.target
    extensions = [target.caller.extension]
    extensions += [call.extension for call in (target.unrecordable_call, target.ending_call) if call is not None]
    everything = probe.list(EVERYTHING, query=ALL)
    found = ids(everything)
    for extension in dict.fromkeys(extensions):
        exchange = probe.list(Place("@me", extension), query=ALL)
        missing = [call for call in ids(exchange) if call not in found]
        if missing:
            message = f"the phone call {missing[0]} of {extension} is not in the list of @self"
            raise Failed(message, everything, exchange)


@check("CALL-026")
def an_empty_list_is_204_or_empty(probe: Probe) -> None:
    """The list of an extension without phone calls (D-33)."""
    if probe.target.idle is None:
        raise NotExercised("the target names no idle extension (idle.extension)")
    exchange = probe.list(Place("@me", probe.target.idle.extension))
    expect.status(exchange, 200, 204)
    if ids(exchange):
        raise Failed("the list of the idle extension has phone calls", exchange)


@check("CALL-027")
def a_list_shows_what_a_get_shows(probe: Probe) -> None:
    """Before a start, after it, and after a stop; a list is held against two GETs around it that agree (D-48)."""
    probe.need("get")
    compared = 0
    for act in (probe.quiet, probe.start, probe.quiet):
        act()
        before, listed, after = probe.get(), probe.list(query=ALL), probe.get()
        got, again, seen = (states(probe, exchange) for exchange in (before, after, listed))
        if got != again:
            continue  # it changes by itself, and may have done so before the list was made
        for view in [view for view in got if view in seen]:
            compared += 1
            if got[view] != seen[view]:
                message = f"the list shows the view {view} with {_told(seen[view])}, a GET with {_told(got[view])}"
                raise Failed(message, listed, after)
    if not compared:
        raise NotExercised("no list shows a view of the phone call that a GET shows too")


def states(probe: Probe, exchange: Exchange) -> dict[str, tuple[str, object]]:
    """Return the status and the recording of each view of the phone call under test, as far as an answer shows it."""
    try:
        calls = [call for call in entries_of(exchange) if call.get("id") == probe.place.phone_call]
    except Failed:
        return {}  # what is wrong with it is the business of CALL-021 and CALL-050
    views = [view for call in calls for view in views_of(call)]
    recordings = [moment(view.get("recording")) or view.get("recording") for view in views]
    return {str(v.get("id")): (str(v.get("status")), since) for v, since in zip(views, recordings, strict=True)}


def _told(state: tuple[str, object]) -> str:
    status, since = state
    return f"status {status} and " + ("no recording" if since is None else f"the recording {since}")


@check("CALL-030")
def count_limits_the_page(probe: Probe) -> None:
    """A page of one, of several."""
    several(probe)
    exchange = probe.list(EVERYTHING, query={"count": "1"})
    if len(ids(exchange)) != 1:
        raise Failed(f"a list with count=1 has {len(ids(exchange))} entries", exchange)


@check("CALL-031")
def a_wrong_count_is_refused(probe: Probe) -> None:
    """Out of range, and no number."""
    refuses(probe, "count", ("0", "-1", "5001", "many", "1.5"), "count_invalid")


@check("CALL-032")
def start_index_skips(probe: Probe) -> None:
    """The second entry becomes the first, on a page that holds them all, and while no call comes or goes."""
    for _ in range(ATTEMPTS):
        before = several(probe)
        exchange = probe.list(EVERYTHING, query={**ALL, "startIndex": "1"})
        if ids(exchange) == before[1:]:
            return
        if several(probe) == before:
            raise Failed(f"with startIndex=1 the list is {ids(exchange)}, not {before[1:]}", exchange)
    raise NotExercised("the caller's phone calls change too often to compare two lists of them")


@check("CALL-033")
def a_wrong_start_index_is_refused(probe: Probe) -> None:
    """Out of range, and no number; the code is not known (D-41)."""
    refuses(probe, "startIndex", ("-1", "5001", "many"), None)


@check("CALL-034")
def a_filter_by_id_finds_the_call(probe: Probe) -> None:
    """The filter finds the call, and nothing where no call has the id, nor where an id only begins so."""
    phone_call = str(probe.place.phone_call)
    exchange = probe.list(EVERYTHING, query={"filterBy": "id", "filterValue": phone_call})
    if ids(exchange) != [phone_call]:
        raise Failed(f"the filter by the id {phone_call} found {ids(exchange)}", exchange)
    for unknown in ("nosuchphonecall", phone_call[:-1] or "0"):
        exchange = probe.list(EVERYTHING, query={"filterBy": "id", "filterValue": unknown})
        if exchange.status != 400 and phone_call in ids(exchange):  # noqa: PLR2004 - HTTP status
            raise Failed(f"the filter by the id {unknown}, which it has not, found the phone call", exchange)


@check("CALL-035")
def a_wrong_filter_is_refused(probe: Probe) -> None:
    """A field that is no filter."""
    refuses(probe, "filterBy", ("colour", "ID"), "filterby_invalid", filterValue="blue")


@check("CALL-036")
def a_wrong_comparison_is_refused(probe: Probe) -> None:
    """A comparison that is none."""
    others = {"filterBy": "id", "filterValue": str(probe.place.phone_call)}
    refuses(probe, "filterOp", ("like", "EQUALS"), "filterop_invalid", **others)


@check("CALL-037")
def a_wrong_date_is_refused(probe: Probe) -> None:
    """A date that is none."""
    refuses(probe, "filterValue", ("yesterday", "2012-13-45T00:00:00Z"), "filtervalue_invalid", filterBy="published")


@check("CALL-038")
def fields_reduce_a_call(probe: Probe) -> None:
    """One field, and two."""
    for fields in (["id"], ["id", "phoneCallView"]):
        exchange = probe.list(query={"fields": ",".join(fields)})
        for call in entries_of(exchange):
            if set(call) != set(fields):
                raise Failed(f"with fields={','.join(fields)} a phone call has {', '.join(call)}", exchange)


@check("CALL-039")
def a_wrong_field_is_refused(probe: Probe) -> None:
    """A name that is no field."""
    refuses(probe, "fields", ("colour", "id,colour"), "fields_invalid")


@check("CALL-040")
def lists_are_sorted(probe: Probe) -> None:
    """Both orders, in the words of either generation of the documentation (D-31)."""
    several(probe)
    for words, newest_first in ((("ascending", "asc"), False), (("descending", "desc"), True)):
        exchanges = [probe.list(EVERYTHING, query={"sortOrder": word}) for word in words]
        taken = [exchange for exchange in exchanges if exchange.status == 200]  # noqa: PLR2004 - HTTP status
        if not taken:
            raise Failed(f"neither sortOrder={words[0]} nor {words[1]} is taken", *exchanges)
        for exchange in taken:
            times = [moment(call.get("published")) for call in entries_of(exchange)]
            known = [time for time in times if time is not None]
            if known != sorted(known, reverse=newest_first):
                raise Failed(f"the list is not {words[0]} by published", exchange)


@check("CALL-041")
def a_wrong_order_is_refused(probe: Probe) -> None:
    """An order that is none."""
    refuses(probe, "sortOrder", ("random", "ASC"), "sortorder_invalid")


@check("CALL-050")
def one_call_comes_in_an_envelope(probe: Probe) -> None:
    """The only entry is the call that was asked for, on its extension and on `@self` (D-32)."""
    for place in (probe.place, Place("@me", "@self", probe.place.phone_call)):
        expect.only_entry(probe.get(place), str(probe.place.phone_call))


@check("CALL-051")
def an_ended_call_is_not_found(probe: Probe) -> None:
    """An id that names no call: an empty answer, or the code of an update (D-32)."""
    exchange = probe.get(Place("@me", probe.place.extension, "00000000000000000000"))
    if exchange.status == 400:  # noqa: PLR2004 - HTTP status
        expect.refusal(exchange, {400}, "pc_phonecall_invalid")
    elif entries_of(exchange):
        raise Failed("a phone call was found under an id that names none", exchange)
