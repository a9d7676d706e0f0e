"""Faults in hanging up all the phone calls of an extension, or those with a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mutants.asked import extension
from mutants.hanging_up import DESTINATION, SOURCE, all_end, at, calls_of, made
from mutants.messages import Request, Response, error
from mutants.mutant import after, before, faulty
from mutants.placing import EMPTY

if TYPE_CHECKING:
    from mutants.mutant import Fault, Serve


@after("END-003")
def an_extension_tells_one_id(request: Request, response: Response) -> Response | None:
    """The answer to a hang-up of an extension names only the first of its phone calls."""
    return response.with_json(response.json[:1]) if all_end(request) and response.status == 200 else None


@faulty("END-006")
def an_extension_ends_one_call() -> Fault:
    """A hang-up of an extension ends the first of its phone calls."""

    async def fault(request: Request, serve: Serve) -> Response:
        if not all_end(request) or request.query:
            return await serve(request)
        first = (await calls_of(request, serve, extension(request)))[:1]
        return await serve(at(request, extension(request), first[0])) if first else EMPTY

    return fault


@before("END-006")
def extensions_are_not_hung_up(request: Request) -> Response | None:
    """A hang-up of an extension is answered as if it had no phone calls."""
    return EMPTY if all_end(request) else None


@before("END-006", also=("END-008",))
def a_hang_up_names_a_call(request: Request) -> Response | None:
    """A hang-up that names no phone call is answered with 405."""
    return error(405, "method", allow="GET") if all_end(request) else None


@before("END-007")
def an_extension_ends_the_calls_of_the_user(request: Request) -> Request | None:
    """A hang-up of an extension ends all the phone calls of the user."""
    return request.with_segment(1, "@self") if all_end(request) and not request.query else None


@faulty("END-007")
def an_extension_takes_another_with_it() -> Fault:
    """A hang-up of an extension ends the phone calls of the numbers that it talks with, too."""

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if all_end(request) and not request.query and response.status == 200:
            for number in (SOURCE, DESTINATION):
                await serve(at(request, number))
        return response

    return fault


@after("END-008")
def an_idle_extension_is_not_found(request: Request, response: Response) -> Response | None:
    """A hang-up of an extension without phone calls is answered with 404."""
    return error(404, "not_found") if all_end(request) and response.status == 204 else None


@after("END-008")
def an_idle_extension_has_calls(request: Request, response: Response) -> Response | None:
    """A hang-up of an extension without phone calls is answered with an array with something in it."""
    return made([{}]) if all_end(request) and response.status == 204 else None


@before("END-012")
def the_number_is_ignored_for_an_extension(request: Request) -> Request | None:
    """`phoneNumber` is ignored where the path names no phone call."""
    return request.without_parameters("phoneNumber") if all_end(request) and request.query else None


@faulty("END-012")
def one_call_with_a_number_ends_all() -> Fault:
    """A hang-up of an extension ends all its phone calls where one of them is with the number."""

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if all_end(request) and "phoneNumber" in request.parameters and response.status == 200:
            await serve(at(request, extension(request)))
        return response

    return fault
