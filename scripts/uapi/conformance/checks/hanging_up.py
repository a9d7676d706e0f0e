"""Checks of hanging up: one phone call, or all those of an extension."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.conformance.checks import expect
from uapi.conformance.checks.registry import check_by_phone
from uapi.conformance.finding import Failed
from uapi.conformance.telephone import GRACE_SECONDS

if TYPE_CHECKING:
    from uapi.conformance.probe import Probe


@check_by_phone("END-001")
def a_phone_call_is_hung_up(probe: Probe) -> None:
    """A hang-up of a talking call is answered with 200."""
    call = probe.telephone.talking()
    expect.status(probe.telephone.hang_up(call.place), 200)


@check_by_phone("END-002")
def a_phone_call_is_over_after_its_hang_up(probe: Probe) -> None:
    """A talking call is hung up; neither GET nor a list shows it any more."""
    call = probe.telephone.talking()
    exchange = expect.answered(probe.telephone.hang_up(call.place))
    if not probe.telephone.has_ended(call, GRACE_SECONDS):
        raise Failed(f"the phone call is still shown after a hang-up that was answered with {exchange.status}")
    if call.id in probe.telephone.ids():
        raise Failed("the list still shows the phone call", probe.session.exchanges[-1])
