from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.report.runs import report
from mutants.world import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from mutants.laboratory import Laboratory
    from mutants.messages import Request, Response
    from mutants.mutant import Fault, Serve

TOKEN = ROLES.caller.token


def naming(call: str) -> Fault:
    """Answer updates with another id than was asked for."""

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        return response.with_calls(lambda found: found.update(id=call)) if request.method == "PUT" else response

    return fault


@pytest.fixture
def message(laboratory: Laboratory) -> Callable[[str], str]:
    """Return a function that tells what a report says of an answer with another id."""

    def told(call: str) -> str:
        found: dict[str, Any] = report(laboratory, naming(call), only=("REC-003",))
        said: str = found["results"][0]["message"]
        return said

    return told


def test_a_message_is_short_whatever_the_target_sent(message: Callable[[str], str]) -> None:
    # A value of the target may have any length, and would stand in every form of the report.
    assert len(message("x" * 1_000_000)) < 5000


@pytest.mark.parametrize("before", [0, 1, 7, 100, 990, 1990, 2990, 4990])
def test_no_part_of_a_token_is_left_where_a_message_ends(message: Callable[[str], str], before: int) -> None:
    said = message("x" * before + TOKEN + "y" * 10_000)
    assert not any(TOKEN[:length] in said for length in range(9, len(TOKEN) + 1))
