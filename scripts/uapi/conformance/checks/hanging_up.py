"""Checks of hanging up one phone call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import views_of
from uapi.conformance.checks import expect
from uapi.conformance.checks.placed import SERVED, told
from uapi.conformance.checks.registry import check_by_phone
from uapi.conformance.finding import Failed, NotExercised
from uapi.conformance.line import OK, TALKING
from uapi.conformance.place import Place
from uapi.conformance.probe import NO_SUCH_CALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.line import Placed
    from uapi.conformance.probe import Probe

FIELDS: Final = (("id",), ("id", "extension"))
NOTHING: Final = (204, 200, 400)
"""How a hang-up may be answered that has nothing to hang up (D-71)."""


def ids_told(exchange: Exchange) -> list[Any]:
    """Return the ids that the answer to a hang-up tells, in objects or as they are (D-69)."""
    return [each.get("id") if isinstance(each, dict) else each for each in told(exchange)]


def hung_up(exchange: Exchange) -> Exchange:
    """Return the exchange of a hang-up; raise NotExercised where it was not answered with 200."""
    if exchange.status != OK:
        raise NotExercised("the hang-up was not answered with 200, which is for END-001 to say", exchange)
    return exchange


def goes_on(probe: Probe, call: Placed, *exchanges: Exchange, because: str) -> None:
    """Expect that both parties of a phone call still talk."""
    shown = probe.telephone.shown(call)
    if shown is None:
        raise Failed(f"the phone call {call.id} is over although {because}", *exchanges, probe.session.exchanges[-1])
    talk = {view.get("id") for view in views_of(shown) if str(view.get("status")) == TALKING}
    if not {call.view, call.other_view} <= talk:
        message = f"a party of the phone call {call.id} was hung up although {because}"
        raise Failed(message, *exchanges, probe.session.exchanges[-1])


@check_by_phone("END-001")
def a_phone_call_is_hung_up(probe: Probe) -> None:
    """A hang-up of a talking call is answered with 200, on its extension and on `@self`."""
    for extension in (None, "@self"):
        call = probe.telephone.talking()
        expect.status(probe.telephone.hang_up(Place("@me", extension or call.extension, call.id)), OK)


@check_by_phone("END-002")
def a_phone_call_is_over_after_its_hang_up(probe: Probe) -> None:
    """A call that talks and one that rings are hung up; neither GET nor a list shows them any more."""
    for begin in (probe.telephone.talking, probe.telephone.place):
        call = begin()
        exchange = probe.telephone.hang_up(call.place)
        if exchange.status not in SERVED:
            raise NotExercised("the hang-up was refused, which is for END-001 to say", exchange)
        if not probe.telephone.has_ended(call, probe.telephone.settling_seconds):
            seen = probe.session.exchanges[-1]
            message = f"the phone call is still shown after a hang-up that was answered with {exchange.status}"
            raise Failed(message, exchange, seen)
        for extension in (call.extension, "@self"):
            if call.id in probe.telephone.ids(extension):
                raise Failed(
                    f"the list of {extension} still shows the phone call", exchange, probe.session.exchanges[-1]
                )


@check_by_phone("END-004")
def the_answer_is_an_array_of_phone_calls(probe: Probe) -> None:
    """No envelope, no bare phone call, and no ids by themselves (D-69)."""
    call = probe.telephone.talking()
    exchange = hung_up(probe.telephone.hang_up(call.place))
    value = expect.body(exchange)
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Failed("the answer is no array of phone calls", exchange)


@check_by_phone("END-005")
def other_phone_calls_go_on(probe: Probe) -> None:
    """Of two phone calls of the caller's extension one is hung up, and the other goes on."""
    other = probe.telephone.talking()
    call = probe.telephone.place()
    probe.telephone.answered(other)
    exchange = probe.telephone.hang_up(call.place)
    for _ in range(2):
        if probe.telephone.shown(other) is None:
            message = f"the phone call {other.id} is over although another was hung up"
            raise Failed(message, exchange, probe.session.exchanges[-1])
        probe.telephone.has_ended(call)


def others(probe: Probe) -> Iterator[tuple[str, Place]]:
    """Yield whose token is sent by others, and how they address the caller's extension, without the phone call."""
    target, caller = probe.target, probe.target.caller
    users = ("@me", caller.user_id, "@owner")
    if target.stranger is not None:
        yield from (("stranger", Place(user, caller.extension)) for user in users)
        yield "stranger", Place("@me", target.stranger.extension)
        yield "stranger", Place("@me", "@self")
    if target.other_organization is not None:
        yield from (("other_organization", Place(user, caller.extension)) for user in users)
        yield "other_organization", Place("@me", "@self")


@check_by_phone("END-009")
def nobody_hangs_up_the_phone_call_of_another(probe: Probe) -> None:
    """The stranger and another organization address the call in every way; it goes on, whatever the answers are."""
    attempts = list(others(probe))
    if not attempts:
        raise NotExercised("the target names neither a stranger nor an other_organization")
    call = probe.telephone.talking()
    for principal, place in attempts:
        exchange = probe.telephone.hang_up(Place(place.user, place.extension, call.id), principal=principal)
        goes_on(probe, call, exchange, because=f"only the {principal.replace('_', ' ')} hung it up")
    goes_on(probe, call, exchange, because="only others hung it up")


def no_parties(probe: Probe, call: Placed) -> Iterator[str]:
    """Yield numbers that are no party of a phone call: other extensions, and near misses of the destination."""
    target = probe.target
    for role in (target.unanswered, target.second_extension):
        if role is not None:
            yield role.extension
    yield f"{call.destination}0"
    yield call.destination[:-1] or "0"


@check_by_phone("END-010")
def the_number_of_nobody_hangs_nothing_up(probe: Probe) -> None:
    """Numbers that are no party of the phone call; both parties still talk."""
    call = probe.telephone.talking()
    for number in no_parties(probe, call):
        exchange = probe.telephone.hang_up(call.place, query={"phoneNumber": number})
        goes_on(probe, call, exchange, because=f"{number} is no party of it")


@check_by_phone("END-011")
def the_number_of_a_party_ends_the_phone_call(probe: Probe) -> None:
    """The destination, and then the source of another phone call."""
    for side in ("destination", "source"):
        call = probe.telephone.talking()
        number = getattr(call, side)
        exchange = probe.telephone.hang_up(call.place, query={"phoneNumber": number})
        if probe.telephone.has_ended(call, probe.telephone.settling_seconds):
            continue
        seen = probe.session.exchanges[-1]
        probe.telephone.hang_up(call.place)
        if not probe.telephone.has_ended(call, probe.telephone.settling_seconds):
            raise NotExercised("a hang-up does not end a phone call, which is for END-002 to say", exchange)
        raise Failed(f"the phone call goes on after a hang-up of its {side} {number}", exchange, seen)


@check_by_phone("END-013")
def there_is_nothing_to_hang_up(probe: Probe) -> None:
    """An id that names no phone call, and one that has been hung up."""
    call = probe.telephone.talking()
    probe.telephone.hang_up(call.place)
    if not probe.telephone.has_ended(call, probe.telephone.settling_seconds):
        raise NotExercised("a hang-up does not end a phone call, which is for END-002 to say")
    for place in (Place("@me", call.extension, NO_SUCH_CALL), call.place):
        exchange = probe.telephone.hang_up(place)
        response = expect.status(exchange, *NOTHING)
        if response.status == OK and expect.body(exchange) != []:
            raise Failed("the answer names phone calls, and there is none", exchange)
        if response.status == 400:  # noqa: PLR2004 - HTTP status
            expect.refusal(exchange, {400}, "pc_phonecall_invalid")


@check_by_phone("END-014")
def fields_reduce_the_answer(probe: Probe) -> None:
    """One field, and two."""
    for fields in FIELDS:
        call = probe.telephone.talking()
        query = {"fields": ",".join(fields)}
        exchange = hung_up(probe.telephone.hang_up(call.place, query=query))
        for each in told(exchange):
            if not isinstance(each, dict):
                raise NotExercised("the answer has no phone calls, which is for END-004 to say", exchange)
            if set(each) != set(fields):
                raise Failed(f"with fields={','.join(fields)} a phone call has {', '.join(each)}", exchange)
