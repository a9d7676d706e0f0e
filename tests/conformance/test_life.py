"""The life of phone calls: what the model believes after each step, and what it leaves open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mutants.laboratory import faultless
from mutants.messages import error
from uapi.conformance.life.model import HELD, RECORDED, Model

if TYPE_CHECKING:
    from mutants.laboratory import Laboratory
    from mutants.messages import Request, Response
    from mutants.mutant import Serve

SINCE = "2026-03-02T08:11:00+00:00"


def shown(*views: dict[str, Any]) -> dict[str, Any]:
    return {"id": "a", "phoneCallView": [{"id": f"0{number}", **view} for number, view in enumerate(views)]}


def violated(model: Model, *views: dict[str, Any]) -> list[str]:
    return [requirement for requirement, _ in model.differences(shown(*views))]


@pytest.fixture
def model() -> Model:
    return Model(("00", "01"))


def test_nothing_was_done_to_a_new_call(model: Model) -> None:
    assert violated(model, {}, {}) == []
    assert violated(model, {}, {HELD: SINCE}) == ["ACT-026"]
    assert violated(model, {RECORDED: SINCE}, {}) == ["REC-031"]
    assert violated(model, {"parked": SINCE}, {}) == ["ACT-049"]


def test_a_held_view_says_so_and_the_others_may(model: Model) -> None:
    model.held("00")
    assert violated(model, {HELD: SINCE}, {}) == violated(model, {HELD: SINCE}, {HELD: SINCE}) == []
    assert violated(model, {}, {HELD: SINCE}) == ["ACT-021"]


def test_a_view_that_talks_again_says_so(model: Model) -> None:
    model.held("00")
    model.resumed("00")
    assert violated(model, {HELD: SINCE}, {}) == ["ACT-026"]


def test_a_view_may_be_shown_on_hold_while_another_is(model: Model) -> None:
    model.held("00")
    model.held("01")
    model.resumed("00")
    assert violated(model, {HELD: SINCE}, {HELD: SINCE}) == violated(model, {}, {HELD: SINCE}) == []


def test_a_recording_may_end_with_a_hold(model: Model) -> None:
    model.recorded("00", on=True)
    assert violated(model, {}, {}) == ["REC-023"]
    model.held("00")
    assert violated(model, {HELD: SINCE}, {}) == violated(model, {HELD: SINCE, RECORDED: SINCE}, {}) == []


def test_of_a_parked_call_only_that_is_known(model: Model) -> None:
    model.held("00")
    model.moved((), parked=True)
    assert violated(model, {"parked": SINCE, HELD: SINCE}) == []
    assert violated(model, {HELD: SINCE}) == ["ACT-041"]


def test_what_is_open_violates_nothing(model: Model) -> None:
    model.moved((), parked=None)
    assert violated(model, {"parked": SINCE}) == violated(model, {}) == []


@pytest.mark.parametrize("lacking", ["hold", "park", "hang_up", "stop_recording", "list"])
def test_a_server_that_lacks_something_is_accused_of_nothing(laboratory: Laboratory, lacking: str) -> None:
    run = laboratory.explore(faultless, "brief", "life", telephony=True, **{lacking: False})
    assert run.results == {}
    assert run.dropped == {}


def test_where_no_call_can_be_placed_the_phase_says_so(laboratory: Laboratory) -> None:
    async def fault(request: Request, serve: Serve) -> Response:
        return error(501, "request_not_implemented") if request.method == "POST" else await serve(request)

    run = laboratory.explore(fault, "brief", "life", telephony=True)
    assert run.results == {}
    assert any("no phone call could be placed" in reason for reason in run.dropped)


def test_without_numbers_there_is_no_such_phase(laboratory: Laboratory) -> None:
    run = laboratory.explore(faultless, "brief", "life", telephony=True, create=False)
    assert run.explorations == [each for each in run.explorations if each.phase != "life"]


def test_a_call_that_ends_by_itself_is_no_violation(laboratory: Laboratory) -> None:
    ended: set[str | None] = set()

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if request.action == "OffHold" and request.call not in ended:
            ended.add(request.call)
            await serve(replace(request, method="DELETE"))
        return response

    assert laboratory.explore(fault, "brief", "life", telephony=True).results == {}
