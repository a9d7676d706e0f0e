"""A phone call is put on hold, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import MISSING

from uapi.sandbox.calls import stamp
from uapi.sandbox.telephony.refusing import talking

if TYPE_CHECKING:
    from uapi.sandbox.calls import Call, View


def held(call: Call, view: View, now: int) -> Call:
    """Return the call put on hold by the party of a view (D-77); what is on hold already stays as it is (D-83).

    Raises ApiError 400 where the view is not on call, or the call is parked.
    """
    if view.is_on_hold:
        return call
    talking(call, view)
    return call.with_views([view.but(onHold=stamp(now), holder=1)])


def taken_back(call: Call, view: View) -> Call:
    """Return the call taken back from hold; what is not on hold stays as it is (D-83)."""
    return call.with_views([view.but(onHold=MISSING, holder=MISSING)]) if view.is_on_hold else call
