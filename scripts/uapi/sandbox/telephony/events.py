"""What happens to a phone call as time passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import MISSING

from uapi.sandbox.plans import End, Return, Ring
from uapi.sandbox.telephony.answering import answered, unanswered
from uapi.sandbox.telephony.members import ALONE, pruned

if TYPE_CHECKING:
    from uapi.sandbox.calls import Call
    from uapi.sandbox.plans import Event


def advanced(call: Call, now: int) -> Call | None:
    """Return the call after all that is due by a point in time has happened, or None where it has ended.

    Each event happens at its own time, so that the outcome does not depend on when somebody looks.
    """
    current: Call | None = call
    while current is not None and (event := current.next_event) is not None and event.at <= now:
        current = _happened(current, event)
        if current is not None and len(current.numbers) < ALONE:
            return None
    return current


def _happened(call: Call, event: Event) -> Call | None:
    match event:
        case End():
            return None
        case Return():
            return _returned(call, event)
        case Ring(answered=True):
            return answered(call, event, event.at)
        case Ring():
            return unanswered(call, event)


def _returned(call: Call, event: Return) -> Call:
    """Return the call after whoever parked it took it back."""
    back = call.each(lambda view: view.but(parked=MISSING, parkedPos=MISSING, parkedBy=MISSING))
    return pruned(back.planned(due=tuple(each for each in call.plan.due if each != event)))
