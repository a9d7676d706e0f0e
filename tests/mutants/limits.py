"""Faults that the kit does not find, each for a reason that is known: what it cannot see, or sees by chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from mutants.asked import extension, ours, several, update
from mutants.messages import Request, Response, error
from mutants.mutant import Fault, Serve, after, before, faulty
from mutants.world import CALLER, WORLD

if TYPE_CHECKING:
    from typing import Final

UNNAMED: Final = next(token.token for token in WORLD.tokens if token.principal == "user-44")
"""The token of a user whom the target's configuration does not name."""


@before("AUTH-009", limit="Only the principals that the target's configuration names are tried.", budget="standard")
def a_user_whom_nobody_named_records(request: Request) -> Request | None:
    """A user of another organization records the phone call of every user."""
    foreign = update(request) and ours(request) and request.token == UNNAMED
    return request.with_token(CALLER.token) if foreign else None


@before("CALL-020", limit="Between its boundaries a value is drawn at random.", budget="standard")
def pages_of_thirty_seven_are_empty(request: Request) -> Response | None:
    """A list with a `count` of 37 is empty."""
    return Response(204, (), b"") if several(request) and request.parameters.get("count") == "37" else None


@before("ADDR-011", limit="Of the values that are wrong, only some are tried.", budget="standard")
def one_unknown_extension_is_taken_for_self(request: Request) -> Request | None:
    """The extension 555, which does not exist, is taken for `@self`."""
    return request.with_segment(1, "@self") if extension(request) == "0003*555" else None


@after("REC-023", limit="A run lasts seconds, and so do its recordings.", budget="standard")
def recordings_end_after_an_hour(_: Request, response: Response) -> Response | None:
    """A recording that began an hour ago is not shown any more."""
    earlier = datetime.now(UTC) - timedelta(hours=1)

    def ended(view: dict[str, Any]) -> None:
        if "recording" in view and datetime.fromisoformat(view["recording"]) < earlier:
            view.pop("recording")

    return response.with_views(ended)


@faulty("HTTP-004", limit="A run has some thousand requests, and waits for each answer.", budget="standard")
def the_server_fails_after_a_million_requests() -> Fault:
    """The server answers a million requests, and every further one with 500."""
    numbers = count(1)

    async def fault(request: Request, serve: Serve) -> Response:
        worn_out = next(numbers) > 1_000_000
        return error(500, "internal_server_error") if worn_out else await serve(request)

    return fault
