"""Correct servers that act on phone calls in their own way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mutants.asked import view_of
from mutants.messages import Response, error
from mutants.performed import CALLING, FIRST, JOINING, SECOND, as_it_is, changed, does, done, has
from mutants.variant import answering, asking, variant

if TYPE_CHECKING:
    from mutants.messages import Request
    from mutants.mutant import Fault, Serve

FEW = ("LIST-001",)
"""What a server with few phone calls leaves no occasion to look at."""
OTHER = {FIRST: SECOND, SECOND: FIRST}
PARKING = ("parked", "parkedPos", "parkedBy")
ENOUGH = 100
"""How often somebody looks whether a terminal was answered."""


@answering(telephony=True, remarks=FEW)
def a_park_is_answered_with_an_array(request: Request, response: Response) -> Response | None:
    """A Park is answered with an array of the phone call, as the model line of its page has it."""
    return response.with_json([response.json]) if done(request, response, "Park") else None


@answering(telephony=True, remarks=(*FEW, "ACT-011"))
def actions_are_answered_with_arrays(request: Request, response: Response) -> Response | None:
    """Each action is answered with an array of the phone call, which is tolerated."""
    carried_out = request.method == "PUT" and response.status == 200
    return response.with_json([response.json]) if carried_out else None


@variant(telephony=True, remarks=FEW)
def the_other_view_is_parked() -> Fault:
    """The view of the party that waits is the one that is parked, and that is taken out."""

    def move(call: dict[str, Any]) -> None:
        views = {view["id"]: view for view in call.get("phoneCallView", ())}
        for view in views.values():
            other = views.get(OTHER.get(view["id"], ""))
            if "parked" in view and other is not None:
                other.update({name: view.pop(name) for name in PARKING})
                return

    async def served(request: Request, serve: Serve) -> Response:
        other = OTHER.get(str(view_of(request))) if does(request, "UnPark") else None
        response = await serve(request.with_members(phoneCallViewId=other) if other else request)
        return response.with_calls(move)

    return served


@answering(telephony=True, remarks=FEW)
def who_parks_leaves(_: Request, response: Response) -> Response:
    """A phone call that is parked has no view of who parked it, only one of who waits."""

    def leave(call: dict[str, Any]) -> None:
        views = call.get("phoneCallView", ())
        parked = next((view for view in views if "parked" in view), None)
        if parked is not None:
            others = [view["extension"] for view in views if view is not parked]
            call["phoneCallView"] = [{**parked, "extension": other} for other in others[:1]] or views

    return response.with_calls(leave)


@answering(telephony=True, remarks=FEW)
def a_hold_is_seen_by_both(_: Request, response: Response) -> Response:
    """Both views of a phone call carry `onHold`, and only that of who holds it the `holder`."""

    def spread(call: dict[str, Any]) -> None:
        views = call.get("phoneCallView", ())
        held = [view for view in views if "onHold" in view]
        for view in views:
            if held and "onHold" not in view:
                view.update(onHold=held[0]["onHold"], holder=0)

    return response.with_calls(spread)


@answering(telephony=True, remarks=FEW)
def nobody_is_told_who_holds(_: Request, response: Response) -> Response:
    """No view has a `holder`."""
    return changed(response, lambda view: view.pop("holder", None))


@answering(telephony=True, remarks=FEW)
def every_view_has_a_holder(_: Request, response: Response) -> Response:
    """Each view has a `holder`, as a string, which is 0 while it holds nothing."""
    return changed(response, lambda view: view.update(holder=str(view.get("holder", 0))))


@answering(telephony=True, remarks=FEW)
def times_of_states_have_a_fraction(_: Request, response: Response) -> Response:
    """The times of a hold and of parking have a fraction of a second."""

    def change(view: dict[str, Any]) -> None:
        for name in ("onHold", "parked"):
            if name in view and "." not in view[name]:
                view[name] = f"{view[name][:19]}.250{view[name][19:]}"

    return changed(response, change)


def again(first: Response, second: Response) -> Fault:
    """Return a server that answers an OnHold of what is on hold, and an OffHold of what is not, in its own way."""

    async def served(request: Request, serve: Serve) -> Response:
        if does(request, "OnHold", "OffHold"):
            shown = await as_it_is(request, serve)
            views = shown.json.get("phoneCallView", ()) if shown.status == 200 else ()
            for view in views:
                if view["id"] == view_of(request) and ("onHold" in view) == (request.action == "OnHold"):
                    return first if request.action == "OnHold" else second
        return await serve(request)

    return served


@variant(telephony=True, remarks=FEW)
def holding_twice_is_refused() -> Fault:
    """An OnHold of what is on hold is refused with 400, and so is an OffHold of what is not."""
    return again(error(400, "pc_on_hold"), error(400, "pc_not_on_hold"))


@variant(telephony=True, remarks=FEW)
def holding_twice_is_nothing_to_tell() -> Fault:
    """An OnHold of what is on hold is answered with 204, and so is an OffHold of what is not."""
    return again(Response(204, (), b""), Response(204, (), b""))


@variant(telephony=True, remarks=FEW)
def who_joins_is_waited_for() -> Fault:
    """An action by which somebody is called is answered once the terminal was."""

    async def served(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if done(request, response, *CALLING) and has(request, "sendCallTo"):
            for _ in range(ENOUGH):
                response = await as_it_is(request, serve)
                called = [view for view in response.json["phoneCallView"] if view["extension"] == JOINING]
                if any(str(view["status"]) == "5" for view in called) or request.json["sendCallTo"] != JOINING:
                    break
                await asyncio.sleep(0.005)
        return response

    return served


@answering(telephony=True, remarks=FEW)
def extensions_are_short(_: Request, response: Response) -> Response:
    """The extensions of views, and who parked a phone call, are told in their short form."""

    def change(view: dict[str, Any]) -> None:
        for name in ("extension", "parkedBy"):
            if name in view:
                view[name] = view[name].rpartition("*")[2]

    return changed(response, change)


@answering(telephony=True, remarks=FEW)
def wrong_actions_have_a_code_of_their_own(request: Request, response: Response) -> Response | None:
    """An action that is refused for what it names is refused with codes that no page has."""
    return response.with_code("pc_action_refused") if request.method == "PUT" and response.status == 400 else None


@answering(telephony=True, remarks=FEW)
def unknown_extensions_are_not_found(request: Request, response: Response) -> Response | None:
    """An action that names an extension that does not exist, or is none of the organization, is refused with 404."""
    named = has(request, "sendCallTo") and request.json["sendCallTo"] != JOINING
    return error(404, "extension_unknown") if named and does(request, *CALLING) and response.status == 400 else None


@variant(telephony=True, remarks=FEW)
def voicemails_end_the_call() -> Fault:
    """A phone call that was sent to a voicemail is none any more."""

    async def served(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if done(request, response, "TransferToVoicemail"):
            await serve(replace(request, method="DELETE"))
        return response

    return served


@asking(
    telephony=True,
    remarks=FEW,
    features={"monitor": False, "transfer_to_voicemail": False, "pick_up": False},
)
def some_actions_are_unknown(request: Request) -> Response | None:
    """There is no Monitor, no TransferToVoicemail and no PickUp."""
    unknown = does(request, "Monitor", "TransferToVoicemail", "PickUp")
    return error(501, "request_not_implemented") if unknown else None


@variant(telephony=True, remarks=FEW)
def who_transfers_leaves_at_once() -> Fault:
    """A Transfer is over for who transferred it before its aim has answered."""
    left: dict[str | None, str] = {}

    async def served(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if done(request, response, "Transfer") and has(request, "transferFromNumber"):
            left[request.call] = request.json["transferFromNumber"]

        def leave(call: dict[str, Any]) -> None:
            views = [view for view in call.get("phoneCallView", ()) if view["extension"] != left.get(call.get("id"))]
            if views:
                call["phoneCallView"] = views

        return response.with_calls(leave)

    return served
