"""Faults in the query parameters of requests that place phone calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mutants.messages import Request, Response, error
from mutants.mutant import again, before, faulty
from mutants.placing import creates, ids, placed

if TYPE_CHECKING:
    from mutants.mutant import Fault, Serve

TIMES = ("waitForPickup", "callDuration")


def longer(request: Request, name: str, factor: int) -> Request | None:
    """Return a request for a call with a time some times as long, None where it is no number."""
    value = request.parameters.get(name, "")
    return request.with_parameters(**{name: str(factor * int(value))}) if creates(request) and value.isdigit() else None


def asks(request: Request, name: str, *values: str) -> bool:
    return creates(request) and request.parameters.get(name) in values


@before("MAKE-030")
def everybody_rings_as_long_as_usual(request: Request) -> Request | None:
    """`waitForPickup` is ignored."""
    return request.without_parameters("waitForPickup") if longer(request, "waitForPickup", 1) else None


@before("MAKE-030")
def patience_is_in_minutes(request: Request) -> Request | None:
    """`waitForPickup` is taken for minutes."""
    return longer(request, "waitForPickup", 60)


@before("MAKE-032")
def calls_last_as_long_as_they_like(request: Request) -> Request | None:
    """`callDuration` is ignored."""
    return request.without_parameters("callDuration") if longer(request, "callDuration", 1) else None


@before("MAKE-032")
def durations_are_in_minutes(request: Request) -> Request | None:
    """`callDuration` is taken for minutes."""
    return longer(request, "callDuration", 60)


@before("MAKE-031")
def times_that_are_no_numbers_are_ignored(request: Request) -> Request | None:
    """A time that is no number is left out of account."""
    wrong = [name for name in TIMES if not request.parameters.get(name, "0").isdigit()]
    return request.without_parameters(*wrong) if creates(request) and wrong else None


@before("MAKE-031")
def times_end_where_their_digits_end(request: Request) -> Request | None:
    """Of `10s` the number is taken, and the unit ignored."""
    if not any(asks(request, name, "10s") for name in TIMES):
        return None
    return request.with_parameters(**{name: "10" for name in TIMES if name in request.parameters})


@before("MAKE-031")
def durations_that_are_no_numbers_cannot_be_processed(request: Request) -> Response | None:
    """A duration that is no number is refused with 422."""
    return error(422, "request_malformed") if asks(request, "callDuration", "soon") else None


@again("MAKE-031", also=("MAKE-009",))
def times_are_looked_at_too_late(request: Request, response: Response) -> Request | None:
    """A request is refused whose time is no number, and has placed a phone call."""
    refused = response.status == 400 and asks(request, "waitForPickup", "soon")
    return request.without_parameters(*TIMES) if refused else None


@before("MAKE-034")
def public_transfers_are_not_ruled_out(request: Request) -> Response | None:
    """`allowPublicTransfer=false` is refused."""
    return error(400, "request_malformed") if asks(request, "allowPublicTransfer", "false") else None


@before("MAKE-034")
def truth_is_a_number(request: Request) -> Response | None:
    """`allowPublicTransfer=true` is refused."""
    return error(400, "request_malformed") if asks(request, "allowPublicTransfer", "true") else None


@faulty("MAKE-034")
def nothing_is_transferred_that_stays_here() -> Fault:
    """A phone call between extensions that was placed with `allowPublicTransfer=false` is not transferred."""
    kept: set[str] = set()

    async def fault(request: Request, serve: Serve) -> Response:
        if request.action == "Transfer" and request.call in kept:
            return error(400, "request_malformed")
        response = await serve(request)
        if placed(request, response) and asks(request, "allowPublicTransfer", "false"):
            kept.update(ids(response))
        return response

    return fault


@before("MAKE-036")
def there_is_no_video(request: Request) -> Response | None:
    """`video=true` is refused."""
    return error(400, "request_malformed") if asks(request, "video", "true") else None


@before("MAKE-036")
def video_cannot_be_left_out(request: Request) -> Response | None:
    """`video=false` is answered with 501."""
    return error(501, "request_not_implemented") if asks(request, "video", "false") else None
