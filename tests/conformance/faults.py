"""Faults that the checks alone miss: on a boundary, in a spelling, or in the course of a sequence of requests.

They are made like mutants, but are none: the kill matrix is about the checks.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mutants.asked import one, several, starts, stops, update, user
from mutants.messages import Request, Response, error
from mutants.world import CALLER, OTHER_VIEW, PHONE_CALL, STRANGER

if TYPE_CHECKING:
    from collections.abc import Callable

    from mutants.mutant import Fault, Serve
    from uapi.conformance.run import Phase

UNKNOWN_TOKEN = "no-such-token"


@dataclass(frozen=True)
class Sneaky:
    """A fault, the phase that finds it, and the requirement that it violates."""

    phase: Phase
    requirement: str
    make: Callable[[], Fault]
    features: dict[str, bool] = field(default_factory=dict)
    also: frozenset[str] = frozenset()
    """What the fault violates as well."""

    @property
    def name(self) -> str:
        return self.make.__name__.replace("_", "-")


FAULTS: list[Sneaky] = []


def sneaky(
    phase: Phase, requirement: str, *also: str, **features: bool
) -> Callable[[Callable[[], Fault]], Callable[[], Fault]]:
    """Keep a fault that sees both sides, and may remember."""

    def kept(make: Callable[[], Fault]) -> Callable[[], Fault]:
        FAULTS.append(Sneaky(phase, requirement, make, features, frozenset(also)))
        return make

    return kept


def asked(
    phase: Phase, requirement: str, *also: str
) -> Callable[[Callable[[Request], Request | Response | None]], Callable[[], Fault]]:
    """Keep a fault in how a request is read."""

    def kept(change: Callable[[Request], Request | Response | None]) -> Callable[[], Fault]:
        def make() -> Fault:
            async def fault(request: Request, serve: Serve) -> Response:
                changed = change(request)
                return changed if isinstance(changed, Response) else await serve(changed or request)

            return fault

        make.__name__ = change.__name__
        return sneaky(phase, requirement, *also)(make)

    return kept


def answered(
    phase: Phase, requirement: str, *also: str
) -> Callable[[Callable[[Request, Response], Response]], Callable[[], Fault]]:
    """Keep a fault in what is answered."""

    def kept(change: Callable[[Request, Response], Response]) -> Callable[[], Fault]:
        def make() -> Fault:
            async def fault(request: Request, serve: Serve) -> Response:
                return change(request, await serve(request))

            return fault

        make.__name__ = change.__name__
        return sneaky(phase, requirement, *also)(make)

    return kept


def view_of(request: Request) -> object:
    return request.json.get("phoneCallViewId") if isinstance(request.json, dict) else None


def ours(request: Request) -> bool:
    return request.call == PHONE_CALL.id


def stop_of(view: str, request: Request) -> Request:
    """Return the caller's stop of a view, on the connection of another request."""
    path = f"/uapi/phoneCalls/@me/{CALLER.extension}/{PHONE_CALL.id}"
    body = {"action": "StopRecording", "phoneCallViewId": view}
    plain = replace(request, method="PUT", raw_path=path, query="").with_header("Content-Type", "application/json")
    return plain.with_token(CALLER.token).with_json(body)


# Boundaries and spellings


@asked("coverage", "HTTP-004")
def long_view_ids_crash(request: Request) -> Response | None:
    view = view_of(request)
    return error(500, "internal_server_error") if isinstance(view, str) and len(view) > 100 else None


@asked("coverage", "HTTP-004")
def a_quote_in_a_filter_crashes(request: Request) -> Response | None:
    return error(500, "internal_server_error") if "'" in request.parameters.get("filterValue", "") else None


@asked("coverage", "CALL-020")
def nearly_full_pages_are_empty(request: Request) -> Response | None:
    return Response(204, (), b"") if request.parameters.get("count") == "4999" else None


@asked("coverage", "ADDR-008")
def an_encoded_asterisk_is_not_decoded_in_lists(request: Request) -> Response | None:
    return error(400, "extension_invalid") if several(request) and "%2A" in request.raw_path else None


@asked("coverage", "ADDR-003")
def the_viewer_has_no_lists(request: Request) -> Response | None:
    return error(400, "user_invalid") if several(request) and user(request) == "@viewer" else None


@asked("coverage", "CALL-038")
def the_link_is_no_field(request: Request) -> Response | None:
    return error(400, "fields_invalid") if request.parameters.get("fields") == "link" else None


@asked("coverage", "ADDR-012", "HTTP-010")
def long_ids_are_cut_to_nothing(request: Request) -> Response | None:
    return error(404, "not_found") if update(request) and len(request.call or "") > 200 else None


@asked("coverage", "CALL-031")
def a_count_that_is_true_is_one(request: Request) -> Request | None:
    return request.without_parameters("count") if request.parameters.get("count") == "true" else None


@answered("coverage", "REC-003", "CALL-014")
def members_of_a_body_are_copied_to_the_call(request: Request, response: Response) -> Response:
    copied = request.json.get("id") if starts(request) and response.status == 200 else None
    return response.with_calls(lambda call: call.update(id=copied)) if copied is not None else response


# What only chance finds


@asked("exploration", "HTTP-004")
def an_array_in_an_undocumented_member_crashes(request: Request) -> Response | None:
    others = set(request.json) - {"action", "format", "phoneCallViewId"} if starts(request) else set()
    crashes = any(isinstance(request.json[name], list) for name in others)
    return error(500, "internal_server_error") if crashes else None


@asked("exploration", "HTTP-004")
def two_parameters_together_crash(request: Request) -> Response | None:
    both = {"sortOrder", "startIndex"} <= set(request.parameters) and "filterBy" not in request.parameters
    return error(500, "internal_server_error") if both else None


@asked("stateful", "AUTH-009")
def strangers_stop_recordings(request: Request) -> Request | None:
    foreign = stops(request) and request.token == STRANGER.token and ours(request)
    return stop_of(PHONE_CALL.view_id, request) if foreign else None


# What a list leads to


@answered("links", "CALL-050", "CALL-014")
def neighbours_in_a_list_are_not_got(request: Request, response: Response) -> Response:
    neighbour = one(request) and response.status == 200 and response.json["entry"] and not ours(request)
    return response.with_calls(lambda call: call.update(id="c0ffee")) if neighbour else response


# Sequences


@sneaky("stateful", "REC-023")
def every_seventh_start_is_lost() -> Fault:
    count = 0

    async def fault(request: Request, serve: Serve) -> Response:
        nonlocal count
        response = await serve(request)
        if starts(request) and response.status == 200 and ours(request):
            count += 1
            if count % 7 == 0:
                await serve(stop_of(str(view_of(request)), request))
        return response

    return fault


@sneaky("stateful", "REC-005", "REC-026")
def a_start_of_one_view_stops_the_other() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if starts(request) and response.status == 200 and view_of(request) == OTHER_VIEW:
            await serve(stop_of(PHONE_CALL.view_id, request))
        return response

    return fault


@sneaky("stateful", "REC-023")
def a_get_by_the_viewer_ends_the_recording() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if one(request) and user(request) == "@viewer":
            await serve(stop_of(PHONE_CALL.view_id, request))
        return response

    return fault


@sneaky("stateful", "REC-023")
def every_get_ends_a_recording_of_the_other_view() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if one(request) and ours(request):
            await serve(stop_of(OTHER_VIEW, request))
        return response

    return fault


@sneaky("stateful", "REC-023", "REC-031")
def lists_are_cached_for_three_updates() -> Fault:
    cached: dict[str, tuple[int, Response]] = {}
    updates = 0

    async def fault(request: Request, serve: Serve) -> Response:
        nonlocal updates
        updates += update(request)
        response = await serve(request)
        if not several(request) or request.token != CALLER.token:
            return response
        key = request.raw_path + request.query
        if key in cached and updates - cached[key][0] < 3:
            return cached[key][1]
        cached[key] = (updates, response)
        return response

    return fault


@sneaky("stateful", "REC-023")
def one_of_two_starts_at_once_is_lost() -> Fault:
    going_on = 0

    async def fault(request: Request, serve: Serve) -> Response:
        nonlocal going_on
        if not starts(request) or not ours(request):
            return await serve(request)
        going_on += 1
        first = going_on == 1
        await asyncio.sleep(0.004)
        overlapped = going_on > 1
        response = await serve(request)
        await asyncio.sleep(0.004)
        if overlapped and first and response.status == 200:
            await serve(stop_of(str(view_of(request)), request))
        going_on -= 1
        return response

    return fault


@sneaky("stateful", "REC-026")
def a_second_start_begins_anew() -> Fault:
    late: dict[object, int] = {}
    one_by_one = asyncio.Lock()

    async def fault(request: Request, serve: Serve) -> Response:
        def spelled(view: dict[str, Any]) -> None:
            if "recording" in view:
                began = datetime.fromisoformat(view["recording"]) + timedelta(seconds=late.get(view["id"], 0))
                view["recording"] = began.isoformat()

        async with one_by_one:
            response = await serve(request)
            if starts(request) and response.status == 200:
                late[view_of(request)] = late.get(view_of(request), -1) + 1
            if stops(request) and response.status == 200:
                late.pop(view_of(request), None)
            return response.with_views(spelled)

    return fault


@sneaky("stateful", "REC-025")
def a_malformed_body_ends_a_recording() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if update(request) and request.body and request.json is None and response.status == 400:
            await serve(stop_of(PHONE_CALL.view_id, request))
        return response

    return fault


@sneaky("stateful", "AUTH-008")
def a_stop_with_an_unknown_token_stops() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if stops(request) and request.token == UNKNOWN_TOKEN:
            await serve(request.with_token(CALLER.token))
        return response

    return fault


@sneaky("stateful", "AUTH-009")
def a_refused_stop_of_the_stranger_stops() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if stops(request) and request.token == STRANGER.token and ours(request):
            await serve(stop_of(str(view_of(request)), request))
        return response

    return fault


@sneaky("stateful", "HTTP-007")
def a_refused_stop_as_text_stops() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if stops(request) and response.status == 415:
            await serve(stop_of(str(view_of(request)), request))
        return response

    return fault


@sneaky("stateful", "REC-031")
def a_stop_by_the_owner_is_not_kept() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if stops(request) and response.status == 200 and user(request) == "@owner":
            await serve(request.with_members(action="StartRecording"))
        return response

    return fault


@sneaky("stateful", "REC-032")
def a_stop_of_the_other_view_stops_both() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if stops(request) and response.status == 200 and view_of(request) == OTHER_VIEW and ours(request):
            await serve(stop_of(PHONE_CALL.view_id, request))
        return response

    return fault


@sneaky("stateful", "REC-031", get=False)
def a_stop_is_undone_where_nobody_gets() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if stops(request) and response.status == 200 and user(request) == "@viewer":
            await serve(request.with_members(action="StartRecording"))
        return response

    return fault


@sneaky("stateful", "REC-005", list=False, stop_recording=False)
def the_other_view_is_shown_as_recorded() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        def shown(view: dict[str, Any]) -> None:
            if view["id"] == PHONE_CALL.view_id:
                view.pop("recording", None)

        response = await serve(request)
        return response.with_views(shown) if starts(request) and view_of(request) == OTHER_VIEW else response

    return fault
