"""How an action is refused that the state of the phone call does not allow: with 400, and nothing is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from uapi.sandbox.api_errors import ApiError
from uapi.sandbox.api_errors.codes import MALFORMED

if TYPE_CHECKING:
    from uapi.sandbox.calls import Call, View


def refuse(message: str) -> NoReturn:
    """Refuse a request for which the documentation has no code (D-72, D-74)."""
    raise ApiError(400, MALFORMED, message)


def refuse_view(message: str) -> NoReturn:
    """Refuse a request for the view that it names."""
    raise ApiError(400, "pc_phonecallview_invalid", message)


def talking(call: Call, view: View) -> None:
    """Refuse a view that is not on call, and one of a call that is parked."""
    if not view.is_on_call:
        refuse_view(f"The view {view.id} is not on call. Send a view whose status is 5.")
    if call.parked_view is not None:
        refuse_view("The phone call is parked. Take it out of the parking lot first, by UnPark.")


def newcomer(call: Call, number: str) -> None:
    """Refuse to bring somebody into a call who takes part in it already, or is being called for it."""
    if number in call.numbers or any(getattr(event, "number", None) == number for event in call.plan.due):
        refuse(f"{number} takes part in the phone call already, or is being called. Send another number as sendCallTo.")
