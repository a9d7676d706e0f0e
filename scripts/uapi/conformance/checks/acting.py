"""Checks of what holds for every action on a phone call, of those that the target offers."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import error_code, views_of
from uapi.conformance.checks import expect
from uapi.conformance.checks.performing import (
    OK,
    ROWS,
    TRANSFERS,
    attempt,
    done,
    expect_accepted,
    offered,
    scene,
    shown,
    the_call,
)
from uapi.conformance.checks.registry import check_by_phone
from uapi.conformance.finding import Excluded, Failed, NotExercised
from uapi.conformance.line import Placed
from uapi.conformance.probe import NO_SUCH_VIEW
from uapi.conformance.telephone import state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

NO_VIEW: Final = "pc_phonecallview_invalid"
BAD_REQUEST: Final = 400
REFUSALS: Final = range(400, 500)
NEEDING_AIM: Final = frozenset({"PickUp", "BargeIn", "UnPark", "Whisper", *TRANSFERS})
"""Actions for which the requirement of `sendCallTo` is documented."""
TERMINALS: Final = NEEDING_AIM - TRANSFERS
"""Actions whose `sendCallTo` is an extension, by their pages."""
OWN: Final = frozenset({"BargeIn", "Whisper", "TransferToVoicemail"})
"""Actions whose `sendCallTo` is an extension of the organization, by their pages."""
VIEWED: Final = frozenset(ROWS) - TRANSFERS
"""Actions that are about a view."""
STAYING: Final = frozenset({"OnHold", "OffHold"})
"""Actions by which nobody comes or goes."""
HELD: Final = ("onHold", "holder")


def among(probe: Probe, actions: Collection[str] = ROWS) -> list[str]:
    """Return those of some actions that the target offers; raise Excluded where it offers none."""
    found = [action for action in offered(probe) if action in actions]
    if not found:
        raise Excluded(f"the target offers none of {', '.join(sorted(actions))}")
    return found


def each(actions: Sequence[str], look: Callable[[str], None]) -> None:
    """Look at actions one by one; raise NotExercised where none of them can be looked at."""
    reasons: list[NotExercised] = []
    for action in actions:
        try:
            look(action)
        except NotExercised as reason:
            reasons.append(reason)
    if len(reasons) == len(actions):
        raise reasons[0]


# The phone call that is changed


@check_by_phone("ACT-001")
def no_other_phone_call_is_changed(probe: Probe) -> None:
    """The phone call under test and a second one of the kit are as before, after each action on another call."""
    place = probe.place
    tested = [Placed(str(place.phone_call), place.extension, "", "")] if probe.target.phone_call.known else []
    probe.telephone.talking()  # the one to act on comes first, where there is a single line
    own = _second(probe)
    if not tested + own:
        raise NotExercised("there is no other phone call that could be changed")

    def look(action: str) -> None:
        if (finding := _changed(probe, action, tested + own)) is None:
            return
        if own and probe.telephone.shown(own[0]) is None:  # its parties may have hung up: so once more
            own[:] = _second(probe)
            finding = _changed(probe, action, tested + own)
        if finding is not None:
            raise finding

    try:
        each(among(probe), look)
    finally:
        for call in own:
            probe.telephone.end(call)


def _second(probe: Probe) -> list[Placed]:
    """Return another phone call between the same extensions, where there can be two."""
    with suppress(NotExercised):
        call = probe.telephone.place()
        try:
            return [probe.telephone.answered(call)]
        except NotExercised:
            probe.telephone.end(call)
    return []


def _changed(probe: Probe, action: str, others: Sequence[Placed]) -> Failed | None:
    """Carry out an action; return what is wrong where a phone call that it does not name is another one then."""
    with scene(probe, action) as ready:
        before = [probe.telephone.shown(other) for other in others]
        exchange = ready.act(probe)
        if exchange.status != OK:
            raise NotExercised(f"the {action} was not carried out, which is for {ROWS[action]} to say", exchange)
        for other, earlier in zip(others, before, strict=True):
            if earlier is not None and _told(probe.telephone.shown(other), action) != _told(earlier, action):
                message = f"the {action} of the phone call {ready.call.id} changed the phone call {other.id}"
                return Failed(message, exchange, probe.session.exchanges[-1])
    return None


def _told(call: dict[str, Any] | None, action: str) -> object:
    """Return what an action would change of a call. A terminal that turns to one call may put its others on hold."""
    if call is None or action == "OnHold":
        return call and state_of(call)
    views = [{name: value for name, value in view.items() if name not in HELD} for view in views_of(call)]
    return state_of({"phoneCallView": views})


@check_by_phone("ACT-002")
def a_refused_action_changes_nothing(probe: Probe) -> None:
    """After each refusal the phone call has the views that it had, in the states that they had."""

    def look(action: str) -> None:
        with scene(probe, action) as ready:
            before = state_of(shown(probe, ready.call))
            for members in _bad(probe, action):
                exchange = ready.act(probe, **members)
                if exchange.status not in REFUSALS:
                    raise NotExercised(f"a wrong {action} is not refused, which is for other rows to say", exchange)
                if state_of(shown(probe, ready.call)) != before:
                    message = f"the phone call is another than before a {action} that was refused"
                    raise Failed(message, exchange, probe.session.exchanges[-1])

    each(among(probe, VIEWED | NEEDING_AIM), look)


def _bad(probe: Probe, action: str) -> Iterator[dict[str, object]]:
    """Yield members by which an action is to be refused."""
    if action in VIEWED:
        yield {"phoneCallViewId": NO_SUCH_VIEW}
        yield {"phoneCallViewId": None}
    if action in NEEDING_AIM:
        yield {"sendCallTo": None}
    if action in TERMINALS:
        yield {"sendCallTo": nobody(probe)}


# Which requests are refused


@check_by_phone("ACT-003")
def an_action_needs_a_view(probe: Probe) -> None:
    """Each action that is about a view is refused with 400 and the error body without `phoneCallViewId`."""
    for exchange in tried(probe, among(probe, VIEWED), {"phoneCallViewId": None}, wanted=is_bad_request):
        expect.refusal(exchange, {BAD_REQUEST})


@check_by_phone("ACT-004")
def an_action_needs_a_view_of_the_call(probe: Probe) -> None:
    """Each action is refused with 400 and the error body for a view that the call has not, be it nearly one."""
    call = probe.telephone.talking()
    near = (call.view.lstrip("0") or "0", f"{call.view}0", "99")
    wrong = next(each for each in near if each not in {call.view, call.other_view})
    views: list[dict[str, object]] = [{"phoneCallViewId": NO_SUCH_VIEW}, {"phoneCallViewId": wrong}]
    found = tried(probe, among(probe, VIEWED), *views, wanted=is_bad_request)
    if "Transfer" in offered(probe):
        by_view = {"transferFromNumber": None, "transferNumber": None, "phoneCallViewId": NO_SUCH_VIEW}
        with suppress(NotExercised):
            found += tried(probe, ["Transfer"], by_view, wanted=is_bad_request)
    for exchange in found:
        expect.refusal(exchange, {BAD_REQUEST})


@check_by_phone("ACT-005")
def a_wrong_view_has_its_own_code(probe: Probe) -> None:
    """Without a view, and with one that the call has not: `pc_phonecallview_invalid`, where it is refused at all."""

    def has_code(exchange: Exchange) -> bool:
        return error_code(exchange) == NO_VIEW

    forms: list[dict[str, object]] = [{"phoneCallViewId": None}, {"phoneCallViewId": NO_SUCH_VIEW}]
    found = tried(probe, among(probe, VIEWED), *forms, wanted=has_code)
    known = [exchange for exchange in found if exchange.status in REFUSALS]
    if not known:
        raise NotExercised("no action is refused for its view, which is for ACT-003 and ACT-004 to say", *found[:1])
    for exchange in known:
        if not has_code(exchange):
            raise Failed(f"expected the code {NO_VIEW}, got {error_code(exchange)!r}", exchange)


@check_by_phone("ACT-006")
def an_action_needs_to_know_whom_to_call(probe: Probe) -> None:
    """Each action that calls somebody is refused with 400 and the error body without `sendCallTo`."""
    for exchange in tried(probe, among(probe, NEEDING_AIM), {"sendCallTo": None}, wanted=is_bad_request):
        expect.refusal(exchange, {BAD_REQUEST})


@check_by_phone("ACT-007")
def nobody_is_called_in_vain(probe: Probe) -> None:
    """An extension that does not exist picks up, joins and unparks nothing: a 4xx and the error body."""
    for exchange in tried(probe, among(probe, TERMINALS), {"sendCallTo": nobody(probe)}, wanted=is_refusal):
        expect.refusal(exchange, REFUSALS, called="a 4xx status")


@check_by_phone("ACT-008")
def nobody_of_another_organization_is_called(probe: Probe) -> None:
    """An extension of another organization joins no call, and its voicemail takes none: a 4xx and the error body."""
    members = {"sendCallTo": probe.telephone.role("foreign_extension")}
    for exchange in tried(probe, among(probe, OWN), members, wanted=is_refusal):
        expect.refusal(exchange, REFUSALS, called="a 4xx status")


def tried(
    probe: Probe, actions: Sequence[str], *forms: Mapping[str, object], wanted: Callable[[Exchange], bool]
) -> list[Exchange]:
    """Return what is answered to actions that are in place, but for some members.

    An action that cannot be tried is left out, and so is one that is refused in another way than wanted, where that is
    so without a mistake, too. Raises NotExercised where none is left.
    """
    found: list[Exchange] = []

    def look(action: str) -> None:
        answers: list[Exchange] = []
        while len(answers) < len(forms):
            with scene(probe, action) as ready:
                answers.append(ready.act(probe, **forms[len(answers)]))
                while len(answers) < len(forms) and answers[-1].status in REFUSALS:  # the phone call is what it was
                    answers.append(ready.act(probe, **forms[len(answers)]))
        odd = [exchange for exchange in answers if exchange.status != OK and not wanted(exchange)]
        if odd and attempt(probe, action).status != OK:
            raise NotExercised(f"the {action} is always refused, which is for {ROWS[action]} to say", *odd)
        found.extend(answers)

    each(actions, look)
    return found


def is_bad_request(exchange: Exchange) -> bool:
    """Tell whether an answer is a 400."""
    return exchange.status == BAD_REQUEST


def is_refusal(exchange: Exchange) -> bool:
    """Tell whether an answer is a 4xx."""
    return exchange.status in REFUSALS


def nobody(probe: Probe) -> str:
    """Return an extension that does not exist, of the organization of the caller where that has a prefix."""
    return f"{probe.target.caller.extension.rpartition('*')[0] or '0'}*0"


# What is accepted, and what is answered


@check_by_phone("ACT-009")
def the_time_to_ring_is_a_number_or_a_string(probe: Probe) -> None:
    """A `waitForPickup` is accepted as a number, and as the same number in a string, by each action that has one."""
    forms: Sequence[Mapping[str, object]] = ({"waitForPickup": 20}, {"waitForPickup": "20"})

    def look(action: str) -> None:
        for form in forms:
            expect_accepted(probe, action, form, {}, *forms)

    each(among(probe, TERMINALS), look)


@check_by_phone("ACT-011")
def the_answer_is_the_phone_call(probe: Probe) -> None:
    """Each action is answered with the one phone call of the path, with the views that it has then.

    An array with that call is an answer to Park, too; for the others it is warned of (D-75).
    """

    def look(action: str) -> None:
        with done(probe, action) as (call, exchange):
            answer = the_call(exchange, call)
            if action != "Park" and isinstance(expect.body(exchange), list):
                probe.warn(f"the answer to {action} is an array with the one phone call, not the phone call")
            if action in STAYING and ids(answer) != (now := ids(shown(probe, call))):
                message = f"the answer to {action} has the views {sorted(ids(answer))}, the phone call {sorted(now)}"
                raise Failed(message, exchange, probe.session.exchanges[-1])

    each(among(probe), look)


def ids(call: dict[str, Any]) -> set[str]:
    """Return the ids of the views of a phone call."""
    return {str(view.get("id")) for view in views_of(call)}
