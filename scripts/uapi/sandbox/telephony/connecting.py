"""An extension is called to be connected with a phone call: it picks it up, unparks it, or joins those who talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.sandbox.plans import ring
from uapi.sandbox.telephony.refusing import newcomer, refuse_view, talking

if TYPE_CHECKING:
    from uapi.sandbox.calls import Call, View
    from uapi.sandbox.plans import Party, Purpose


def picked_up(call: Call, view: View, party: Party, now: int, *, wait: int, caller_id: str | None) -> Call:
    """Return the call with an extension called that is to answer in the place of the view's terminal, which rings.

    Raises ApiError 400 where it does not ring, or the extension takes part in the call already.
    """
    if not view.is_ringing:
        refuse_view(f"The view {view.id} does not ring. Send a view whose status is 3.")
    return _calling(call, view, party, now, "pick-up", wait, caller_id)


def unparked(call: Call, view: View, party: Party, now: int, *, wait: int, caller_id: str | None) -> Call:
    """Return the call with an extension called that is to take it out of the parking lot.

    Raises ApiError 400 where the view is not parked, or the extension takes part in the call already.
    """
    if not view.is_parked:
        refuse_view(f"The view {view.id} is not parked. Send a view that carries parked.")
    return _calling(call, view, party, now, "unpark", wait, caller_id)


def joined(call: Call, view: View, party: Party, now: int, *, wait: int, caller_id: str | None) -> Call:
    """Return the call with an extension called that is to join it: to talk, to whisper or to listen (D-78).

    Raises ApiError 400 where the view is not on call, or the extension takes part in the call already.
    """
    talking(call, view)
    return _calling(call, view, party, now, "join", wait, caller_id)


def _calling(
    call: Call, view: View, party: Party, now: int, purpose: Purpose, wait: int, caller_id: str | None
) -> Call:
    if party.number != view.extension or purpose == "join":
        newcomer(call, party.number)
    shown = caller_id or party.caller_id
    event = ring(party, purpose, now, wait, view=view.id)
    return call.expecting(event.model_copy(update={"caller_id": shown}))
