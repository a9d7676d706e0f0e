"""What the kit waits for on its phone calls: all that ends by itself side by side and last, and nothing in vain."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mutants.world import PHONE_CALL, ROLES
from uapi.conformance.budget import Budget
from uapi.conformance.checks.registry import BEGINNINGS, LATE
from uapi.conformance.finding import NotExercised
from uapi.conformance.outcome import Outcome
from uapi.conformance.register import profile, register
from uapi.conformance.run import Run
from uapi.conformance.telephone import PATIENCE

if TYPE_CHECKING:
    from mutants.laboratory import Laboratory
    from mutants.messages import Request, Response
    from mutants.mutant import Serve
    from uapi.conformance.probe import Probe

WAITS = "MAKE-030"
PLAIN = "END-001"


def a_run(probe: Probe, *names: str) -> Run:
    return Run(probe, "phone-calls", [register()[name] for name in names], seed=1, budget=Budget())


def begun(probe: Probe) -> int:
    """Return how many phone calls were placed whose end is waited for."""
    return sum("waitForPickup=" in exchange.request.url for exchange in probe.session.exchanges)


def test_what_waits_comes_last(laboratory: Laboratory) -> None:
    with laboratory.probe(telephony=True) as probe:
        acting = [row.id for row in Run(probe, "phone-calls", profile("phone-calls"), 1, Budget()).acting]
    assert set(acting[-len(LATE) :]) == LATE
    assert acting[: -len(LATE)] == sorted(acting[: -len(LATE)])


def test_each_check_that_waits_begins_something() -> None:
    assert set(BEGINNINGS) == LATE


def test_what_waits_begins_with_the_first_phone_call_of_a_run_and_once(laboratory: Laboratory) -> None:
    with laboratory.probe(telephony=True) as probe:
        run = a_run(probe, PLAIN, WAITS)
        counts = [begun(probe)]
        for name in (PLAIN, PLAIN, WAITS):
            run.decide(register()[name])
            counts.append(begun(probe))
    assert counts == [0, 1, 1, 1]


def test_nothing_begins_that_no_requirement_of_the_run_waits_for(laboratory: Laboratory) -> None:
    with laboratory.probe(telephony=True) as probe:
        a_run(probe, PLAIN).decide(register()[PLAIN])
        assert begun(probe) == 0


def test_what_cannot_begin_is_told_by_its_own_check(laboratory: Laboratory) -> None:
    with laboratory.probe(roles=ROLES.model_copy(update={"unanswered": None}), telephony=True) as probe:
        run = a_run(probe, PLAIN, WAITS)
        results = [run.decide(register()[name]) for name in (PLAIN, WAITS)]
    assert [result.outcome for result in results] == [Outcome.PASS, Outcome.NOT_EXERCISED]
    assert "unanswered.extension" in results[1].message


def test_a_call_is_looked_at_once_where_others_were_not_answered_before(laboratory: Laboratory) -> None:
    numbers = ROLES.create.model_copy(update={"destination": "0003*217", "answer_timeout_seconds": 0.05})  # type: ignore[union-attr]
    with laboratory.probe(roles=ROLES.model_copy(update={"create": numbers}), telephony=True) as probe:
        for _ in range(PATIENCE):
            with pytest.raises(NotExercised, match=r"within 0\.05 seconds$"):
                probe.telephone.answered(probe.telephone.place())
        call, before = probe.telephone.place(), len(probe.session.exchanges)
        with pytest.raises(NotExercised, match=f"{PATIENCE} others before it"):
            probe.telephone.answered(call)
        assert len(probe.session.exchanges) == before + 1


def test_the_call_under_test_is_never_taken_for_one_that_was_placed(laboratory: Laboratory) -> None:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        told = json.dumps([{"id": PHONE_CALL.id}]).encode()
        return response.with_body(told) if request.method == "POST" else response

    with laboratory.probe(fault, telephony=True) as probe:
        with pytest.raises(NotExercised, match="MAKE-002"):
            probe.telephone.place()
        assert not probe.session.guard.is_own(PHONE_CALL.id)
