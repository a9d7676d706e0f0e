"""Faults that show where two requests are answered at once, and faults of a connection that is used again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mutants.asked import one, ours, starts, stop_of, stops, update, view_of
from mutants.authentication import anonymous
from mutants.messages import Request, Response, error
from mutants.mutant import Fault, Serve, faulty, register

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeAlias, Unpack

    from mutants.mutant import Options

    Change: TypeAlias = Callable[[Request, Response, Serve], Awaitable[Response]]

OVERLAP_SECONDS = 0.004
"""For how long an update waits for another one, before and after it is carried out."""


def at_once(requirement: str, **options: Unpack[Options]) -> Callable[[Change], None]:
    """Register a fault in the first of two updates of the phone call under test that are answered at once."""

    def registered(change: Change) -> None:
        def make() -> Fault:
            going_on = 0

            async def fault(request: Request, serve: Serve) -> Response:
                nonlocal going_on
                if not update(request) or not ours(request):
                    return await serve(request)
                going_on += 1
                first = going_on == 1
                await asyncio.sleep(OVERLAP_SECONDS)
                overlapped = going_on > 1
                response = await serve(request)
                await asyncio.sleep(OVERLAP_SECONDS)
                if overlapped and first and response.status == 200:
                    response = await change(request, response, serve)
                going_on -= 1
                return response

            return fault

        register(requirement, change, make, options)

    return registered


@at_once("REC-023", budget="standard", phase="stateful")
async def one_of_two_starts_at_once_is_lost(request: Request, response: Response, serve: Serve) -> Response:
    """Of two starts at once, one is answered as it should be, and its recording ends at once."""
    if starts(request):
        await serve(stop_of(view_of(request), request))
    return response


@at_once("HTTP-004", budget="standard", phase="stateful")
async def one_of_two_updates_at_once_crashes(_: Request, __: Response, ___: Serve) -> Response:
    """Of two updates at once, one is answered with 500, for the database is locked."""
    return error(500, "internal_server_error")


@at_once("REC-031", budget="standard", phase="stateful")
async def one_of_two_stops_at_once_is_lost(request: Request, response: Response, serve: Serve) -> Response:
    """A stop beside another update is answered as it should be, and the recording goes on."""
    if stops(request):
        await serve(request.with_members(action="StartRecording"))
    return response


@at_once("REC-004", budget="standard", phase="stateful")
async def answers_to_starts_at_once_are_too_early(request: Request, response: Response, _: Serve) -> Response:
    """Of two starts at once, one is answered with the phone call as it was before."""
    if not starts(request):
        return response
    return response.with_views(lambda view: view.pop("recording", None) if view["id"] == view_of(request) else None)


# A connection that is used again


@faulty("AUTH-003")
def credentials_stay_with_a_connection() -> Fault:
    """A request without a token is served on a connection on which a token was taken before."""
    tokens: dict[int, str] = {}

    async def fault(request: Request, serve: Serve) -> Response:
        if anonymous(request) and request.connection in tokens:
            return await serve(request.with_token(tokens[request.connection]))
        response = await serve(request)
        if response.status != 401 and request.token is not None:
            tokens[request.connection] = request.token
        return response

    return fault


@faulty("HTTP-002", also=("ERR-001", "ERR-004", "HTTP-001"))
def the_body_of_a_denied_update_is_not_read() -> Fault:
    """The body of a denied update is taken for the next request of the connection, and answered in HTML."""
    left: set[int] = set()

    async def fault(request: Request, serve: Serve) -> Response:
        if request.connection in left:
            left.discard(request.connection)
            return Response(400, (("content-type", "text/html"),), b"<h1>Bad Request</h1>")
        response = await serve(request)
        if update(request) and response.status == 401:
            left.add(request.connection)
        return response

    return fault


@faulty("REC-023")
def each_connection_has_its_own_recordings() -> Fault:
    """A recording is shown on the connection that started it only: two nodes share one address and no database."""
    started: dict[object, int] = {}

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if starts(request) and ours(request) and response.status == 200:
            started[view_of(request)] = request.connection
        if not one(request) or not ours(request):
            return response
        elsewhere = {view for view, connection in started.items() if connection != request.connection}
        return response.with_views(lambda view: view.pop("recording", None) if view.get("id") in elsewhere else None)

    return fault


@faulty("HTTP-004")
def the_fiftieth_request_of_a_connection_crashes() -> Fault:
    """Every fiftieth request on one connection is answered with 500."""

    async def fault(request: Request, serve: Serve) -> Response:
        return error(500, "internal_server_error") if request.turn % 50 == 0 else await serve(request)

    return fault
