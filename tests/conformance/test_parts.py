"""What several processes did of a run, put together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.made import exchange, response, target
from uapi.conformance.budget import QUICK
from uapi.conformance.outcome import Outcome, Result, Verdict
from uapi.conformance.parts import Part, join, part_of
from uapi.conformance.probe import Probe
from uapi.conformance.register import profile, register
from uapi.conformance.run import Run
from uapi.conformance.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mutants.laboratory import Laboratory
    from uapi.conformance.exchange import Exchange
    from uapi.conformance.run import Phase


def had(number: int, phase: str, status: int = 200) -> Exchange:
    return replace(exchange(response({}, status=status), number=number), phase=phase)


def found(name: str, outcome: Outcome = Outcome.PASS, *exchanges: Exchange, **more: Any) -> Result:
    return Result(register()[name], outcome, exchanges=exchanges, **more)


def part(*results: tuple[Result, Phase], exchanges: tuple[Exchange, ...] = (), **more: Any) -> Part:
    nothing = {"dropped": {}, "warnings": (), "secrets": {}, "gone": None, "ended": False}
    by_name = {result.requirement.id: result for result, _ in results}
    phases = {result.requirement.id: phase for result, phase in results}
    return Part(by_name, phases, exchanges, **{**nothing, **more})


@pytest.fixture
def run() -> Iterator[Run]:
    with Session(target("http://127.0.0.1:9/uapi")) as session:
        session.exchanges.append(had(1, "preflight"))
        yield Run(Probe(session), "recording", profile("recording"), seed=1, budget=QUICK)


def test_exchanges_are_in_the_order_of_one_process(run: Run) -> None:
    one = part(exchanges=(had(1, "look"), had(2, "links"), had(3, "check REC-001"), had(4, "clean-up")))
    other = part(exchanges=(had(1, "look"), had(2, "check ADDR-001"), had(3, "check ADDR-001", 400)))
    join(run, [one, other])
    session = run.probe.session
    assert [each.phase for each in session.exchanges] == [
        *("preflight", "look", "look", "check ADDR-001", "check ADDR-001", "check REC-001", "links", "clean-up")
    ]
    assert [each.number for each in session.exchanges] == list(range(1, 9))
    assert [each.status for each in session.exchanges[3:5]] == [200, 400]


def test_what_came_of_checks_does_not_depend_on_who_made_them(run: Run) -> None:
    one = part(exchanges=(had(1, "check REC-001"),))
    other = part(exchanges=(had(1, "check ADDR-001"), had(2, "links")))
    join(run, [one, other])
    phases = [each.phase for each in run.probe.session.exchanges]
    with Session(target("http://127.0.0.1:9/uapi")) as session:
        session.exchanges.append(had(1, "preflight"))
        again = Run(Probe(session), "recording", profile("recording"), seed=1, budget=QUICK)
        join(again, [other, one])
    assert [each.phase for each in session.exchanges] == phases


def test_evidence_has_the_new_numbers(run: Run) -> None:
    shown = had(1, "check REC-013")
    late = part((found("REC-013", Outcome.FAIL, shown, violated=True), "check"), exchanges=(shown,))
    early = part(exchanges=(had(1, "check ADDR-001"), had(2, "check ADDR-001")))
    join(run, [late, early])
    assert [each.number for each in run.results["REC-013"].exchanges] == [4]


def test_numbers_in_messages_are_the_new_ones(run: Run) -> None:
    late = part(
        (found("REC-013", Outcome.NOT_EXERCISED, message="it ended after exchange 1"), "check"),
        exchanges=(had(1, "check REC-013"),),
        warnings=("look at exchange 1",),
    )
    early = part(exchanges=(had(1, "check ADDR-001"),))
    join(run, [late, early])
    assert run.results["REC-013"].message == "it ended after exchange 3"
    assert "look at exchange 3" in run.probe.session.warnings


@pytest.mark.parametrize("turn", [1, -1])
def test_the_gravest_result_is_kept(run: Run, turn: int) -> None:
    parts = [part((found("REC-013"), "check")), part((found("REC-013", Outcome.FAIL, violated=True), "links"))]
    join(run, parts[::turn])
    assert (run.results["REC-013"].outcome, run.phases["REC-013"]) == (Outcome.FAIL, "links")


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_alike_that_of_the_earlier_phase_is_kept(run: Run, turn: int) -> None:
    checked, linked = had(2, "check REC-013"), had(2, "links")
    parts = [
        part((found("REC-013", Outcome.FAIL, checked, violated=True), "check"), exchanges=(checked,)),
        part((found("REC-013", Outcome.FAIL, linked, violated=True), "links"), exchanges=(linked,)),
    ]
    join(run, parts[::turn])
    assert run.phases["REC-013"] == "check"


def test_secrets_of_a_part_are_hidden(run: Run) -> None:
    told = replace(exchange(response({"token": "t0k3n-of-a-worker"})), phase="links")
    join(run, [part(exchanges=(told,), secrets={"t0k3n-of-a-worker": "$UAPI_CALLER_TOKEN"})])
    assert "t0k3n-of-a-worker" not in str(run.probe.session.exchanges[-1].as_json())


def test_what_was_dropped_is_added_up(run: Run) -> None:
    run.dropped["unclear"] = 1
    join(run, [part(dropped={"unclear": 2}), part(dropped={"unclear": 3, "other": 1})])
    assert run.dropped == {"unclear": 6, "other": 1}


def test_a_target_is_gone_that_is_gone_for_all(run: Run) -> None:
    join(run, [part(gone="it stopped answering"), part(gone="it stopped answering, too")])
    assert run.probe.session.gone == "it stopped answering"


def test_a_target_is_not_gone_that_one_lost(run: Run) -> None:
    join(run, [part(gone="the phone call ended"), part()])
    assert run.probe.session.gone is None


def test_a_run_with_a_call_that_ended_is_incomplete(run: Run) -> None:
    decided = [(found(row.id), "check") for row in run.requirements]
    join(run, [part(*decided, ended=True), part()])  # type: ignore[arg-type]
    assert run.finish() is Verdict.INCOMPLETE


def test_a_part_is_no_more_than_was_decided(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        run = Run(probe, "recording", profile("recording"), seed=1, budget=QUICK)
        run.decide(register()["REC-004"])
        done = part_of(run)
        assert probe.recordings()[probe.view] is None
    assert (set(done.results), done.results["REC-004"].outcome) == ({"REC-004"}, Outcome.PASS)
    assert done.exchanges[-1].phase == "clean-up"
