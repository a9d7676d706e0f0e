"""Whom the phases that generate requests accuse, where it is not the requirement that they were looking for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.made import exchange, response
from mutants.asked import starts, update
from mutants.messages import Response, error
from uapi.conformance.budget import Budget
from uapi.conformance.exploration.blame import blamed
from uapi.conformance.exploration.flaw import Flaw, refused
from uapi.conformance.exploration.oracle import judge
from uapi.conformance.exploration.request import UPDATE, Grounded
from uapi.conformance.inquiry import Inquiry
from uapi.conformance.outcome import Outcome
from uapi.conformance.register import profile, register
from uapi.conformance.run import Exploration, Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from mutants.laboratory import Laboratory
    from mutants.messages import Request
    from mutants.mutant import Serve
    from uapi.conformance.exchange import Response as Answer

ALL = Budget(coverage="light", examples=4, links=True, scenarios=2, steps=6, shrinking=4)
NOTHING: dict[str, Callable[[Response], Response | bytes]] = {
    "closed": lambda _: b"",
    "cut": lambda _: b"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
    "crashed": lambda _: error(502, "bad_gateway"),
    "garbled": lambda response: response.with_body(b"{" + response.body) if response.body else response,
    "in another encoding": lambda response: response.with_body(b"\xff" + response.body) if response.body else response,
}
GENERAL = {"closed": "HTTP-004", "cut": "HTTP-004", "crashed": "HTTP-004", "garbled": "HTTP-002"}


@pytest.mark.parametrize(("name", "spoilt"), NOTHING.items(), ids=NOTHING)
def test_answers_that_come_to_nothing_now_and_then_violate_what_holds_for_all(
    laboratory: Laboratory, name: str, spoilt: Callable[[Response], Response | bytes]
) -> None:
    served = [0]

    async def fault(request: Request, serve: Serve) -> Response | bytes:
        served[0] += 1
        response = await serve(request)
        return response if served[0] % 13 else spoilt(response)

    with laboratory.probe(fault) as probe:
        run = Run(probe, "recording", profile("recording"), 1, ALL)
        found = [result for exploration in run.explorations for result in run.explore(exploration)]
    accused = {result.requirement.id for result in found}
    assert {result.outcome for result in found} == {Outcome.FAIL}, "no defect of the kit"
    assert accused - {"ERR-001"} == {GENERAL.get(name, "HTTP-013")}


async def refusing_and_hanging_up(request: Request, serve: Serve) -> Response | bytes:
    """Refuse starts with a format, and answer no others."""
    if not update(request):
        return await serve(request)
    return error(403, "no") if "format" in request.json else b""


def test_nobody_is_blamed_for_a_refusal_where_the_next_answer_comes_to_nothing(laboratory: Laboratory) -> None:
    with laboratory.probe(refusing_and_hanging_up) as probe:
        body = {"action": "StartRecording", "phoneCallViewId": probe.view, "format": "wav"}
        inquiry = Inquiry(probe, frozenset(register()))
        assert blamed(inquiry, Grounded(UPDATE, probe.place, body=body)) == (None, [])


def test_an_answer_that_comes_to_nothing_after_a_refusal_that_may_be_is_found(laboratory: Laboratory) -> None:
    started = [0]

    async def fault(request: Request, serve: Serve) -> Response | bytes:
        started[0] += starts(request)
        return (Response(204, (), b"") if started[0] == 1 else b"") if starts(request) else await serve(request)

    with laboratory.probe(fault) as probe:
        body = {"action": "StartRecording", "phoneCallViewId": probe.view}
        found = judge(Inquiry(probe, frozenset(register())), Grounded(UPDATE, probe.place, body=body))
    assert found is not None
    assert found.requirement == "HTTP-004"


@pytest.mark.parametrize(
    ("answer", "requirement"),
    [
        (None, "HTTP-004"),
        (response({"error": {"code": "bad_gateway", "message": "No."}}, status=502), "HTTP-004"),
        (response(body=b"\xff", status=400), "HTTP-013"),
        (response(body=b"<h1>", status=400), "HTTP-002"),
        (response({"detail": "No."}, status=400), "ERR-001"),
    ],
    ids=["no answer", "a server error", "no UTF-8", "no JSON", "no error body"],
)
def test_a_refusal_that_cannot_be_read_violates_what_holds_for_all(answer: Answer | None, requirement: str) -> None:
    (found,) = refused(exchange(answer, fault="closed"), [Flaw("REC-013", "pc_recformat_invalid")])
    assert found.requirement == requirement


def test_a_valid_request_that_is_refused_once_blames_no_freedom_that_it_takes(laboratory: Laboratory) -> None:
    served = [0]

    async def fault(request: Request, serve: Serve) -> Response:
        served[0] += update(request)
        refused = update(request) and served[0] % 5 == 0
        response = await serve(request)
        return error(403, "try_again") if refused and response.status == 200 else response

    with laboratory.probe(fault) as probe:
        run = Run(probe, "recording", profile("recording"), 1, Budget(examples=30, shrinking=4))
        found = run.explore(Exploration("exploration", "updatePhoneCall", "positive"))
    assert {result.requirement.id for result in found} <= {"REC-001", "REC-030"}
    assert found
