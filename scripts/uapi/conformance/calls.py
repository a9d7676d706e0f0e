"""Comes by the phone calls to test with: found in a list, or placed by a program and hung up again."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import entries_of, short, views_of
from uapi.conformance.errors import ConformanceError, TargetError, UnreachableError
from uapi.conformance.finding import Excluded, Failed, NotExercised
from uapi.conformance.place import Place
from uapi.conformance.probe import Probe
from uapi.conformance.program import run_program
from uapi.conformance.target import OtherPhoneCall, PhoneCall
from uapi.conformance.target.values import SEGMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uapi.conformance.session import Session
    from uapi.conformance.target import Target

ANSWERED: Final = "5"
"""The status of a view whose party talks."""
EXAMPLE: Final = '{"id": "b817d2618fe6f1804333", "view_id": "01"}'
TURN: Final = "PHONE_CALL_NUMBER"
"""The variable that tells a program which phone call it is to place: 1, and up to the number of workers."""
FURTHER: Final = "phone_call.further"
FEWER: Final = "use fewer workers"
EXPLAINED: Final = 3
"""For how many phone calls it is said why they do not fit."""


@contextmanager
def phone_calls(session: Session, number: int = 1) -> Iterator[None]:
    """Give the session's target the ids of its phone calls, for as long as the context lasts.

    There are as many as are asked for: the one under test, and the further ones, for as many further workers. Raises
    TargetError where the target has fewer and where a program does not place a call, UnreachableError where none fits.
    """
    wanted = session.target.phone_call
    match wanted.source:
        case "discover":
            _adopt(session, _discovered(session, wanted, number))
            yield
        case "command":
            with ExitStack() as stack:
                calls = [stack.enter_context(_placed(session, wanted, turn)) for turn in range(1, number + 1)]
                if len({call.id for call in calls}) < number:
                    hint = f"It is run once for each worker, with {TURN}=1 and so on, and must place another each time."
                    raise TargetError("it placed one phone call twice", where="phone_call.place", hint=hint)
                _adopt(session, calls)
                yield
        case "create":
            placed = [_created(session) for _ in range(number)]
            _adopt(session, placed)
            yield  # what the kit placed is hung up with all the rest, before and after the reports are written
        case _:
            if len(wanted.further) < number - 1:
                hint = f"Name {number - 1} in {FURTHER}, each as EXTENSION/ID/VIEW_ID, or {FEWER}."
                raise _too_few(1 + len(wanted.further), number, FURTHER, hint)
            given = wanted.found(wanted.id, wanted.view_id, wanted.further[: number - 1])
            session.target = session.target.model_copy(update={"phone_call": given})
            yield


def of_worker(target: Target, index: int) -> Target:
    """Return the target as one worker tests it: on a phone call of its own."""
    call, extension = target.phone_call, target.caller.extension
    places = [(extension, call.id, call.view_id), *((o.extension, o.id, o.view_id) for o in call.further)]
    extension, phone_call, view = places[index]
    update = {
        "phone_call": PhoneCall(id=phone_call, view_id=view),
        "caller": target.caller.model_copy(update={"extension": extension}),
    }
    return target.model_copy(update=update)


def _too_few(found: int, number: int, where: str, hint: str) -> TargetError:
    there = "there is 1" if found == 1 else f"there are {found}"
    return TargetError(f"{number} workers need {number} phone calls, and {there}", where=where, hint=hint)


def _adopt(session: Session, calls: Sequence[OtherPhoneCall]) -> None:
    first, *others = calls
    target = session.target
    update = {
        "phone_call": target.phone_call.found(first.id, first.view_id, tuple(others)),
        "caller": target.caller.model_copy(update={"extension": first.extension}),
    }
    session.target = target.model_copy(update=update)


def _discovered(session: Session, wanted: PhoneCall, number: int) -> list[OtherPhoneCall]:
    where, extension = "phone_call.source", wanted.extension or session.target.caller.extension
    if not session.target.features.list:
        hint = "Name the call with phone_call.id and view_id, or place one with phone_call.place."
        raise TargetError("a target without features.list has nothing to discover from", where=where, hint=hint)
    phase, session.phase = session.phase, "discovery"
    try:
        calls = entries_of(Probe(session).list(Place("@me", extension)))
    except Failed as finding:
        hint = "Name the call with phone_call.id and view_id instead."
        raise UnreachableError(f"no list of phone calls: {finding.message}", where=where, hint=hint) from finding
    finally:
        session.phase = phase
    unfit: list[str] = []
    found: list[OtherPhoneCall] = []
    for call in calls:
        view = _view(call, extension, wanted.minimum_views)
        if isinstance(view, _Unfit):
            unfit.append(f"{call.get('id')}: {view}")
        elif all(call["id"] != other.id for other in found):
            found.append(OtherPhoneCall(id=call["id"], view_id=view, extension=extension))
    reasons = "; ".join(unfit[:EXPLAINED]) + ("; …" if len(unfit) > EXPLAINED else "") or "there is none"
    hint = (
        f"Place a call with {wanted.minimum_views} views or more and answer it, or name one with phone_call.id and "
        "view_id, or ask for fewer with phone_call.minimum_views."
    )
    if not found:
        raise UnreachableError(f"no phone call of the extension {extension} fits ({reasons})", where=where, hint=hint)
    if len(found) < number:
        hint = f"Place more on the extension {extension}, or name them with {FURTHER}, or {FEWER}."
        raise _too_few(len(found), number, where, hint)
    return found[:number]


class _Unfit(str):
    """Why a phone call does not fit."""

    __slots__ = ()


def _view(call: Mapping[str, Any], extension: str, minimum: int) -> str | _Unfit:
    """Return the id of the view of a phone call to record, or why there is none."""
    if not isinstance(call.get("id"), str) or not SEGMENT.fullmatch(call["id"]):
        return _Unfit("it has no id")
    views = views_of(call)
    if len(views) < minimum:
        return _Unfit(f"it has {len(views)} of {minimum} views")
    own = [view for view in views if short(view.get("extension")) == short(extension)]
    talking = [view for view in own if str(view.get("status")) == ANSWERED]
    if not talking or not (call.get("answered") or talking[0].get("answered")):
        return _Unfit("it is not answered on this extension")
    silent = [view["id"] for view in talking if view.get("recording") is None and isinstance(view.get("id"), str)]
    return str(silent[0]) if silent else _Unfit("it is being recorded")


def _created(session: Session) -> OtherPhoneCall:
    """Place a phone call through the API, and wait until it is answered."""
    telephone = Probe(session).telephone
    phase, session.phase = session.phase, "placing"
    try:
        call = telephone.answered(telephone.place())
    except (NotExercised, Excluded) as finding:
        hint = "Look at create.source and create.destination, or name a phone call with phone_call.id."
        raise UnreachableError(finding.message, where="phone_call.source", hint=hint) from finding
    finally:
        session.phase = phase
    return OtherPhoneCall(id=call.id, view_id=call.view, extension=call.extension)


@contextmanager
def _placed(session: Session, wanted: PhoneCall, turn: int) -> Iterator[OtherPhoneCall]:
    """Have a program place a phone call; it may ask the environment which one of several it is."""
    assert wanted.place is not None  # noqa: S101 - the model asks for it
    seconds = wanted.command_timeout_seconds
    output = run_program(wanted.place, seconds, "phone_call.place", {TURN: str(turn)})
    call = _ids(output.text, wanted.place[0], session.target.caller.extension)
    try:
        yield call
    finally:
        if wanted.hang_up is not None:
            try:
                run_program((*wanted.hang_up, call.id), seconds, "phone_call.hang_up")
            except ConformanceError as error:  # the run is over, and its verdict stands
                session.warn(f"the phone call {call.id} may go on: {error.message}")


def _ids(output: str, program: str, extension: str) -> OtherPhoneCall:
    try:
        value = json.loads(output)
    except (ValueError, RecursionError):
        value = None
    told = {"extension": extension, **value} if isinstance(value, dict) else {}
    ids = [told.get(name) for name in ("id", "view_id", "extension")]
    call, view, where = (item if isinstance(item, str) and SEGMENT.fullmatch(item) else None for item in ids)
    if call is None or view is None or where is None:
        hint = f"It must print one JSON object on standard output, and nothing else: {EXAMPLE}"
        raise TargetError(f"{program} does not print the ids of a phone call", where="phone_call.place", hint=hint)
    return OtherPhoneCall(id=call, view_id=view, extension=where)
