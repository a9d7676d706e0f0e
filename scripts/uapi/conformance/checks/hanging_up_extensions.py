"""Checks of hanging up an extension: all its phone calls at once, or those with a number, and what is told of them.

It is the second extension of the target, which nobody but the kit calls. It is left alone where it has other calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.conformance.checks import expect
from uapi.conformance.checks.hanging_up import hung_up, ids_told
from uapi.conformance.checks.registry import check_by_phone
from uapi.conformance.finding import Failed, NotExercised
from uapi.conformance.line import OK, Placed
from uapi.conformance.place import Place

if TYPE_CHECKING:
    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe


def second(probe: Probe) -> Place:
    """Return the second extension of the target, as the caller addresses it."""
    probe.need("hang-up")
    return Place("@me", probe.telephone.role("second_extension"))


def calls_of_second(probe: Probe) -> list[Placed]:
    """Place phone calls of the second extension, by each number of the target; return those that its list shows."""
    telephone, place = probe.telephone, second(probe)
    numbers = (telephone.numbers.source, telephone.numbers.destination)
    calls = [telephone.place(telephone.order(source=[number], destination=[place.extension])) for number in numbers]
    wanted = {call.id for call in calls}
    telephone.until(
        calls[-1],
        lambda _: wanted <= telephone.ids(place.extension),
        telephone.numbers.answer_timeout_seconds,
    )
    listed = telephone.ids(place.extension)
    if not (found := [call for call in calls if call.id in listed and telephone.shown(call) is not None]):
        message = f"nobody sees the calls of {place.extension} in its list and by their ids"
        raise NotExercised(message, probe.session.exchanges[-1])
    return found


def still_there(probe: Probe, call: Placed, exchange: Exchange, because: str) -> None:
    """Expect that a phone call goes on, looking twice."""
    for _ in range(2):
        if probe.telephone.shown(call) is None:
            message = f"the phone call {call.id} is over although {because}"
            raise Failed(message, exchange, probe.session.exchanges[-1])


@check_by_phone("END-003")
def the_answer_names_what_was_hung_up(probe: Probe) -> None:
    """The ids of one phone call, and of those of the second extension, and no others, in any form (D-69)."""
    telephone = probe.telephone
    call, there = telephone.talking(), telephone.ids("@self")
    _names(probe, hung_up(telephone.hang_up(call.place)), {call.id}, there)
    if probe.target.second_extension is None:
        return
    calls_of_second(probe)
    place, there = second(probe), telephone.ids("@self")
    listed = telephone.ids(place.extension)
    exchange = telephone.hang_up(place)
    if exchange.status == OK:
        ended = {name for name in listed if telephone.has_ended(_any(name), telephone.settling_seconds)}
        _names(probe, exchange, ended, there)


def _names(probe: Probe, exchange: Exchange, ended: set[str], there: frozenset[str]) -> None:
    """Expect the ids of what was hung up; what should not have been hung up and was is for END-005 and END-007."""
    told = [str(name) for name in ids_told(exchange)]
    further = set(told) - ended
    gone = further & (there - probe.telephone.ids("@self")) if further else set()
    if not ended <= set(told) or further - gone or len(told) > len(set(told)):
        message = f"what was hung up is {', '.join(sorted(ended))}, and the answer names {ids_told(exchange)}"
        raise Failed(message, exchange)


def _any(phone_call: str) -> Placed:
    return Placed(phone_call, "@self", "", "")


@check_by_phone("END-006")
def all_phone_calls_of_an_extension_end(probe: Probe) -> None:
    """Calls to the second extension, which is hung up, are over, whatever the answer is."""
    calls = calls_of_second(probe)
    exchange = probe.telephone.hang_up(second(probe))
    for call in calls:
        if not probe.telephone.has_ended(call, probe.telephone.settling_seconds):
            seen = probe.session.exchanges[-1]
            probe.telephone.end(call)
            raise Failed(f"the phone call {call.id} goes on after the hang-up of its extension", exchange, seen)


@check_by_phone("END-007")
def phone_calls_of_other_extensions_go_on(probe: Probe) -> None:
    """The second extension is hung up, and a call goes on in which it takes no part."""
    other = probe.telephone.talking()
    calls = calls_of_second(probe)
    if probe.telephone.shown(other) is None:
        raise NotExercised("the phone call ended before the hang-up", probe.session.exchanges[-1])
    exchange = probe.telephone.hang_up(second(probe))
    still_there(probe, other, exchange, f"only {second(probe).extension} was hung up, which takes no part in it")
    for call in calls:
        probe.telephone.has_ended(call)


@check_by_phone("END-008")
def an_extension_without_phone_calls_is_hung_up(probe: Probe) -> None:
    """The second extension without calls: 204, or 200 with an empty array (D-71), at the latest the second time.

    A phone call may have come to it after the first look.
    """
    place = second(probe)
    for own in filter(probe.session.guard.is_own, probe.telephone.ids(place.extension)):
        probe.telephone.hang_up(Place(place.user, place.extension, own))
    for _ in range(2):
        if probe.telephone.ids(place.extension):
            raise NotExercised(f"the extension {place.extension} has phone calls", probe.session.exchanges[-1])
        exchange = probe.telephone.hang_up(place)
        if expect.status(exchange, 204, OK).status != OK or expect.body(exchange) == []:
            return
    raise Failed("the answer is no empty array, and the extension has no phone calls", exchange)


@check_by_phone("END-012")
def phone_calls_with_other_numbers_go_on(probe: Probe) -> None:
    """Two calls of the second extension: the number of nobody ends neither, that of one party leaves the other."""
    calls, place = calls_of_second(probe), second(probe)
    nobody = f"{probe.telephone.numbers.source}0"
    exchange = probe.telephone.hang_up(place, query={"phoneNumber": nobody})
    for call in calls:
        still_there(probe, call, exchange, f"only its calls with {nobody} were hung up")
    exchange = probe.telephone.hang_up(place, query={"phoneNumber": calls[0].source})
    for call in calls[1:]:
        still_there(probe, call, exchange, f"only calls with {calls[0].source} were hung up")
    for call in calls:
        if not probe.telephone.has_ended(call):
            probe.telephone.end(call)
