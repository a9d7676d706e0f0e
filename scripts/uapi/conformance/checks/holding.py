"""Checks of holding: OnHold and OffHold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uapi.conformance.answers import views_of
from uapi.conformance.checks import expect
from uapi.conformance.checks.registry import check_by_phone
from uapi.conformance.finding import Failed, NotExercised

if TYPE_CHECKING:
    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe
    from uapi.conformance.telephone import Placed


def held(probe: Probe) -> tuple[Placed, Exchange]:
    """Put the view of a talking call on hold; return both, raise NotExercised where that does not succeed."""
    call = probe.telephone.talking()
    exchange = probe.telephone.act(call, "OnHold")
    if exchange.status != 200:  # noqa: PLR2004 - HTTP status
        raise NotExercised("the call was not put on hold, which is for ACT-020 to say", exchange)
    return call, exchange


@check_by_phone("ACT-020")
def a_call_is_put_on_hold(probe: Probe) -> None:
    """An OnHold of a talking party is answered with 200."""
    expect.status(probe.telephone.act(probe.telephone.talking(), "OnHold"), 200)


@check_by_phone("ACT-021")
def a_held_view_says_since_when(probe: Probe) -> None:
    """The view of an OnHold carries `onHold`, in the answer and when it is looked at again."""
    call, exchange = held(probe)
    for where, shown in (("answer", expect.updated(probe, exchange)), ("phone call", probe.telephone.shown(call))):
        if view_of(shown, call.view).get("onHold") is None:
            raise Failed(f"the view {call.view} of the {where} carries no onHold", *probe.session.exchanges[-2:])


def view_of(shown: dict[str, Any] | None, view: str) -> dict[str, Any]:
    """Return a view of a phone call by its id, empty where there is none."""
    return next((found for found in views_of(shown or {}) if found.get("id") == view), {})
