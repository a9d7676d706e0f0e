from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from uapi.conformance.engine import decide
from uapi.conformance.outcome import Outcome
from uapi.conformance.register import register

if TYPE_CHECKING:
    from mutants.laboratory import Laboratory
    from mutants.messages import Request, Response
    from mutants.mutant import Serve


async def without_entries_beyond_one(request: Request, serve: Serve) -> Response:
    """Serve lists that have one phone call."""
    response = await serve(request)
    if request.method != "GET" or response.status != 200:
        return response
    value: Any = response.json
    return response.with_json({**value, "entry": value["entry"][:1], "totalResults": 1, "paging": {}})


async def refusing_later_pages(request: Request, serve: Serve) -> Response:
    """Refuse a page that begins after the last phone call."""
    response = await serve(request)
    empty = request.method == "GET" and response.status == 200 and not response.json["entry"]
    return response.with_status(400).with_json({"error": {"code": "x", "message": "No."}}) if empty else response


@pytest.mark.parametrize("name", ["LIST-002", "LIST-003", "LIST-004", "LIST-005"])
def test_a_single_phone_call_tells_nothing_of_pages(laboratory: Laboratory, name: str) -> None:
    with laboratory.probe(without_entries_beyond_one) as probe:
        result = decide(register()[name], probe)
    assert (result.outcome, "too few phone calls: 1" in result.message) == (Outcome.NOT_EXERCISED, True)


def test_a_page_after_the_last_one_may_be_refused(laboratory: Laboratory) -> None:
    with laboratory.probe(refusing_later_pages) as probe:
        result = decide(register()["LIST-002"], probe)
    assert result.outcome is Outcome.PASS, result.message


@pytest.mark.parametrize(("calls", "outcome"), [(1, Outcome.NOT_EXERCISED), (25, Outcome.PASS)])
def test_a_page_by_default_is_looked_at_where_there_are_more_calls(
    laboratory: Laboratory, calls: int, outcome: Outcome
) -> None:
    with laboratory.probe(calls=calls) as probe:
        assert decide(register()["LIST-001"], probe).outcome is outcome
