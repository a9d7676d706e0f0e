"""Faults in hanging up: one phone call, or all those of an extension."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from mutants.asked import extension, one, several
from mutants.messages import Request, Response, error
from mutants.mutant import after, again, before, faulty, instead
from mutants.placing import EMPTY, each, ids
from mutants.world import CALLER, OTHER_ORGANIZATION, PHONE_CALL, ROLES, STRANGER

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mutants.mutant import Fault, Serve

MALFORMED: Final = "request_malformed"
SOURCE: Final = ROLES.create.source if ROLES.create else ""
DESTINATION: Final = ROLES.create.destination if ROLES.create else ""


def one_ends(request: Request) -> bool:
    return request.method == "DELETE" and request.call is not None


def all_end(request: Request) -> bool:
    return request.method == "DELETE" and request.call is None


def ended(request: Request, response: Response) -> bool:
    """Tell whether a hang-up of one phone call was answered with it."""
    return one_ends(request) and response.status == 200


def made(value: object) -> Response:
    """Return an answer of 200 with a value."""
    body = json.dumps(value).encode()
    return Response(200, (("content-type", "application/json"), ("content-length", str(len(body)))), body)


async def calls_of(request: Request, serve: Serve, place: str) -> list[str]:
    """Return the ids of the caller's phone calls at a place."""
    asked = replace(request, method="GET", raw_path=f"/uapi/phoneCalls/@me/{place}", query="count=5000")
    response = await serve(asked.with_token(CALLER.token))
    return [call["id"] for call in response.json["entry"]] if response.status == 200 else []


def at(request: Request, place: str, phone_call: str | None = None) -> Request:
    """Return the caller's hang-up of a place, whoever sent a request."""
    path = f"/uapi/phoneCalls/@me/{place}" + (f"/{phone_call}" if phone_call else "")
    return replace(request, raw_path=path, query="").with_token(CALLER.token)


# One phone call


@after("END-001")
def hang_ups_are_answered_in_silence(request: Request, response: Response) -> Response | None:
    """A phone call that was hung up is answered with 204."""
    return EMPTY if ended(request, response) else None


@before("END-001")
def nothing_is_hung_up_by_self(request: Request) -> Response | None:
    """A hang-up is refused whose path has `@self`."""
    return error(400, "extension_invalid") if one_ends(request) and extension(request) == "@self" else None


@before("END-001")
def nobody_hangs_up(request: Request) -> Response | None:
    """A hang-up of a phone call is answered with 405."""
    return error(405, "method", allow="GET, PUT") if one_ends(request) else None


@before("END-002")
def hang_ups_are_only_said_to_be_done(request: Request) -> Response | None:
    """A hang-up of a phone call is answered as if it were done, and the call goes on."""
    known = one_ends(request) and not request.query and request.call not in {"nosuchphonecall", PHONE_CALL.id}
    return made([{"id": request.call}]) if known and request.token == CALLER.token else None


@faulty("END-002")
def got_calls_are_kept() -> Fault:
    """A GET finds a phone call as it was before it was hung up."""
    kept: dict[str, Response] = {}
    over: set[str] = set()

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        call = request.call or ""
        if one(request) and call in over:
            return kept.get(call, response)
        if one(request) and response.status == 200 and response.json["entry"]:
            kept[call] = response
        if ended(request, response):
            over.add(call)
        return response

    return fault


@faulty("END-002")
def lists_show_calls_that_are_over() -> Fault:
    """A list still shows the last phone call that was hung up."""
    last: dict[str, dict[str, Any]] = {}

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if ended(request, response) and not request.query:
            last["call"] = response.json[0]
        if several(request) and response.status == 200 and extension(request) == CALLER.extension and last:
            value = response.json
            return response.with_json({**value, "entry": [*value["entry"], last["call"]]})
        return response

    return fault


@after("END-003", also=("END-014",))
def no_id_is_told_of_what_was_hung_up(request: Request, response: Response) -> Response | None:
    """The phone calls of the answer to a hang-up have no id."""
    return each(response, lambda call: call.pop("id", None)) if ended(request, response) else None


@after("END-003")
def nothing_is_told_of_what_was_hung_up(request: Request, response: Response) -> Response | None:
    """The answer to a hang-up is an empty array."""
    return response.with_json([]) if ended(request, response) else None


@after("END-003")
def a_neighbour_is_told_too(request: Request, response: Response) -> Response | None:
    """The answer to a hang-up names another phone call besides, which goes on."""
    if not ended(request, response):
        return None
    value = response.json
    return response.with_json([*value, {**value[0], "id": PHONE_CALL.id}])


@after("END-003")
def another_id_is_told(request: Request, response: Response) -> Response | None:
    """The answer to a hang-up names another phone call."""
    return each(response, lambda call: call.update(id=PHONE_CALL.id)) if ended(request, response) else None


@after("END-004")
def ids_of_hang_ups_stand_alone(request: Request, response: Response) -> Response | None:
    """The answer to a hang-up is an array of ids."""
    return response.with_json(ids(response)) if ended(request, response) and not request.query else None


@after("END-004")
def hang_ups_come_in_envelopes(request: Request, response: Response) -> Response | None:
    """The answer to a hang-up is an envelope."""
    return response.with_json({"entry": response.json}) if ended(request, response) else None


@after("END-004")
def one_hang_up_stands_alone(request: Request, response: Response) -> Response | None:
    """The answer to a hang-up is one phone call."""
    return response.with_json(response.json[0]) if ended(request, response) else None


def further(end: Callable[[Request, Serve, list[str]], Awaitable[object]]) -> Fault:
    """Make a server that does something to the other phone calls of an extension of which one is hung up."""

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if ended(request, response) and request.token == CALLER.token:
            own = [phone_call for phone_call in await calls_of(request, serve, "@self") if len(phone_call) == 20]
            await end(request, serve, own)
        return response

    return fault


@faulty("END-005")
def hang_ups_end_all_calls() -> Fault:
    """A hang-up of a phone call ends every phone call of the user."""

    async def end(request: Request, serve: Serve, _: list[str]) -> None:
        await serve(at(request, "@self"))

    return further(end)


@faulty("END-005")
def hang_ups_end_a_neighbour() -> Fault:
    """A hang-up of a phone call ends the one that was placed before it, too."""

    async def end(request: Request, serve: Serve, calls: list[str]) -> None:
        theirs = {SOURCE, DESTINATION}
        for phone_call in reversed(calls):
            got = await serve(replace(at(request, "@self", phone_call), method="GET"))
            views = got.json["entry"][0]["phoneCallView"]
            if {number for view in views for number in view["source"]} <= theirs:
                await serve(at(request, "@self", phone_call))
                return

    return further(end)


@instead("END-009")
def anybody_hangs_up_anything(request: Request, response: Response) -> Request | None:
    """Whoever knows the id of a phone call ends it."""
    others = one_ends(request) and response.status != 200 and request.token != CALLER.token
    return at(request, "@self", request.call) if others else None


@again("END-009")
def strangers_end_what_they_are_refused(request: Request, response: Response) -> Request | None:
    """A stranger's hang-up of the caller's phone call is refused, and ends the call."""
    refused = one_ends(request) and response.status >= 400 and STRANGER and request.token == STRANGER.token
    return at(request, "@self", request.call) if refused else None


@again("END-009")
def other_organizations_hang_up(request: Request, response: Response) -> Request | None:
    """Another organization that names the owner of an extension ends the owner's phone call."""
    theirs = OTHER_ORGANIZATION is not None and request.token == OTHER_ORGANIZATION.token
    owner = one_ends(request) and request.segments[0] == "@owner"
    return at(request, "@self", request.call) if theirs and owner and response.status != 200 else None


@before("END-010")
def the_number_is_ignored(request: Request) -> Request | None:
    """`phoneNumber` is ignored where the path names a phone call."""
    return request.without_parameters("phoneNumber") if one_ends(request) and request.query else None


@before("END-010")
def the_beginning_of_a_number_is_enough(request: Request) -> Request | None:
    """A `phoneNumber` is that of a party with which the party's number begins."""
    number = request.parameters.get("phoneNumber", "")
    if not one_ends(request) or not number or not DESTINATION.startswith(number):
        return None
    return request.with_parameters(phoneNumber=DESTINATION)


@again("END-010")
def what_is_no_party_is_noticed_too_late(request: Request, response: Response) -> Request | None:
    """A hang-up with the number of nobody tells of nothing, and ends the phone call."""
    nobody = one_ends(request) and response.status == 204 and request.parameters.get("phoneNumber") == "0003*217"
    return at(request, "@self", request.call) if nobody else None


@before("END-011")
def numbers_hang_up_nothing(request: Request) -> Response | None:
    """A hang-up with `phoneNumber` ends no phone call."""
    return EMPTY if one_ends(request) and "phoneNumber" in request.parameters else None


@before("END-011")
def sources_are_no_parties(request: Request) -> Response | None:
    """A hang-up with the number of the source is answered with 200, and ends nothing."""
    source = one_ends(request) and request.parameters.get("phoneNumber") == SOURCE
    return made([{"id": request.call}]) if source else None


@after("END-013")
def unknown_calls_are_not_found(request: Request, response: Response) -> Response | None:
    """A hang-up of a phone call that does not exist is answered with 404."""
    return error(404, "not_found") if one_ends(request) and response.status == 204 else None


@after("END-013")
def calls_that_are_over_end_again(request: Request, response: Response) -> Response | None:
    """A hang-up of a phone call that does not exist is answered as if it had been done."""
    return made([{"id": request.call}]) if one_ends(request) and response.status == 204 else None


@after("END-013")
def unknown_calls_are_refused_in_other_words(request: Request, response: Response) -> Response | None:
    """A hang-up of a phone call that does not exist is refused with a code of its own."""
    return error(400, "no_such_call") if one_ends(request) and response.status == 204 else None


@before("END-014")
def fields_of_hang_ups_are_ignored(request: Request) -> Request | None:
    """A hang-up with `fields` is answered with whole phone calls."""
    return request.without_parameters("fields") if one_ends(request) and "fields" in request.parameters else None


@after("END-014")
def hang_ups_tell_the_id_alone(request: Request, response: Response) -> Response | None:
    """A hang-up with `fields` is answered with the id, whichever fields are asked for."""
    reduced = ended(request, response) and "fields" in request.parameters
    return response.with_json([{"id": name} for name in ids(response)]) if reduced else None
