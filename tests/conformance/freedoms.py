"""Correct servers whose freedoms show in a sequence or on a boundary only; the variants of the mutants use others."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from conformance.faults import view_of
from mutants.asked import several, starts, stops, update
from mutants.messages import Request, Response, error

if TYPE_CHECKING:
    from collections.abc import Callable

    from mutants.mutant import Fault, Serve

FREEDOMS: dict[str, Callable[[], Fault]] = {}
DOCUMENTED = {"action", "format", "phoneCallViewId"}


def freedom(make: Callable[[], Fault]) -> Callable[[], Fault]:
    FREEDOMS[make.__name__.replace("_", "-")] = make
    return make


def remembering(second: Response | None, silent: Response | None) -> Fault:
    """Serve like the sandbox, but for second starts and for stops of silence."""
    recorded: set[tuple[str | None, object]] = set()
    one_by_one = asyncio.Lock()

    async def fault(request: Request, serve: Serve) -> Response:
        async with one_by_one:
            response = await serve(request)
            if response.status != 200 or not update(request):
                return response
            view = (request.call, view_of(request))
            instead = None
            if starts(request):
                instead = second if view in recorded else None
                recorded.add(view)
            elif stops(request):
                instead = silent if view not in recorded else None
                recorded.discard(view)
            return instead or response

    return fault


@freedom
def second_starts_and_stops_of_silence_are_refused() -> Fault:
    return remembering(error(400, "pc_already_recording"), error(400, "pc_not_recording"))


@freedom
def second_starts_and_stops_of_silence_return_nothing() -> Fault:
    return remembering(Response(204, (), b""), Response(204, (), b""))


@freedom
def a_second_start_stops_and_starts_anew() -> Fault:
    one_by_one = asyncio.Lock()

    async def fault(request: Request, serve: Serve) -> Response:
        async with one_by_one:
            if starts(request) and request.json.get("format", "wav") in ("wav", "wav49"):
                await serve(request.with_members(action="StopRecording"))
            return await serve(request)

    return fault


@freedom
def undocumented_members_are_refused() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        known = (starts(request) or stops(request)) and set(request.json) <= DOCUMENTED
        denied = (response := await serve(request)).status == 401
        return response if known or denied or not starts(request) else error(400, "member_unknown")

    return fault


@freedom
def denials_are_403() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        return response.with_status(403) if response.status == 401 else response

    return fault


@freedom
def only_the_long_words_of_orders_are_known() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        short = several(request) and request.parameters.get("sortOrder") in {"asc", "desc"}
        response = await serve(request)
        return error(400, "sortorder_invalid") if short and response.status in {200, 204} else response

    return fault


@freedom
def updates_are_answered_with_an_array() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        return response.with_json([response.json]) if update(request) and response.status == 200 else response

    return fault


@freedom
def what_is_foreign_does_not_exist() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        foreign = update(request) and response.status == 401 and request.token not in {None, "no-such-token"}
        return error(400, "pc_phonecall_invalid") if foreign else response

    return fault
