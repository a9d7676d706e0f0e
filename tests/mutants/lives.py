"""Faults that show in the life of a phone call: after other steps, or on the party that no check is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mutants.asked import several, update, view_of
from mutants.messages import error
from mutants.mutant import after, again, faulty

if TYPE_CHECKING:
    from mutants.messages import Request, Response
    from mutants.mutant import Fault, Serve

OTHER_PARTY = "01"
"""The view of the number that is called second."""


def asks(request: Request, action: str, view: str | None = None) -> bool:
    return update(request) and request.action == action and view in {None, view_of(request)}


@again("ACT-021", budget="standard", phase="life")
def the_hold_of_the_other_party_is_not_kept(request: Request, response: Response) -> Request | None:
    """An OnHold of the party that is called second is answered as it should be, and ends at once."""
    kept = asks(request, "OnHold", OTHER_PARTY) and response.status == 200
    return request.with_members(action="OffHold") if kept else None


@again("ACT-026", budget="standard", phase="life")
def the_other_party_stays_on_hold(request: Request, response: Response) -> Request | None:
    """An OffHold of the party that is called second is answered as it should be, and it is held again."""
    taken = asks(request, "OffHold", OTHER_PARTY) and response.status == 200
    return request.with_members(action="OnHold") if taken else None


@again("ACT-002", budget="standard", phase="life")
def a_refused_park_ends_a_hold(request: Request, response: Response) -> Request | None:
    """A Park that is refused takes the party that is called first off hold."""
    refused = asks(request, "Park") and response.status == 400
    return request.with_members(action="OffHold", phoneCallViewId="00") if refused else None


@faulty("ACT-020", budget="standard", phase="life")
def a_party_is_held_once() -> Fault:
    """A party that was taken off hold is not put on hold again: the second OnHold is refused."""
    resumed: set[tuple[str | None, object]] = set()

    async def fault(request: Request, serve: Serve) -> Response:
        key = request.call, view_of(request)
        if asks(request, "OnHold") and key in resumed:
            return error(400, "hold_spent")
        response = await serve(request)
        if asks(request, "OffHold") and response.status == 200:
            resumed.add(key)
        return response

    return fault


@faulty("END-002", budget="standard", phase="life")
def a_call_that_was_held_is_not_hung_up() -> Fault:
    """A hang-up of a call that was on hold is answered as it should be, and the call goes on."""
    held: set[str | None] = set()

    async def fault(request: Request, serve: Serve) -> Response:
        if request.method == "DELETE" and request.call in held:
            shown = await serve(replace(request, method="GET"))
            return shown.with_json(shown.json["entry"])
        response = await serve(request)
        if asks(request, "OnHold") and response.status == 200:
            held.add(request.call)
        return response

    return fault


@after("MAKE-006", budget="standard", phase="life")
def held_calls_are_not_listed(request: Request, response: Response) -> Response | None:
    """A list leaves out phone calls that are on hold."""
    if not several(request) or response.status != 200:
        return None
    value = response.json
    kept = [call for call in value["entry"] if not any("onHold" in view for view in call.get("phoneCallView", ()))]
    return response.with_json({**value, "entry": kept})
