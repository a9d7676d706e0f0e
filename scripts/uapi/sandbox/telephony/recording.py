"""A view of a phone call is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import MISSING

from uapi.sandbox.calls import stamp
from uapi.sandbox.telephony.refusing import refuse_view

if TYPE_CHECKING:
    from uapi.sandbox.calls import Call, View


def recorded(call: Call, view: View, now: int) -> Call:
    """Return the call with the recording of a view begun (REC-004, REC-005); a second start keeps the time (D-24).

    Raises ApiError 400 for a view that has not been answered.
    """
    if not view.is_answered:
        refuse_view(f"The view {view.id} has not been answered. Start the recording once it has.")
    return call if view.is_recorded else call.with_views([view.but(recording=stamp(now))])


def not_recorded(call: Call, view: View) -> Call:
    """Return the call with the recording of a view ended; what is not being recorded stays as it is (D-39)."""
    return call.with_views([view.but(recording=MISSING)])
