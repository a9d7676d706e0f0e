"""Checks of PickUp: a phone call that rings is answered elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.conformance.checks.performing import done, expect_accepted, expect_served, expect_view
from uapi.conformance.checks.registry import check_by_phone

if TYPE_CHECKING:
    from uapi.conformance.probe import Probe

WHOLE: Final = {"callerId": "Conformance Kit <3333>", "waitForPickup": 20}
"""The members that a PickUp may leave out."""


@check_by_phone("ACT-030")
def a_ringing_call_is_picked_up(probe: Probe) -> None:
    """A PickUp of a ringing view by another extension, with all its members or without those it may leave out."""
    expect_served(probe, "PickUp", WHOLE, {})


@check_by_phone("ACT-031")
def a_pick_up_needs_no_caller_id_and_no_time(probe: Probe) -> None:
    """A PickUp without `callerId` and `waitForPickup` is answered with 200."""
    expect_accepted(probe, "PickUp", {}, WHOLE)


@check_by_phone("ACT-032")
def who_picks_up_becomes_a_party(probe: Probe) -> None:
    """Once its terminal has answered, the phone call has a view of the extension that picked up."""
    with done(probe, "PickUp") as (call, exchange):
        expect_view(probe, call, probe.telephone.role("second_extension"), exchange)
