"""Correct servers that place phone calls and hang them up in their own way."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from mutants.arrangements import FEW
from mutants.asked import one, several
from mutants.hanging_up import all_end, ended, made, one_ends
from mutants.messages import Request, Response, error
from mutants.ordering import member
from mutants.placing import creates, ids, placed, told_of_calls
from mutants.variant import answering, asking, variant
from mutants.world import CALLER

if TYPE_CHECKING:
    from mutants.mutant import Fault, Serve

LATE_SECONDS: Final = 0.15


@answering(telephony=True, remarks=(*FEW, "MAKE-001"))
def a_placed_call_stands_alone(request: Request, response: Response) -> Response | None:
    """A request that places a phone call is answered with the phone call, without an array."""
    return response.with_json(response.json[0]) if placed(request, response) else None


@answering(telephony=True, remarks=(*FEW, "MAKE-001"))
def placed_calls_come_in_envelopes(request: Request, response: Response) -> Response | None:
    """A request that places a phone call is answered with an envelope."""
    return response.with_json({"entry": response.json, "totalResults": 1}) if placed(request, response) else None


@answering(telephony=True, remarks=(*FEW, "MAKE-003"))
def only_ids_of_placed_calls_are_told(request: Request, response: Response) -> Response | None:
    """A request that places a phone call is answered with its id."""
    whole = placed(request, response) and "fields" not in request.parameters
    return response.with_json([{"id": name} for name in ids(response)]) if whole else None


@answering(telephony=True, remarks=(*FEW, "MAKE-013"))
def nobody_keeps_a_nonce(_: Request, response: Response) -> Response | None:
    """No phone call has a nonce, so that those of the kit are told by their numbers."""
    return told_of_calls(response, lambda call: call.pop("nonce", None))


@answering(telephony=True, remarks=FEW)
def extensions_are_told_in_short(_: Request, response: Response) -> Response | None:
    """Every extension of an answer is in its short form."""

    def short(call: dict[str, Any]) -> None:
        for each_ in (call, *call.get("phoneCallView", [])):
            for name in ("extension", "source", "destination"):
                value = each_.get(name)
                if isinstance(value, str):
                    each_[name] = value.rpartition("*")[2]
                elif isinstance(value, list):
                    each_[name] = [number.rpartition("*")[2] for number in value]

    return told_of_calls(response, short)


@answering(telephony=True, remarks=FEW)
def only_ids_of_hang_ups_are_told(request: Request, response: Response) -> Response | None:
    """The answer to a hang-up has the id of each phone call and nothing else, unless `fields` asks for more."""
    whole = (ended(request, response) or all_end(request)) and response.status == 200
    return response.with_json([{"id": name} for name in ids(response)]) if whole and not request.query else None


@answering(telephony=True, remarks=(*FEW, "END-004", "END-014"))
def hang_ups_tell_plain_ids(request: Request, response: Response) -> Response | None:
    """The answer to a hang-up is an array of ids."""
    hung_up = request.method == "DELETE" and response.status == 200
    return response.with_json([call.get("id") for call in response.json]) if hung_up else None


@answering(telephony=True, remarks=(*FEW, "END-004"))
def hang_ups_are_told_in_envelopes(request: Request, response: Response) -> Response | None:
    """The answer to a hang-up is an envelope."""
    hung_up = request.method == "DELETE" and response.status == 200
    return response.with_json({"entry": response.json}) if hung_up else None


@answering(telephony=True, remarks=FEW)
def nothing_to_hang_up_is_an_empty_array(request: Request, response: Response) -> Response | None:
    """A hang-up that has nothing to do is answered with 200 and an empty array."""
    return made([]) if request.method == "DELETE" and response.status == 204 else None


@answering(telephony=True, remarks=FEW)
def an_unknown_call_to_hang_up_is_refused(request: Request, response: Response) -> Response | None:
    """A hang-up of a phone call that does not exist is refused as an action on it is."""
    return error(400, "pc_phonecall_invalid") if one_ends(request) and response.status == 204 else None


@answering(telephony=True, remarks=FEW)
def others_are_forbidden_to_hang_up(request: Request, response: Response) -> Response | None:
    """A hang-up by somebody else is refused with 403."""
    others = one_ends(request) and request.token != CALLER.token
    return error(403, "access_denied") if others and response.status in {204, 400, 401} else None


@answering(telephony=True, remarks=FEW)
def wrong_extensions_are_not_found(request: Request, response: Response) -> Response | None:
    """A request to place a phone call with an extension that it may not have is refused with 404."""
    wrong = creates(request) and response.code == "extension_invalid"
    return error(404, "no_such_extension") if wrong and member(request, "extension") not in {None, "@self"} else None


@asking(telephony=True, remarks=(*FEW, "MAKE-022"))
def the_extensions_of_others_are_not_charged(request: Request) -> Request | None:
    """Where a request names somebody else's extension, the caller's own is charged."""
    own = request.token == CALLER.token and creates(request, "simple") and request.segments[0] == "@me"
    others = member(request, "extension") in {"0003*220", "0004*210"}
    return request.with_members(extension=CALLER.extension) if own and others else None


@asking(telephony=True, remarks=FEW)
def what_is_missing_is_made_up(request: Request) -> Request | None:
    """A request without a source calls the extension that is charged."""
    views = member(request, "phoneCallView")
    missing = isinstance(views, list) and len(views) == 1 and set(views[0]) == {"destination"}
    return request.with_members(phoneCallView=[{"source": CALLER.extension, **views[0]}]) if missing else None


@variant(telephony=True, remarks=FEW)
def hang_ups_take_their_time() -> Fault:
    """A phone call that was hung up is over a moment after the answer."""
    due: list[tuple[float, Request]] = []

    async def fault(request: Request, serve: Serve) -> Response:
        while due and due[0][0] <= time.monotonic():
            await serve(due.pop(0)[1])
        if not one_ends(request) or request.query or request.token != CALLER.token:
            return await serve(request)
        got = await serve(replace(request, method="GET"))
        found = got.json["entry"] if got.status == 200 else []
        if not found:
            return await serve(request)
        due.append((time.monotonic() + LATE_SECONDS, request))
        return made(found)

    return fault


@variant(telephony=True, remarks=FEW)
def new_calls_are_shown_in_time() -> Fault:
    """A phone call is shown a moment after it was placed."""
    hidden: dict[str, float] = {}

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        now = time.monotonic()
        if placed(request, response):
            hidden.update(dict.fromkeys(ids(response), now + LATE_SECONDS))
        if (one(request) or several(request)) and response.status == 200:
            value = response.json
            shown = [call for call in value["entry"] if hidden.get(call.get("id", ""), 0) <= now]
            if len(shown) < len(value["entry"]):
                return response.with_json({**value, "entry": shown})
        return response

    return fault
