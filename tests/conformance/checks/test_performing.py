"""Actions on placed phone calls: what hinders an action accuses one requirement, and calls are used again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mutants.messages import Request, Response, error
from mutants.world import ROLES
from uapi.conformance.engine import decide
from uapi.conformance.outcome import Outcome
from uapi.conformance.register import register

if TYPE_CHECKING:
    from mutants.laboratory import Laboratory
    from mutants.mutant import Fault, Serve
    from uapi.conformance.probe import Probe

HOLDING = ("ACT-020", "ACT-021", "ACT-022", "ACT-023", "ACT-024", "ACT-025", "ACT-026")


def placed(probe: Probe) -> int:
    return sum(exchange.request.method == "POST" for exchange in probe.session.exchanges)


def refusing(action: str, refusal: Response) -> Fault:
    async def served(request: Request, serve: Serve) -> Response:
        return refusal if request.action == action else await serve(request)

    return served


async def hung_up_before_a_hold(request: Request, serve: Serve) -> Response:
    """Serve like the sandbox where a party hangs up just before the call is put on hold."""
    if request.action == "OnHold":
        await serve(replace(request, method="DELETE"))
    return await serve(request)


async def one_call_at_a_time(request: Request, serve: Serve) -> Response:
    """Serve like the sandbox where terminals have a single line."""
    listed = await serve(replace(request, method="GET", raw_path="/uapi/phoneCalls/@me/0003*214"))
    busy = request.method == "POST" and listed.status == 200
    return error(409, "busy") if busy else await serve(request)


@pytest.mark.parametrize("action", ["OnHold", "Whisper", "Transfer"])
@pytest.mark.parametrize("status", [403, 501])
def test_an_action_that_is_always_refused_accuses_one_requirement(
    laboratory: Laboratory, action: str, status: int
) -> None:
    row = {"OnHold": "ACT-020", "Whisper": "ACT-065", "Transfer": "ACT-075"}[action]
    rows = ("ACT-002", "ACT-003", "ACT-004", "ACT-006", "ACT-007", "ACT-008", "ACT-009", "ACT-011", row)
    with laboratory.probe(refusing(action, error(status, "no")), telephony=True) as probe:
        results = [decide(register()[name], probe) for name in rows]
    assert [result.requirement.id for result in results if result.violated] == [row]


def test_who_hung_up_meanwhile_accuses_nobody(laboratory: Laboratory) -> None:
    with laboratory.probe(hung_up_before_a_hold, telephony=True) as probe:
        results = [decide(register()[name], probe) for name in HOLDING]
    assert {result.outcome for result in results} <= {Outcome.NOT_EXERCISED, Outcome.PASS}
    assert "has ended meanwhile" in results[0].message


def test_one_call_serves_all_that_is_about_holding(laboratory: Laboratory) -> None:
    with laboratory.probe(telephony=True) as probe:
        results = [decide(register()[name], probe) for name in HOLDING]
        assert placed(probe) == 1
    assert {result.outcome for result in results} == {Outcome.PASS}


def test_a_call_that_somebody_was_called_to_is_not_used_again(laboratory: Laboratory) -> None:
    with laboratory.probe(telephony=True) as probe:
        call = probe.telephone.talking()
        joined = probe.telephone.act(call, "BargeIn", sendCallTo="0003*217")  # which nobody answers
        assert joined.status == 200
        assert probe.telephone.talking().id != call.id


def test_an_action_without_a_role_is_left_out(laboratory: Laboratory) -> None:
    with laboratory.probe(roles=ROLES.model_copy(update={"unanswered": None}), telephony=True) as probe:
        own = decide(register()["ACT-030"], probe)
        of_all = decide(register()["ACT-003"], probe)
    assert (own.outcome, own.message) == (Outcome.NOT_EXERCISED, "the target names no unanswered.extension")
    assert of_all.outcome is Outcome.PASS


def test_one_line_is_enough_to_see_that_no_other_call_is_changed(laboratory: Laboratory) -> None:
    with laboratory.probe(one_call_at_a_time, telephony=True) as probe:
        result = decide(register()["ACT-001"], probe)
    assert result.outcome is Outcome.PASS, result.message


@pytest.mark.parametrize("requirement", ["ACT-001", "ACT-002", "ACT-011"])
def test_without_any_action_nothing_is_asked_of_actions(laboratory: Laboratory, requirement: str) -> None:
    names = ("hold", "pick_up", "barge_in", "park", "whisper", "monitor", "transfer", "transfer_to_voicemail")
    features = ROLES.features.model_copy(update=dict.fromkeys(names, False))
    with laboratory.probe(roles=ROLES.model_copy(update={"features": features}), telephony=True) as probe:
        assert decide(register()[requirement], probe).outcome is Outcome.EXCLUDED
