"""Faults that any action on a phone call may have."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from mutants.asked import action_on, view_of
from mutants.messages import Response, error
from mutants.mutant import after, again, before, faulty
from mutants.performed import FIRST, FOREIGN, JOINING, does, does_nothing, done, has, refuses
from mutants.world import PHONE_CALL

if TYPE_CHECKING:
    from mutants.messages import Request
    from mutants.mutant import Fault, Serve


@again("ACT-001")
def the_callers_other_call_is_held_too(request: Request, response: Response) -> Request | None:
    """An OnHold puts a further phone call of the caller on hold."""
    return action_on("OnHold", PHONE_CALL.view_id, request) if done(request, response, "OnHold") else None


def on_all(action: str) -> Fault:
    """Return a server that carries out an action on all the calls that were placed, and were not parked before."""
    placed: dict[str | None, None] = {}

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if request.method == "POST" and response.status == 200:
            placed[response.json[0]["id"]] = None
        if done(request, response, action):
            for other in placed:
                if other != request.call:
                    await serve(request.with_segment(2, str(other)))
        elif does(request, "Park"):
            placed.pop(request.call, None)
        return response

    return fault


@faulty("ACT-001", also=("ACT-046",))
def all_placed_calls_are_parked() -> Fault:
    """A Park parks every phone call that has a view of the id."""
    return on_all("Park")


@faulty("ACT-001")
def all_placed_calls_are_transferred() -> Fault:
    """A Transfer transfers every phone call between the two parties, unless it was parked before."""
    return on_all("Transfer")


@faulty("ACT-001")
def barging_in_ends_a_call() -> Fault:
    """A BargeIn ends the phone calls that were placed just before and just after that which it names."""
    placed: list[str] = []

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if request.method == "POST" and response.status == 200:
            placed.append(response.json[0]["id"])
        if done(request, response, "BargeIn"):
            for one, other in pairwise(placed):
                if request.call in {one, other}:
                    neighbour = request.with_segment(2, one if request.call == other else other)
                    await serve(replace(neighbour, method="DELETE"))
        return response

    return fault


@again("ACT-002")
def a_refused_hold_holds_the_first(request: Request, response: Response) -> Request | None:
    """An OnHold of an unknown view is refused, and another party holds the call."""
    refused = does(request, "OnHold") and response.status == 400 and has(request, "phoneCallViewId")
    return request.with_members(phoneCallViewId=FIRST) if refused else None


@again("ACT-002")
def a_refused_park_parks(request: Request, response: Response) -> Request | None:
    """A Park without a view is refused, and the phone call is parked all the same."""
    refused = does(request, "Park") and response.status == 400 and not has(request, "phoneCallViewId")
    return request.with_members(phoneCallViewId=FIRST) if refused else None


@again("ACT-002")
def a_refused_voicemail_answers(request: Request, response: Response) -> Request | None:
    """A TransferToVoicemail to nobody is refused, and a voicemail takes the phone call."""
    refused = does(request, "TransferToVoicemail") and response.status == 400 and not has(request, "sendCallTo")
    return request.with_members(sendCallTo=JOINING) if refused else None


@again("ACT-002")
def a_refused_transfer_rings(request: Request, response: Response) -> Request | None:
    """A Transfer to nobody is refused, and an extension rings for it."""
    refused = does(request, "Transfer") and response.status == 400 and not has(request, "sendCallTo")
    return request.with_members(sendCallTo=JOINING) if refused else None


@before("ACT-003")
def holding_needs_no_view(request: Request) -> Request | None:
    """An OnHold or OffHold without a view is for the first one."""
    missing = does(request, "OnHold", "OffHold") and not has(request, "phoneCallViewId")
    return request.with_members(phoneCallViewId=FIRST) if missing else None


@before("ACT-003")
def unparking_needs_no_view(request: Request) -> Request | None:
    """An UnPark without a view takes out the one that is parked."""
    missing = does(request, "UnPark") and not has(request, "phoneCallViewId")
    return request.with_members(phoneCallViewId=FIRST) if missing else None


@before("ACT-003")
def picking_up_needs_no_view(request: Request) -> Request | None:
    """A PickUp without a view is for the one that rings."""
    missing = does(request, "PickUp") and not has(request, "phoneCallViewId")
    return request.with_members(phoneCallViewId="01") if missing else None


refuses(
    "ACT-003",
    "a_missing_view_is_not_found",
    "A Whisper without a view is refused with 404.",
    lambda request: does(request, "Whisper") and not has(request, "phoneCallViewId"),
    error(404, "pc_phonecallview_invalid"),
)


@before("ACT-004")
def views_are_numbers(request: Request) -> Request | None:
    """The id of a view is read as a number, so that 0 is the view 00."""
    view = view_of(request)
    near = does(request, "OnHold", "BargeIn") and isinstance(view, str) and view.isdigit()
    return request.with_members(phoneCallViewId=f"{int(str(view)):02}") if near else None


does_nothing(
    "ACT-004",
    "unknown_views_are_not_minded",
    "An OffHold of a view that the phone call has not is answered with 200, and nothing happens.",
    lambda request: does(request, "OffHold") and view_of(request) == "nosuchview",
)


@before("ACT-004")
def a_transfer_does_not_look_at_its_view(request: Request) -> Request | None:
    """A Transfer with a view that the phone call has not is carried out for the first one."""
    unknown = does(request, "Transfer") and view_of(request) == "nosuchview"
    return request.with_members(phoneCallViewId=FIRST) if unknown else None


refuses(
    "ACT-004",
    "an_unknown_view_is_not_found",
    "A Park of a view that the phone call has not is refused with 404.",
    lambda request: does(request, "Park") and view_of(request) == "nosuchview",
    error(404, "pc_phonecallview_invalid"),
)


@after("ACT-005")
def a_wrong_view_is_a_bad_request(request: Request, response: Response) -> Response | None:
    """A Park without a view is refused with the code of any bad request."""
    refused = does(request, "Park") and response.status == 400 and not has(request, "phoneCallViewId")
    return response.with_code("request_malformed") if refused else None


@before("ACT-006")
def a_pick_up_is_by_somebody(request: Request) -> Request | None:
    """A PickUp that does not say who picks up is by any extension."""
    missing = does(request, "PickUp") and not has(request, "sendCallTo")
    return request.with_members(sendCallTo=JOINING) if missing else None


does_nothing(
    "ACT-006",
    "a_transfer_leads_nowhere",
    "A Transfer without `sendCallTo` is answered with 200, and nothing happens.",
    lambda request: does(request, "Transfer") and not has(request, "sendCallTo"),
)


@before("ACT-006")
def a_voicemail_is_that_of_anybody(request: Request) -> Request | None:
    """A TransferToVoicemail without `sendCallTo` leads to the voicemail of an extension."""
    missing = does(request, "TransferToVoicemail") and not has(request, "sendCallTo")
    return request.with_members(sendCallTo=JOINING) if missing else None


def calls(request: Request, name: str) -> bool:
    return has(request, "sendCallTo") and request.json["sendCallTo"] == name


does_nothing(
    "ACT-007",
    "nobody_picks_up",
    "A PickUp by an extension that does not exist is answered with 200, and nothing happens.",
    lambda request: does(request, "PickUp") and calls(request, "0003*0"),
)


@before("ACT-007")
def another_whispers(request: Request) -> Request | None:
    """A Whisper by an extension that does not exist is carried out by another."""
    nobody = does(request, "Whisper") and calls(request, "0003*0")
    return request.with_members(sendCallTo=JOINING) if nobody else None


refuses(
    "ACT-007",
    "unparking_for_nobody_breaks_down",
    "An UnPark to an extension that does not exist is answered with 500.",
    lambda request: does(request, "UnPark") and calls(request, "0003*0"),
    error(500, "internal_error"),
)


@before("ACT-008")
def others_listen_in(request: Request) -> Request | None:
    """A BargeIn by an extension of another organization is carried out."""
    foreign = does(request, "BargeIn") and calls(request, FOREIGN)
    return request.with_members(sendCallTo=JOINING) if foreign else None


does_nothing(
    "ACT-008",
    "others_whisper",
    "A Whisper by an extension of another organization is answered with 200.",
    lambda request: does(request, "Whisper") and calls(request, FOREIGN),
)


@before("ACT-008")
def others_have_voicemails(request: Request) -> Request | None:
    """A TransferToVoicemail leads to the voicemail of another organization."""
    foreign = does(request, "TransferToVoicemail") and calls(request, FOREIGN)
    return request.with_members(sendCallTo=JOINING) if foreign else None


def waits(request: Request, kind: type) -> bool:
    return has(request, "waitForPickup") and isinstance(request.json["waitForPickup"], kind)


refuses(
    "ACT-009",
    "the_time_is_a_number",
    "An UnPark whose `waitForPickup` is a string is refused.",
    lambda request: does(request, "UnPark") and waits(request, str),
)
refuses(
    "ACT-009",
    "the_time_is_a_string",
    "A Whisper whose `waitForPickup` is a number is refused.",
    lambda request: does(request, "Whisper") and waits(request, int),
)
refuses(
    "ACT-009",
    "the_time_is_not_known",
    "A BargeIn with `waitForPickup` is refused.",
    lambda request: does(request, "BargeIn") and has(request, "waitForPickup"),
)


@after("ACT-011")
def transfers_are_answered_with_an_envelope(request: Request, response: Response) -> Response | None:
    """A Transfer is answered with an envelope around the phone call."""
    return response.with_json({"entry": [response.json]}) if done(request, response, "Transfer") else None


@after("ACT-011")
def a_pick_up_makes_another_call(request: Request, response: Response) -> Response | None:
    """A PickUp is answered with a phone call of another id."""
    another = {**response.json, "id": f"{response.json['id']}0"} if done(request, response, "PickUp") else None
    return response.with_json(another) if another else None


@after("ACT-011")
def a_hold_is_answered_with_the_view(request: Request, response: Response) -> Response | None:
    """An OnHold is answered with the phone call, of which only the named view is left."""
    if not done(request, response, "OnHold"):
        return None
    views = [view for view in response.json["phoneCallView"] if view["id"] == view_of(request)]
    return response.with_json({**response.json, "phoneCallView": views})


@after("ACT-011")
def a_park_is_answered_with_a_list(request: Request, response: Response) -> Response | None:
    """A Park is answered with an array of two phone calls."""
    two: Any = [response.json, {**response.json, "id": "0"}] if done(request, response, "Park") else None
    return response.with_json(two) if two else None


@after("ACT-011")
def an_unpark_is_answered_with_the_id(request: Request, response: Response) -> Response | None:
    """An UnPark is answered with the id of the phone call alone."""
    return response.with_json({"id": response.json["id"]}) if done(request, response, "UnPark") else None
