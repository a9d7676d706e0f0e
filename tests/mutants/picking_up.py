"""Faults in picking up a phone call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mutants.messages import error
from mutants.mutant import before
from mutants.performed import JOINING, answers_nothing, does, does_nothing, has, in_order, refuses
from mutants.world import CALLER

if TYPE_CHECKING:
    from mutants.messages import Request

refuses(
    "ACT-030",
    "picking_up_is_forbidden",
    "A PickUp is refused with 403.",
    lambda request: does(request, "PickUp"),
    error(403, "access_denied"),
)
answers_nothing(
    "ACT-030",
    "picking_up_takes_its_time",
    "A PickUp is answered with 202.",
    lambda request: does(request, "PickUp"),
    status=202,
)
refuses(
    "ACT-031",
    "a_caller_id_is_required",
    "A PickUp without `callerId` is refused.",
    lambda request: does(request, "PickUp") and not has(request, "callerId"),
)
refuses(
    "ACT-031",
    "a_time_to_ring_is_required",
    "A PickUp without `waitForPickup` is refused.",
    lambda request: does(request, "PickUp") and not has(request, "waitForPickup"),
)
does_nothing(
    "ACT-032",
    "nobody_picks_up_in_the_end",
    "A PickUp is answered with the phone call, which goes on ringing.",
    lambda request: in_order(request, "PickUp"),
)


@before("ACT-032")
def somebody_else_picks_up(request: Request) -> Request | None:
    """A PickUp is by the extension of the caller, whichever is named."""
    named = does(request, "PickUp") and has(request, "sendCallTo") and request.json["sendCallTo"] == JOINING
    return request.with_members(sendCallTo=CALLER.extension) if named else None
