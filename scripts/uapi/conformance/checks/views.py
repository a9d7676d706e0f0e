"""Checks of VIEW that observe: how the fields of a view go together, in every answer of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import phone_calls_of, views_of
from uapi.conformance.checks.registry import observe
from uapi.conformance.checks.representation import of_views
from uapi.conformance.finding import Failed

if TYPE_CHECKING:
    from collections.abc import Callable

    from uapi.conformance.checks.registry import Observation
    from uapi.conformance.exchange import Exchange

RINGING: Final = "3"
PARKING: Final = ("parked", "parkedPos", "parkedBy")
HOLDS: Final = "1"


def where(applies: Callable[[dict[str, Any]], bool]) -> Callable[[Callable[[dict[str, Any]], str | None]], Observation]:
    """Make an observation of a judgement on the views of a kind; an answer without one of them shows nothing."""

    def made(judge: Callable[[dict[str, Any]], str | None]) -> Observation:
        def observed(exchange: Exchange) -> bool:
            views = [(call, view) for call in phone_calls_of(exchange) for view in views_of(call) if applies(view)]
            for call, view in views:
                if (complaint := judge(view)) is not None:
                    raise Failed(f"phone call {call.get('id')!r}: view {view.get('id')!r}: {complaint}", exchange)
            return bool(views)

        observed.__doc__ = judge.__doc__
        return observed

    return made


def given(view: dict[str, Any], name: str) -> bool:
    """Tell whether a view carries a field. A null is the business of CALL-017 alone."""
    return view.get(name) is not None


@observe("VIEW-001")
@of_views
def a_view_has_a_flow(view: dict[str, Any]) -> str | None:
    """The direction of the phone call (D-35)."""
    return None if given(view, "flow") else "it lacks flow"


@observe("VIEW-002", otherwise="no view of any answer rings")
@where(lambda view: str(view.get("status")) == RINGING)
def a_ringing_view_was_not_answered(view: dict[str, Any]) -> str | None:
    """A view whose status is ringing has no time of an answer."""
    return f"it rings, and has been answered at {view['answered']!r}" if given(view, "answered") else None


@observe("VIEW-004", otherwise="no view of any answer is parked")
@where(lambda view: any(given(view, name) for name in PARKING))
def a_parked_view_tells_all_of_it(view: dict[str, Any]) -> str | None:
    """The time, the position and who parked the call come together."""
    missing = [name for name in PARKING if not given(view, name)]
    return f"it is parked, and lacks {', '.join(missing)}" if missing else None


@observe("VIEW-005", otherwise="no view of any answer has a holder of 1")
@where(lambda view: str(view.get("holder")) == HOLDS)
def only_a_held_view_has_a_holder(view: dict[str, Any]) -> str | None:
    """A party that put the call on hold sees since when."""
    return None if given(view, "onHold") else "its holder is 1, and it lacks onHold"
