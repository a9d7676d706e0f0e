"""Faults in starting twice, and in stopping a recording."""

from __future__ import annotations

import asyncio

from mutants.asked import ours, starts, stops, update, view_of
from mutants.messages import Request, Response, error
from mutants.mutant import Fault, Serve, after, again, before, faulty
from mutants.world import OTHER_VIEW, PHONE_CALL

VIEW = PHONE_CALL.view_id


def remembering(second: Response | None, silent: Response | None) -> Fault:
    """Return a server that answers second starts and stops of silence in its own way, where one is given."""
    recorded: set[tuple[str | None, object]] = set()
    one_by_one = asyncio.Lock()

    async def fault(request: Request, serve: Serve) -> Response:
        async with one_by_one:
            response = await serve(request)
            if response.status != 200 or not update(request):
                return response
            view = (request.call, view_of(request))
            known = view in recorded
            if starts(request):
                recorded.add(view)
                return second if known and second else response
            recorded.discard(view)
            return silent if not known and silent else response

    return fault


@faulty("REC-026", also=("HTTP-010",))
def a_second_start_is_a_conflict() -> Fault:
    """A start of what is recorded already is answered with 409."""
    return remembering(error(409, "pc_already_recording"), None)


@after("REC-030", also=("REC-031",))
def stops_are_answered_with_204(request: Request, response: Response) -> Response | None:
    """A stop is answered with 204."""
    return Response(204, (), b"") if stops(request) and response.status == 200 else None


@before("REC-030", also=("REC-031", "REC-033", "REC-034", "REC-035"))
def stops_are_not_implemented(request: Request) -> Response | None:
    """A stop is answered with 501, though the target is said to have it."""
    return error(501, "request_not_implemented") if stops(request) else None


@before("REC-031")
def stops_do_not_stop(request: Request) -> Request | None:
    """A stop is answered with the recorded phone call, and the recording goes on."""
    return request.with_members(action="StartRecording") if stops(request) and view_of(request) else None


@again("REC-031")
def stops_are_forgotten(request: Request, response: Response) -> Request | None:
    """A stop is answered with the silent phone call, and the recording goes on."""
    undone = stops(request) and response.status == 200
    return request.with_members(action="StartRecording") if undone else None


@faulty("REC-032")
def stops_stop_every_view() -> Fault:
    """A stop ends the recordings of all views of the phone call."""

    async def fault(request: Request, serve: Serve) -> Response:
        if stops(request) and ours(request) and view_of(request) == VIEW:
            await serve(request.with_members(phoneCallViewId=OTHER_VIEW))
        return await serve(request)

    return fault


@faulty("REC-033", also=("HTTP-010",))
def a_stop_of_silence_is_a_conflict() -> Fault:
    """A stop of what is not recorded is answered with 409."""
    return remembering(None, error(409, "pc_not_recording"))


@before("REC-034", also=("REC-035",))
def a_stop_without_a_view_stops_the_first(request: Request) -> Request | None:
    """A stop that names no view stops the caller's own."""
    missing = stops(request) and "phoneCallViewId" not in request.json
    return request.with_members(phoneCallViewId=VIEW) if missing else None


@after("REC-035")
def a_wrong_stop_has_a_code_of_its_own(request: Request, response: Response) -> Response | None:
    """A stop of a view that does not exist is refused with a code that the page does not have."""
    return response.with_code("view_unknown") if stops(request) and response.status == 400 else None
