"""Checks of placing phone calls: what the answer tells of the phone call, and what the phone call is like."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import error_code, short, shown_ids
from uapi.conformance.bundle import contract
from uapi.conformance.checks import expect
from uapi.conformance.checks.placed import before, callback, calls_told, dismiss, invitation, names, placing, traces
from uapi.conformance.checks.registry import check_by_phone
from uapi.conformance.finding import Excluded, Failed, NotExercised
from uapi.conformance.guard import WELL_FORMED
from uapi.conformance.line import GONE, OK, Placed
from uapi.conformance.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

NONCES: Final = ("130c5a97768be67df6543b5f5fa3cc51", "7")
"""Nonces beside those of the kit: one as the vendor's client makes them, and one that could be taken for a number."""
NOTHING: Final = "nothing was placed, which is for MAKE-005 to say"


def kinds(probe: Probe) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield each kind of request that the target offers and names the numbers for, with a valid body."""
    yield "simple", probe.telephone.order()
    features, target = probe.target.features, probe.target
    if features.callback and target.callback_extension is not None:
        yield "callback", callback(probe)
    if features.conference_invite and target.conference_extension is not None:
        yield "conferenceInvite", invitation(probe)


def first_id(exchange: Exchange) -> str:
    """Return the id of the phone call of an answer; raise NotExercised where it names none."""
    if (found := next(filter(WELL_FORMED.fullmatch, shown_ids(exchange)), None)) is None:
        raise NotExercised("the answer names no phone call, which is for MAKE-001 to say", exchange)
    return found


def charged(probe: Probe, exchange: Exchange, body: dict[str, object]) -> Placed:
    """Return the phone call that an answer names, where its own extension addresses it."""
    numbers = probe.telephone.numbers
    extension = str(body.get("extension", probe.target.caller.extension))
    return Placed(first_id(exchange), extension, numbers.source, numbers.destination)


@check_by_phone("MAKE-001")
def the_answer_is_an_array_of_phone_calls(probe: Probe) -> None:
    """Each kind of request; a bare phone call and an envelope are tolerated with a warning (D-67)."""
    unplaced = []
    for kind, body in kinds(probe):
        try:
            exchange = placing(probe, body, kind=kind)
        except (NotExercised, Excluded) as reason:
            unplaced.append(reason)
            continue
        value = expect.body(exchange)
        if isinstance(value, dict):
            form = "an envelope around the array" if "entry" in value else "one phone call without an array"
            probe.warn(f"the answer is {form}")
        found = calls_told(exchange)
        dismiss(probe, exchange, body)
        if not found:
            raise Failed("the answer is no array of phone calls with at least one", exchange)
        if any(not isinstance(call.get("id"), str) or not WELL_FORMED.fullmatch(call["id"]) for call in found):
            raise Failed("a phone call of the answer has no id", exchange)
    if unplaced and len(unplaced) == len(list(kinds(probe))):
        raise unplaced[0]


@check_by_phone("MAKE-002")
def the_id_identifies_the_phone_call(probe: Probe) -> None:
    """GET finds a new phone call by its id, and an action is not told that there is none."""
    known, body = before(probe), probe.telephone.order()
    exchange = placing(probe, body)
    if (phone_call := first_id(exchange)) in known:
        raise Failed(f"the answer names the phone call {phone_call}, which was there before", exchange)
    call = charged(probe, exchange, body)
    if probe.telephone.until(call, lambda found: found is not None, probe.telephone.settling_seconds) is None:
        seen = probe.session.exchanges[-1]
        if not list(traces(probe, known, [body])):
            raise NotExercised(NOTHING, exchange)
        raise Failed(f"GET does not find the phone call {phone_call}, which is in progress", exchange, seen)
    call = probe.telephone.answered(call)
    start = probe.telephone.act(call, "OnHold" if probe.target.features.hold else "StartRecording")
    if error_code(start) == "pc_phonecall_invalid" or start.status in GONE:
        if probe.telephone.shown(call) is not None:
            raise Failed(f"an action does not find the phone call {phone_call}, which is in progress", exchange, start)
        raise NotExercised("the phone call ended meanwhile", start)
    probe.telephone.end(call)


@check_by_phone("MAKE-003")
def the_answer_carries_a_whole_phone_call(probe: Probe) -> None:
    """The fields that every phone call has. What they hold is for the rows of CALL to say, and the id for MAKE-001."""
    body = probe.telephone.order()
    exchange = placing(probe, body)
    first_id(exchange)
    dismiss(probe, exchange, body)
    required = set(contract()["components"]["schemas"]["PhoneCall"]["required"]) - {"id"}
    for call in calls_told(exchange):
        lacking = sorted(required - set(call)) + ([] if {"link", "links"} & set(call) else ["link"])
        if lacking:
            raise Failed(f"the phone call of the answer lacks {', '.join(lacking)}", exchange)


@check_by_phone("MAKE-005")
def a_simple_call_is_placed(probe: Probe) -> None:
    """A call between the two numbers of the target is answered with 200, and is there: by its id, or in the list."""
    known, body = before(probe), probe.telephone.order()
    exchange = probe.telephone.create(body)
    expect.status(exchange, OK)
    ids = [phone_call for phone_call in shown_ids(exchange) if phone_call not in known]
    found = ids and probe.telephone.until(
        charged(probe, exchange, body), lambda shown: shown is not None, probe.telephone.settling_seconds
    )
    if not found and not list(traces(probe, known, [body])):
        raise Failed("the answer is 200, and no phone call is there", exchange, probe.session.exchanges[-1])
    dismiss(probe, exchange, body)


def _is_listed(probe: Probe, call: Placed, _: object) -> bool:
    return call.id in probe.telephone.ids(call.extension)


@check_by_phone("MAKE-006")
def a_phone_call_is_in_the_list_of_its_extension(probe: Probe) -> None:
    """The list of the extension that placed a call shows it while GET does, also before anybody answers it."""
    telephone, unanswered = probe.telephone, probe.target.unanswered
    silent = [telephone.order(source=[unanswered.extension])] if unanswered else []
    for body in (telephone.order(), *silent):
        call = telephone.place(body)
        telephone.until(call, partial(_is_listed, probe, call), probe.telephone.settling_seconds)
        listed = probe.session.exchanges[-1]
        if call.id not in shown_ids(listed):
            if telephone.shown(call) is None:
                raise NotExercised("nothing shows the phone call, which is for MAKE-002 and MAKE-005 to say", listed)
            raise Failed(f"the list of {call.extension} does not show the phone call {call.id}", listed)
        telephone.end(call)


@check_by_phone("MAKE-007")
def views_name_the_numbers_of_the_request(probe: Probe) -> None:
    """Some view names the source as its source, and some the destination as its destination."""
    call = probe.telephone.place()
    sides = {"source": call.source, "destination": call.destination}

    def complete(found: dict[str, Any] | None) -> bool:
        return found is not None and all(names(found, side, number) for side, number in sides.items())

    shown = probe.telephone.until(call, complete, probe.telephone.numbers.answer_timeout_seconds)
    if shown is None:
        raise NotExercised("the phone call is not shown, which is for MAKE-002 to say", probe.session.exchanges[-1])
    for side, number in sides.items():
        if not names(shown, side, number):
            raise Failed(f"no view names {number} as {side}", probe.session.exchanges[-1])
    probe.telephone.end(call)


@check_by_phone("MAKE-013")
def a_phone_call_carries_its_nonce(probe: Probe) -> None:
    """A nonce of the kit, one of 32 digits and letters, and a digit."""
    for nonce in (probe.telephone.nonce(), *NONCES):
        call = probe.telephone.place(probe.telephone.order(nonce=nonce))
        shown = probe.telephone.until(call, lambda found: found is not None, probe.telephone.settling_seconds)
        if shown is None:
            raise NotExercised("the phone call is not shown, which is for MAKE-002 to say", probe.session.exchanges[-1])
        if shown.get("nonce") != nonce:
            message = f"the phone call was placed with the nonce {nonce!r}, and carries {shown.get('nonce')!r}"
            raise Failed(message, probe.session.exchanges[-1])
        probe.telephone.end(call)


@check_by_phone("MAKE-020")
def the_named_extension_places_the_call(probe: Probe) -> None:
    """The caller's extension, and a second one where the target names it, in either form (D-60)."""
    second = probe.target.second_extension
    for extension in (probe.target.caller.extension, *((second.extension,) if second else ())):
        body = probe.telephone.order(extension=extension)
        exchange = placing(probe, body)
        place = Place("@me", "@self", first_id(exchange))
        if not probe.session.guard.is_own(str(place.phone_call)):
            raise NotExercised("the answer names another phone call, which is for MAKE-002 to say", exchange)
        looks = [exchange, *([probe.get(place)] if probe.target.features.get else [])]
        dismiss(probe, exchange, body)
        for look in looks:
            shown = next((call for call in calls_told(look) if call.get("id") == place.phone_call), {})
            if "extension" in shown and short(shown["extension"]) != short(extension):
                message = f"the request named the extension {extension}, the phone call {shown['extension']!r}"
                raise Failed(message, exchange, look)
