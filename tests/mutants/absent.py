"""Faults in how a server refuses what it does not offer, and its configuration says so."""

from __future__ import annotations

from mutants.asked import extension, one, several, stops
from mutants.messages import Request, Response, error
from mutants.mutant import Fault, Serve, before, faulty

NOT_IMPLEMENTED = "request_not_implemented"
NO_LIST = {"list": False}
NO_GET = {"get": False}
NO_STOP = {"stop_recording": False}


@before("HTTP-011", features=NO_LIST)
def lists_that_are_not_offered_are_empty(request: Request) -> Response | None:
    """A server without lists answers each of them with 204."""
    return Response(204, (), b"") if several(request) else None


@before("HTTP-011", also=("HTTP-001", "HTTP-002"), features=NO_GET)
def gets_that_are_not_offered_say_so_in_words(request: Request) -> Response | None:
    """A server without GET answers it with 200 and a sentence."""
    return Response(200, (("content-type", "text/plain"),), b"Not available.") if one(request) else None


@faulty("HTTP-011", features=NO_STOP)
def stops_that_are_not_offered_are_carried_out() -> Fault:
    """A server without StopRecording refuses it with 501, and the recording ends."""

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        return error(501, NOT_IMPLEMENTED) if stops(request) and response.status == 200 else response

    return fault


@before("HTTP-012", features=NO_LIST)
def lists_that_are_not_offered_are_refused_by_extension(request: Request) -> Response | None:
    """A server without lists refuses that of an extension with 501, and that of all with 405."""
    if not several(request):
        return None
    return error(405, "method", allow="PUT") if extension(request) == "@self" else error(501, NOT_IMPLEMENTED)


@faulty("HTTP-012", features=NO_STOP)
def stops_that_are_not_offered_are_refused_by_turns() -> Fault:
    """A server without StopRecording refuses it with 501 one time, and with 400 the next."""
    refused = 0

    async def fault(request: Request, serve: Serve) -> Response:
        nonlocal refused
        if not stops(request):
            return await serve(request)
        refused += 1
        return error(501, NOT_IMPLEMENTED) if refused % 2 else error(400, "action_invalid")

    return fault
