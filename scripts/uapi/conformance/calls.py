"""Comes by the phone call to test with: found in a list, or placed by a program and hung up again."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import entries_of, short, views_of
from uapi.conformance.errors import ConformanceError, TargetError, UnreachableError
from uapi.conformance.finding import Failed
from uapi.conformance.probe import Place, Probe
from uapi.conformance.program import run_program
from uapi.conformance.target.values import SEGMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uapi.conformance.session import Session
    from uapi.conformance.target import PhoneCall

ANSWERED: Final = "5"
"""The status of a view whose party talks."""
EXAMPLE: Final = '{"id": "b817d2618fe6f1804333", "view_id": "01"}'
EXPLAINED: Final = 3
"""For how many phone calls it is said why they do not fit."""


@contextmanager
def phone_call(session: Session) -> Iterator[None]:
    """Give the session's target the ids of its phone call, for as long as the context lasts.

    Raises TargetError where a program does not place a call, UnreachableError where no phone call fits.
    """
    wanted = session.target.phone_call
    match wanted.source:
        case "discover":
            _discover(session, wanted)
            yield
        case "command":
            with _placed(session, wanted):
                yield
        case _:
            yield


def _adopt(session: Session, wanted: PhoneCall, call: str, view: str) -> None:
    found: dict[str, Any] = {"phone_call": wanted.found(call, view)}
    if wanted.extension:
        found["caller"] = session.target.caller.model_copy(update={"extension": wanted.extension})
    session.target = session.target.model_copy(update=found)


def _discover(session: Session, wanted: PhoneCall) -> None:
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
    unfit = []
    for call in calls:
        view = _view(call, extension, wanted.minimum_views)
        if isinstance(view, _Unfit):
            unfit.append(f"{call.get('id')}: {view}")
        else:
            _adopt(session, wanted, call["id"], view)
            return
    reasons = "; ".join(unfit[:EXPLAINED]) + ("; …" if len(unfit) > EXPLAINED else "") or "there is none"
    hint = (
        f"Place a call with {wanted.minimum_views} views or more and answer it, or name one with phone_call.id and "
        "view_id, or ask for fewer with phone_call.minimum_views."
    )
    raise UnreachableError(f"no phone call of the extension {extension} fits ({reasons})", where=where, hint=hint)


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


@contextmanager
def _placed(session: Session, wanted: PhoneCall) -> Iterator[None]:
    assert wanted.place is not None  # noqa: S101 - the model asks for it
    seconds = wanted.command_timeout_seconds
    call, view = _ids(run_program(wanted.place, seconds, "phone_call.place").text, wanted.place[0])
    try:
        _adopt(session, wanted, call, view)
        yield
    finally:
        if wanted.hang_up is not None:
            try:
                run_program((*wanted.hang_up, call), seconds, "phone_call.hang_up")
            except ConformanceError as error:  # the run is over, and its verdict stands
                session.warn(f"the phone call {call} may go on: {error.message}")


def _ids(output: str, program: str) -> tuple[str, str]:
    try:
        value = json.loads(output)
    except (ValueError, RecursionError):
        value = None
    ids = [value.get(name) if isinstance(value, dict) else None for name in ("id", "view_id")]
    call, view = (item if isinstance(item, str) and SEGMENT.fullmatch(item) else None for item in ids)
    if call is None or view is None:
        hint = f"It must print one JSON object on standard output, and nothing else: {EXAMPLE}"
        raise TargetError(f"{program} does not print the ids of a phone call", where="phone_call.place", hint=hint)
    return call, view
