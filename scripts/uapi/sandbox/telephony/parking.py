"""A phone call is put into the parking lot."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from pydantic import MISSING

from uapi.sandbox.calls import stamp
from uapi.sandbox.plans import SECOND, Return
from uapi.sandbox.telephony.members import pruned
from uapi.sandbox.telephony.refusing import talking

if TYPE_CHECKING:
    from collections.abc import Collection

    from uapi.sandbox.calls import Call, View

FIRST: Final = 701
"""The lowest position of a parking lot."""
LONGEST: Final = 180
"""How many seconds a call stays in the parking lot where the request does not say (D-76)."""


def parked(call: Call, view: View, now: int, *, taken: Collection[int], seconds: int = LONGEST) -> Call:
    """Return the call parked by the party of a view, at the lowest position that is free; a second Park is nothing new.

    When the time is over, the party has the call back (ACT-046). Raises ApiError 400 where the view is not on call.
    """
    if call.parked_view is not None:
        return call
    talking(call, view)
    position = next(each for each in count(FIRST) if each not in taken)
    there = view.but(parked=stamp(now), parkedPos=position, parkedBy=view.extension, onHold=MISSING, holder=MISSING)
    return pruned(call.with_views([there]).expecting(Return(at=now + seconds * SECOND)))
