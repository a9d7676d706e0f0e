"""Finds out which features the target offers, where its configuration leaves that open, without changing anything.

Listing and getting are reads. Phone calls are asked for with an empty object, hang-ups and actions with the id of no
phone call. A StopRecording is asked for with a view that does not exist, so that it must be refused:
a server that has the action refuses the view, and one that has not refuses the action. Which of the two it was, is told
by how it refuses the same view of an action that it has, and an action that nobody has (D-47).
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from uapi.conformance.answers import error_code
from uapi.conformance.line import ACTIONS_OF, KIND_OF
from uapi.conformance.probe import NO_SUCH_CALL, NO_SUCH_VIEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe
    from uapi.conformance.session import Session

SERVED: Final = frozenset({200, 204})
BAD_REQUEST: Final = 400
NOT_FOUND: Final = 404
"""What a server says of a path that it has not. The phone call may not be there either, so that it proves nothing."""
NOT_OFFERED: Final = frozenset({405, 501})
"""Statuses that say that there is no such method, or no such action."""
NOT_IMPLEMENTED: Final = "request_not_implemented"
NO_CALL: Final = "pc_phonecall_invalid"
NO_VIEW: Final = "pc_phonecallview_invalid"
READS: Final = {"listPhoneCalls": "list", "getPhoneCall": "get"}
"""The feature that an operation needs, by its operationId; every target has the other operations."""
STOP: Final = "stop_recording"
OFTEN: Final = 2
"""How often a feature has to be refused, and never served, before somebody is told that it may not be there."""


def find_out_reading(probe: Probe) -> None:
    """Ask a target for a list and for one phone call, where nobody knows whether it has them."""
    call = probe.place.phone_call or NO_SUCH_CALL
    for operation, name in READS.items():
        if name in probe.target.features.unknown():
            place = replace(probe.place, phone_call=None if name == "list" else call)
            with _finding_out(probe.session):
                exchange = probe.session.send(probe.request("GET", place, operation=operation))
            _settle(probe, name, exchange, offered=_read(exchange))


@contextmanager
def _finding_out(session: Session) -> Iterator[None]:
    phase, session.phase = session.phase, "features"
    try:
        yield
    finally:
        session.phase = phase


def _read(exchange: Exchange) -> bool | None:
    if exchange.status in SERVED or error_code(exchange) == NO_CALL:
        return True
    return False if _is_absent(exchange) else None


def find_out_stopping(probe: Probe) -> None:
    """Ask a target to stop the recording of a view that does not exist, where nobody knows whether it stops any."""
    if STOP not in probe.target.features.unknown():
        return
    with _finding_out(probe.session):
        exchange = _refused(probe, "StopRecording")
        offered = _stopped(probe, exchange)
    _settle(probe, STOP, exchange, offered=offered)


def find_out_telephony(probe: Probe) -> None:
    """Ask a target for phone calls, hang-ups and actions in ways that have no effect, where nobody knows of them."""
    for name in probe.target.features.unknown(telephony=True):
        with _finding_out(probe.session):
            if name in KIND_OF:
                exchange = probe.telephone.create({}, kind=KIND_OF[name])
                offered = _placed(exchange)
            elif name in ACTIONS_OF:
                exchange = _asked(probe, ACTIONS_OF[name][0])
                offered = _known(exchange, _asked(probe, "NoSuchAction"))
            else:
                exchange = probe.telephone.hang_up(replace(probe.place, phone_call=NO_SUCH_CALL))
                offered = _read(exchange)
        _settle(probe, name, exchange, offered=offered)


def _asked(probe: Probe, action: str) -> Exchange:
    place = replace(probe.place, phone_call=NO_SUCH_CALL)
    return probe.update({"action": action, "phoneCallViewId": NO_SUCH_VIEW}, place)


def _placed(exchange: Exchange) -> bool | None:
    if _is_absent(exchange):
        return False
    return True if exchange.status == BAD_REQUEST else None


def _known(action: Exchange, no_action: Exchange) -> bool | None:
    """Tell whether an action is known, by how it is refused and how an action that nobody has is."""
    if _is_absent(action):
        return False
    return None if _alike(action, no_action) else True


def _refused(probe: Probe, action: str) -> Exchange:
    return probe.update({"action": action, "phoneCallViewId": NO_SUCH_VIEW})


def _stopped(probe: Probe, stop: Exchange) -> bool | None:
    if stop.status in SERVED:
        return True
    if _is_absent(stop):
        return False
    if stop.status != BAD_REQUEST:
        return None
    like_no_action = _alike(stop, _refused(probe, "NoSuchAction"))
    if error_code(stop) == NO_VIEW and not like_no_action:
        return True
    like_a_view = _alike(stop, _refused(probe, "StartRecording"))
    return None if like_no_action == like_a_view else like_a_view


def _alike(one: Exchange, other: Exchange) -> bool:
    return (one.status, error_code(one)) == (other.status, error_code(other))


def _is_absent(exchange: Exchange) -> bool:
    return exchange.status in NOT_OFFERED or error_code(exchange) == NOT_IMPLEMENTED


def _settle(probe: Probe, name: str, exchange: Exchange, *, offered: bool | None) -> None:
    """Have the target's configuration say what was found, and tell the reader from which exchange."""
    session, target = probe.session, probe.target
    found = target.features.model_copy(update={name: offered is not False})
    session.target = target.model_copy(update={"features": found})
    asked = "a StopRecording of a view that does not exist" if name == STOP else _request(exchange)
    because = f"exchange {exchange.number}, {asked}, was answered with {_told(exchange)}"
    if offered is None:
        session.warn(
            f"features.{name} is unknown, and {because}, which tells neither: it is taken for true, so that what is "
            "wrong is seen. If the target does not offer it, say false"
        )
        return
    session.warn(f"features.{name} is unknown, and was found to be {str(offered).lower()}: {because}")
    for warning in session.target.warnings():
        session.warn(warning)


def _request(exchange: Exchange) -> str:
    return f"{exchange.request.method} {exchange.request.url}"


def _told(exchange: Exchange) -> str:
    if exchange.response is None:
        return f"nothing ({exchange.fault})"
    code = error_code(exchange)
    return f"{exchange.status} {code}" if code else str(exchange.status)


def advice(exchanges: Iterable[Exchange], probe: Probe) -> str:
    """Return what to set where exchanges failed for a feature that the target seems not to have; empty otherwise."""
    for exchange in exchanges:
        name = _feature(exchange)
        if name is not None and _may_be_absent(exchange) and _is_never_served(name, probe):
            return f"; it is always refused so: if the target does not offer it, set features.{name} = false"
    return ""


def _is_never_served(name: str, probe: Probe) -> bool:
    asked = [e for e in probe.session.exchanges if e.request.principal == "caller" and _feature(e) == name]
    served = any(exchange.status in SERVED for exchange in asked)
    return not served and sum(map(_may_be_absent, asked)) >= OFTEN


def _may_be_absent(exchange: Exchange) -> bool:
    return exchange.status == NOT_FOUND or _is_absent(exchange)


def _feature(exchange: Exchange) -> str | None:
    """Return the setting of the feature that a request needs, None where every target has it."""
    operation = exchange.request.operation or ""
    if operation == "updatePhoneCall":
        return STOP if b'"StopRecording"' in exchange.request.body else None
    return READS.get(operation)
