"""Faults in joining a phone call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mutants.messages import error
from mutants.mutant import before
from mutants.performed import JOINING, answers_nothing, does, does_nothing, has, in_order, refuses
from mutants.world import CALLER

if TYPE_CHECKING:
    from mutants.messages import Request

refuses(
    "ACT-060",
    "nobody_barges_in",
    "A BargeIn is refused with 403.",
    lambda request: does(request, "BargeIn"),
    error(403, "access_denied"),
)
answers_nothing(
    "ACT-060",
    "barging_in_is_answered_with_204",
    "A BargeIn is answered with 204.",
    lambda request: does(request, "BargeIn"),
)
does_nothing(
    "ACT-061",
    "barging_in_is_not_done",
    "A BargeIn is answered with the phone call, and nothing happens.",
    lambda request: in_order(request, "BargeIn"),
)


@before("ACT-061")
def the_caller_barges_in(request: Request) -> Request | None:
    """A BargeIn brings in the extension of the caller, whichever is named."""
    named = does(request, "BargeIn") and has(request, "sendCallTo") and request.json["sendCallTo"] == JOINING
    return request.with_members(sendCallTo=CALLER.extension) if named else None


refuses(
    "ACT-065",
    "nobody_whispers",
    "A Whisper is answered with 501, though the target is said to have it.",
    lambda request: does(request, "Whisper"),
    error(501, "request_not_implemented"),
)
does_nothing(
    "ACT-066",
    "a_whisper_is_not_heard",
    "A Whisper is answered with the phone call, and nothing happens.",
    lambda request: in_order(request, "Whisper"),
)


def is_private(request: Request, *values: object) -> bool:
    if not does(request, "Whisper") or not has(request, "private"):
        return False
    return any(request.json["private"] == value for value in values)


refuses(
    "ACT-067",
    "private_is_required",
    "A Whisper without `private` is refused.",
    lambda request: does(request, "Whisper") and not has(request, "private"),
)
refuses(
    "ACT-067",
    "nobody_whispers_in_private",
    "A Whisper whose `private` is 1 is refused.",
    lambda request: is_private(request, 1, "1"),
    also=("ACT-068",),
)
refuses(
    "ACT-067",
    "private_is_a_string",
    "A Whisper whose `private` is a number is refused.",
    lambda request: is_private(request, 0, 1),
)
refuses(
    "ACT-068",
    "private_is_a_number",
    "A Whisper whose `private` is a string is refused.",
    lambda request: is_private(request, "0", "1"),
)
refuses(
    "ACT-068",
    "private_is_a_number_or_empty",
    "A Whisper whose `private` is the string 1 is refused.",
    lambda request: is_private(request, "1"),
)
refuses(
    "ACT-070",
    "nobody_monitors",
    "A Monitor is refused as an action that is not known, though the target is said to have it.",
    lambda request: does(request, "Monitor"),
    error(400, "action_invalid"),
)
does_nothing(
    "ACT-071",
    "who_monitors_is_not_seen",
    "A Monitor is answered with the phone call, and no view of it is that of the listener.",
    lambda request: in_order(request, "Monitor"),
)
