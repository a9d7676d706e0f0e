"""Faults in transferring a phone call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mutants.messages import error
from mutants.mutant import before
from mutants.performed import FIRST, JOINING, PUBLIC, answers_nothing, does, does_nothing, has, in_order, refuses

if TYPE_CHECKING:
    from mutants.messages import Request

refuses(
    "ACT-075",
    "transfers_are_forbidden",
    "A Transfer is refused with 403.",
    lambda request: does(request, "Transfer"),
    error(403, "access_denied"),
)
refuses(
    "ACT-075",
    "transfers_are_by_views",
    "A Transfer that names two numbers is refused.",
    lambda request: does(request, "Transfer") and has(request, "transferNumber"),
)
answers_nothing(
    "ACT-075",
    "transferred_calls_are_gone",
    "A Transfer is answered with 204.",
    lambda request: does(request, "Transfer"),
)
does_nothing(
    "ACT-076",
    "nobody_is_transferred",
    "A Transfer is answered with the phone call, and nothing happens.",
    lambda request: in_order(request, "Transfer"),
)


@before("ACT-077")
def who_is_transferred_leaves(request: Request) -> Request | None:
    """A Transfer connects who transferred it, and the other party leaves."""
    if not does(request, "Transfer") or not has(request, "transferFromNumber"):
        return None
    first, second = request.json["transferFromNumber"], request.json["transferNumber"]
    return request.with_members(transferFromNumber=second, transferNumber=first)


@before("ACT-077")
def a_transfer_is_a_conference(request: Request) -> Request | None:
    """A Transfer brings its aim into the phone call, and nobody leaves."""
    if not in_order(request, "Transfer") or request.json["sendCallTo"] != JOINING or not has(request, "transferNumber"):
        return None
    return request.with_json({"action": "BargeIn", "phoneCallViewId": FIRST, "sendCallTo": JOINING})


refuses(
    "ACT-078",
    "transfers_are_by_numbers",
    "A Transfer without `transferFromNumber` and `transferNumber` is refused.",
    lambda request: does(request, "Transfer") and not has(request, "transferNumber"),
)
refuses(
    "ACT-079",
    "transfers_stay_inside",
    "A Transfer to a public number is refused.",
    lambda request: has(request, "sendCallTo") and request.json["sendCallTo"] == PUBLIC,
)
refuses(
    "ACT-085",
    "there_are_no_voicemails",
    "A TransferToVoicemail is refused with 404.",
    lambda request: does(request, "TransferToVoicemail"),
    error(404, "voicemail_unknown"),
)
refuses(
    "ACT-085",
    "voicemails_take_one_number",
    "A TransferToVoicemail with `transferFromNumber` is refused.",
    lambda request: does(request, "TransferToVoicemail") and has(request, "transferFromNumber"),
)
answers_nothing(
    "ACT-085",
    "a_voicemail_tells_nothing",
    "A TransferToVoicemail is answered with 204.",
    lambda request: does(request, "TransferToVoicemail"),
)
refuses(
    "ACT-086",
    "a_voicemail_wants_to_know_who_transfers",
    "A TransferToVoicemail without `transferFromNumber` is refused.",
    lambda request: does(request, "TransferToVoicemail") and not has(request, "transferFromNumber"),
)
