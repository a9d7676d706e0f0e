"""Checks of holding: OnHold and OffHold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uapi.conformance.answers import moment
from uapi.conformance.checks import expect
from uapi.conformance.checks.performing import answer_of, done, expect_served, scene, shown, view_of
from uapi.conformance.checks.registry import check_by_phone
from uapi.conformance.finding import Excluded, Failed, NotExercised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.line import Placed
    from uapi.conformance.probe import Probe

AGAIN = (200, 204, 400)
"""How doing again what was done may be answered (D-83)."""


def seen(probe: Probe, call: Placed, exchange: Exchange) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the view that a request named, as its answer shows it and as it is shown later."""
    yield "answer", view_of(answer_of(exchange, call), call.view)
    yield "phone call", view_of(shown(probe, call), call.view)


@check_by_phone("ACT-020")
def a_call_is_put_on_hold(probe: Probe) -> None:
    """An OnHold of a talking party is answered with 200."""
    expect_served(probe, "OnHold")


@check_by_phone("ACT-021")
def a_held_view_says_since_when(probe: Probe) -> None:
    """The view of an OnHold, be it of the source or of the destination, carries `onHold`, at once and later."""
    for other in (False, True):
        with done(probe, "OnHold", other=other) as (call, exchange):
            for where, view in seen(probe, call, exchange):
                if view.get("onHold") is None:
                    message = f"the view {call.view} of the {where} carries no onHold"
                    raise Failed(message, exchange, probe.session.exchanges[-1])


@check_by_phone("ACT-022")
def a_call_is_held_since_the_time_of_the_server(probe: Probe) -> None:
    """The `onHold` of the answer is the time of its `Date`, by and large."""
    with done(probe, "OnHold") as (call, exchange):
        value = view_of(answer_of(exchange, call), call.view).get("onHold")
        if value is None:
            raise NotExercised("the view carries no onHold, which is for ACT-021 to say", exchange)
        if (began := moment(value)) is None:
            raise NotExercised(f"onHold is {value!r}, which is for CALL-012 to say", exchange)
        expect.server_time(exchange, began, "the hold")


@check_by_phone("ACT-023")
def who_put_a_call_on_hold_is_its_holder(probe: Probe) -> None:
    """The `holder` of the view of an OnHold is 1, where it has one (D-77)."""
    found = 0
    for other in (False, True):
        with done(probe, "OnHold", other=other) as (call, exchange):
            for where, view in seen(probe, call, exchange):
                if view.get("onHold") is None or (holder := view.get("holder")) is None:
                    continue
                found += 1
                if str(holder) != "1":
                    message = f"the holder of the view {call.view} of the {where} is {holder!r}, though it holds"
                    raise Failed(message, exchange, probe.session.exchanges[-1])
    if not found:
        raise Excluded("no view that was put on hold carries a holder, which it may leave out (D-77)")


@check_by_phone("ACT-024")
def holding_twice_is_answered_in_a_known_way(probe: Probe) -> None:
    """A second OnHold, and an OffHold of what is not on hold: 200, 204 or 400 (D-83)."""
    with scene(probe, "OnHold") as ready:
        expect.status(probe.telephone.act(ready.call, "OffHold"), *AGAIN)
    with done(probe, "OnHold") as (call, _):
        expect.status(probe.telephone.act(call, "OnHold"), *AGAIN)


@check_by_phone("ACT-025")
def a_call_is_taken_back_from_hold(probe: Probe) -> None:
    """An OffHold of a view that is on hold is answered with 200."""
    expect_served(probe, "OffHold")


@check_by_phone("ACT-026")
def a_view_that_was_taken_back_is_not_on_hold(probe: Probe) -> None:
    """The view of an OffHold carries no `onHold`, at once and later; an OnHold had set it."""
    for other in (False, True):
        with scene(probe, "OffHold", other=other) as ready:
            if view_of(shown(probe, ready.call), ready.call.view).get("onHold") is None:
                raise NotExercised("the view is not on hold, which is for ACT-021 to say")
            exchange = ready.act(probe)
            if exchange.status != 200:  # noqa: PLR2004 - HTTP status
                raise NotExercised("the call was not taken back, which is for ACT-025 to say", exchange)
            for where, view in seen(probe, ready.call, exchange):
                if view.get("onHold") is not None:
                    message = f"the view {ready.call.view} of the {where} carries onHold after an OffHold"
                    raise Failed(message, exchange, probe.session.exchanges[-1])
