"""Faults that show in a sequence of requests: after a first recording, while one goes on, or in what is cached."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mutants.asked import ours, several, starts, stop_of, stops, update, user, view_of
from mutants.authentication import anonymous
from mutants.lacking import without
from mutants.mutant import Fault, Serve, after, again, faulty, register
from mutants.refusals import WRONG_FORMAT, WRONG_VIEW
from mutants.world import CALLER, OTHER_VIEW, PHONE_CALL

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeAlias, Unpack

    from mutants.messages import Request, Response
    from mutants.mutant import Options

    Change: TypeAlias = Callable[["Past", Request, Response, Serve], Awaitable[Response]]

VIEW = PHONE_CALL.view_id
NO_GET = {"get": False}
ONLY_STARTS_AND_GETS = {"list": False, "stop_recording": False}


class Past:
    """What has been recorded of the phone call under test, before the request that is answered."""

    def __init__(self) -> None:
        self.going_on: set[str] = set()
        self.times: dict[str, int] = {}

    def note(self, request: Request, response: Response) -> None:
        if response.status != 200 or not ours(request):
            return
        view = str(view_of(request))
        if starts(request):
            self.times[view] = self.times.get(view, 0) + (view not in self.going_on)
            self.going_on.add(view)
        elif stops(request):
            self.going_on.discard(view)


def remembered(requirement: str, **options: Unpack[Options]) -> Callable[[Change], None]:
    """Register a fault that depends on what was recorded before."""

    def registered(change: Change) -> None:
        def make() -> Fault:
            past = Past()

            async def fault(request: Request, serve: Serve) -> Response:
                response = await serve(request)
                changed = await change(past, request, response, serve)
                past.note(request, response)
                return changed

            return fault

        register(requirement, change, make, options)

    return registered


@remembered("REC-013", also=("REC-014",))
async def formats_are_not_checked_while_recording(
    past: Past, request: Request, response: Response, serve: Serve
) -> Response:
    """A start on a view that is recorded already is answered with 200, whatever its format."""
    wrong = str(view_of(request)) in past.going_on and response.code == WRONG_FORMAT
    return await serve(request.without_members("format")) if wrong else response


@remembered("REC-016")
async def views_are_not_checked_while_recording(
    past: Past, request: Request, response: Response, serve: Serve
) -> Response:
    """While a view is recorded, a start on a view that does not exist is answered with 200."""
    wrong = starts(request) and VIEW in past.going_on and response.code == WRONG_VIEW
    unknown = wrong and isinstance(view_of(request), str) and view_of(request)
    return await serve(request.with_members(phoneCallViewId=VIEW)) if unknown else response


@remembered("AUTH-003")
async def tokens_are_not_checked_while_recording(
    past: Past, request: Request, response: Response, serve: Serve
) -> Response:
    """While a view is recorded, it can be stopped without a token."""
    open_ = stops(request) and anonymous(request) and VIEW in past.going_on
    return await serve(request.with_token(CALLER.token)) if open_ else response


@remembered("REC-023")
async def the_second_recording_is_lost(past: Past, request: Request, response: Response, serve: Serve) -> Response:
    """A view is recorded once: a start after a stop is answered as it should be, and its recording ends at once."""
    view = str(view_of(request))
    started = starts(request) and ours(request) and response.status == 200
    if started and view in past.times and view not in past.going_on:
        await serve(stop_of(view, request))
    return response


@remembered("CALL-013")
async def the_link_is_gone_after_a_recording(past: Past, _: Request, response: Response, __: Serve) -> Response:
    """Once it was recorded, the phone call has neither `link` nor `links`."""
    if not past.times:
        return response
    return response.with_calls(
        lambda call: (call.pop("link", None), call.pop("links", None)) if call.get("id") == PHONE_CALL.id else None
    )


@remembered("CALL-010")
async def the_status_changes_while_recording(past: Past, _: Request, response: Response, __: Serve) -> Response:
    """The `status` of a view that is recorded is 7."""
    return response.with_views(lambda view: view.update(status=7) if "recording" in view and past.times else None)


@after("CALL-017", also=("REC-006",))
def a_stopped_view_has_a_null_recording(request: Request, response: Response) -> Response | None:
    """The `recording` of a view that was stopped is null."""

    def nullified(view: dict[str, Any]) -> None:
        if view.get("id") == view_of(request):
            view["recording"] = None

    return response.with_views(nullified) if stops(request) else None


@again("REC-031", budget="standard", phase="stateful")
def a_stop_by_the_owner_is_not_kept(request: Request, response: Response) -> Request | None:
    """A stop by `@owner` is answered as it should be, and the recording goes on."""
    undone = stops(request) and response.status == 200 and user(request) == "@owner"
    return request.with_members(action="StartRecording") if undone else None


@faulty("REC-031", features=NO_GET, budget="standard", phase="stateful")
def a_stop_by_the_viewer_is_not_kept_where_nobody_gets() -> Fault:
    """A stop by `@viewer` is undone, on a server that has no GET to show it."""

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if stops(request) and response.status == 200 and user(request) == "@viewer":
            await serve(request.with_members(action="StartRecording"))
        return response

    return without(NO_GET, fault)


@faulty("REC-005", features=ONLY_STARTS_AND_GETS, budget="standard", phase="stateful")
def the_first_view_is_silent_beside_the_other() -> Fault:
    """A start of the second view is answered as if the first were silent, on a server without lists and stops."""

    def silenced(view: dict[str, Any]) -> None:
        if view["id"] == VIEW:
            view.pop("recording", None)

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        return response.with_views(silenced) if starts(request) and view_of(request) == OTHER_VIEW else response

    return without(ONLY_STARTS_AND_GETS, fault)


@faulty("REC-026", budget="standard", phase="stateful")
def a_second_start_begins_anew() -> Fault:
    """Each further start of what is recorded moves its beginning by a second."""
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


@faulty("CALL-027")
def lists_are_cached_for_three_updates() -> Fault:
    """A list is as old as up to three updates."""
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
