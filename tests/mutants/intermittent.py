"""Faults that come and go: every so-many-th request of a kind meets them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from mutants.asked import one, ours, several, starts, stop_of, update, view_of
from mutants.authentication import anonymous
from mutants.messages import Request, Response, error
from mutants.mutant import Fault, Serve, register
from mutants.refusals import WRONG_FORMAT
from mutants.world import CALLER, PHONE_CALL

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeAlias, Unpack

    from mutants.mutant import Options

    Met: TypeAlias = Callable[[Request, Response], bool]
    Change: TypeAlias = Callable[[Request, Response, Serve], Awaitable[Response | bytes]]


def every(number: int, met: Met, requirement: str, **options: Unpack[Options]) -> Callable[[Change], None]:
    """Register a fault in each so-many-th of the exchanges that could meet it."""

    def registered(change: Change) -> None:
        def make() -> Fault:
            turns = count(1)

            async def fault(request: Request, serve: Serve) -> Response | bytes:
                response = await serve(request)
                if met(request, response) and next(turns) % number == 0:
                    return await change(request, response, serve)
                return response

            return fault

        register(requirement, change, make, options)

    return registered


def started(request: Request, response: Response) -> bool:
    return starts(request) and ours(request) and response.status == 200


@every(3, started, "REC-023", budget="standard", phase="stateful")
async def every_third_start_is_lost(request: Request, response: Response, serve: Serve) -> Response:
    """Every third start is answered as it should be, and its recording ends at once."""
    await serve(stop_of(view_of(request), request))
    return response


@every(7, started, "REC-023", budget="standard", phase="stateful")
async def every_seventh_start_is_lost(request: Request, response: Response, serve: Serve) -> Response:
    """Every seventh start is answered as it should be, and its recording ends at once."""
    await serve(stop_of(view_of(request), request))
    return response


@every(
    3,
    lambda request, response: one(request) and b'"recording"' in response.body,
    "REC-023",
    budget="standard",
    phase="stateful",
)
async def every_third_get_shows_no_recording(_: Request, response: Response, __: Serve) -> Response:
    """Every third GET of a phone call that is recorded does not show it."""
    return response.with_views(lambda view: view.pop("recording", None))


@every(40, lambda *_: True, "HTTP-004")
async def every_fortieth_answer_is_502(_: Request, __: Response, ___: Serve) -> Response:
    """Every fortieth request is answered with 502, by a proxy whose server is restarted."""
    return error(502, "bad_gateway")


@every(40, lambda _, response: bool(response.body), "HTTP-004")
async def every_fortieth_answer_is_cut(_: Request, response: Response, __: Serve) -> bytes:
    """Every fortieth answer ends before its body does."""
    head = f"HTTP/1.1 {response.status} X\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n"
    return head.encode() + response.body[:20]


@every(3, lambda _, response: response.status == 401, "AUTH-006")
async def every_third_denial_has_no_challenge(_: Request, response: Response, __: Serve) -> Response:
    """Every third 401 answer has no `WWW-Authenticate`."""
    return response.with_header("www-authenticate", None)


@every(3, lambda request, response: anonymous(request) and response.status == 401, "AUTH-003")
async def every_third_missing_token_is_overlooked(request: Request, _: Response, serve: Serve) -> Response:
    """Every third request without a token is served."""
    return await serve(request.with_token(CALLER.token))


@every(3, lambda _, response: response.code == WRONG_FORMAT, "REC-013", also=("REC-014",))
async def every_third_wrong_format_has_another_code(_: Request, response: Response, __: Serve) -> Response:
    """Every third wrong format is refused with a code that the page does not have."""
    return response.with_code("format_invalid")


@every(
    4,
    lambda request, response: several(request) and PHONE_CALL.id.encode() in response.body,
    "CALL-020",
    also=("CALL-034",),
    budget="standard",
    phase="coverage",
)
async def every_fourth_list_lacks_the_call(_: Request, response: Response, __: Serve) -> Response:
    """Every fourth list lacks the phone call under test."""
    value = response.json
    return response.with_json({**value, "entry": [call for call in value["entry"] if call.get("id") != PHONE_CALL.id]})


@every(5, lambda request, response: update(request) and response.status == 200, "CALL-013")
async def every_fifth_update_has_no_link(_: Request, response: Response, __: Serve) -> Response:
    """Every fifth answer to an update has neither `link` nor `links`."""
    return response.with_calls(lambda call: (call.pop("link", None), call.pop("links", None)))
