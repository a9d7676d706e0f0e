from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from conformance.loopback import Line, serving
from conformance.made import target, wire
from mutants.laboratory import carried_out
from mutants.world import ROLES, WORLD
from uapi.conformance.budget import BUDGETS, Budget
from uapi.conformance.checks.registry import ACTIONS, OBSERVATIONS
from uapi.conformance.finding import Failed
from uapi.conformance.inquiry import Violation
from uapi.conformance.outcome import Outcome, Verdict
from uapi.conformance.place import Place
from uapi.conformance.probe import Probe
from uapi.conformance.register import profile, register
from uapi.conformance.run import Exploration, Run
from uapi.conformance.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mutants.laboratory import Laboratory
    from uapi.conformance.register import Requirement
    from uapi.conformance.target import Target

CHECKS = Budget()
"""The budget of a run that generates nothing."""
ROWS = profile("recording")


def a_run(probe: Probe, *names: str, budget: Budget = CHECKS) -> Run:
    rows = [register()[name] for name in names] if names else list(ROWS)
    return Run(probe, "recording", rows, seed=1, budget=budget)


@pytest.fixture
def nowhere() -> Iterator[Probe]:
    """Return a probe that has nothing to talk to."""
    with Session(target("http://127.0.0.1:9/uapi")) as session:
        yield Probe(session)


def recorded(probe: Probe) -> list[tuple[str, str]]:
    """Return every view that is recorded now and was not when the world began, on any phone call of the sandbox."""
    calls = [kept.call.model_dump(exclude_none=True) for kept in WORLD.phone_calls]
    begun = {(call["id"], view["id"]) for call in calls for view in call["phoneCallView"] if "recording" in view}
    found = []
    for call in WORLD.phone_calls:
        place = Place("@owner", call.extension, call.id)
        request = probe.request("GET", place, operation="getPhoneCall", principal="administrator")
        answer = probe.session.send(request).response
        assert answer is not None
        for entry in answer.json()["entry"]:
            found += [(call.id, view["id"]) for view in entry["phoneCallView"] if "recording" in view]
    return [view for view in found if view not in begun]


def test_every_requirement_is_decided_by_acting_or_by_observing(nowhere: Probe) -> None:
    run = a_run(nowhere)
    assert sorted(row.id for row in [*run.acting, *run.observing]) == sorted(row.id for row in ROWS)


def test_what_is_excluded_needs_no_observation(nowhere: Probe) -> None:
    assert [row.id for row in a_run(nowhere).observing if row.excluded is not None] == []


@pytest.mark.parametrize("budget", BUDGETS.values(), ids=BUDGETS)
def test_a_feature_that_is_not_offered_is_not_explored(nowhere: Probe, budget: Budget) -> None:
    lacking = ROLES.features.model_copy(update={"list": False, "get": False})
    nowhere.session.target = nowhere.target.model_copy(update={"features": lacking})
    explored = {exploration.operation for exploration in a_run(nowhere, budget=budget).explorations}
    assert explored <= {None, "updatePhoneCall"}


def test_without_a_budget_nothing_is_explored(nowhere: Probe) -> None:
    assert a_run(nowhere).explorations == []


def test_explorations_have_different_names(nowhere: Probe) -> None:
    names = [str(exploration) for exploration in a_run(nowhere, budget=BUDGETS["standard"]).explorations]
    assert len(set(names)) == len(names) > 1


def test_a_requirement_that_nobody_decided_is_not_exercised(nowhere: Probe) -> None:
    run = a_run(nowhere, "REC-001", "REC-033")
    assert run.finish() is Verdict.INCOMPLETE
    assert {result.outcome for result in run.results.values()} == {Outcome.NOT_EXERCISED}


def test_every_requirement_has_a_result_at_the_end(nowhere: Probe) -> None:
    run = a_run(nowhere)
    run.finish()
    assert set(run.results) == {row.id for row in ROWS}


def test_a_run_may_be_finished_twice(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        run = a_run(probe, "REC-001")
        assert (carried_out(run), run.finish()) == (Verdict.CONFORMANT, Verdict.CONFORMANT)


def test_a_clean_up_that_fails_does_not_keep_a_run_from_its_verdict(
    laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Probe) -> None:
        raise ValueError("bad")

    monkeypatch.setattr(Probe, "clean_up", broken)
    with laboratory.probe() as probe:
        assert carried_out(a_run(probe, "REC-001")) is Verdict.CONFORMANT


def test_an_exchange_tells_which_check_had_it(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        run = a_run(probe, "REC-001")
        run.decide(register()["REC-001"])
        assert {exchange.phase for exchange in probe.session.exchanges} == {"check REC-001"}


def test_the_order_of_the_checks_does_not_matter(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        run = a_run(probe)
        for row in [*reversed(run.observing), *reversed(run.acting)]:
            run.decide(row)
        run.finish()
    outcomes = {result.outcome for result in run.results.values()}
    assert outcomes == {Outcome.PASS, Outcome.EXCLUDED}


def test_the_sandbox_is_conformant(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        assert carried_out(a_run(probe)) is Verdict.CONFORMANT


def test_every_must_of_the_profile_is_exercised_on_the_sandbox(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        run = a_run(probe)
        carried_out(run)
    musts = [result for result in run.results.values() if result.requirement.level == "MUST"]
    lacking = {r.requirement.id for r in musts if r.outcome is not Outcome.PASS and not r.requirement.excluded}
    assert lacking == {"HTTP-011"}, "which speaks of what a server lacks, and the sandbox lacks nothing"


EXPLORATION = Exploration("exploration", "updatePhoneCall", "positive")


def finding(monkeypatch: pytest.MonkeyPatch, *violations: Violation) -> None:
    """Have an exploration find what it is told to find."""
    monkeypatch.setattr(Run, "_violations", lambda *_: iter(violations))


@pytest.mark.parametrize(
    ("name", "outcome"), [("REC-001", Outcome.FAIL), ("REC-024", Outcome.WARN), ("REC-026", Outcome.PASS)]
)
def test_what_an_exploration_finds_outweighs_what_a_check_passed(
    laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch, name: str, outcome: Outcome
) -> None:
    with laboratory.probe() as probe:
        run = a_run(probe, name)
        run.decide(register()[name])
        finding(monkeypatch, Violation(name, "wrong"))
        run.explore(EXPLORATION)
        run.finish()
    result = run.results[name]
    assert (result.outcome, result.violated) == (outcome, True)
    assert result.message.endswith("wrong")


@pytest.mark.parametrize(
    ("name", "outcome"), [("REC-001", Outcome.FAIL), ("REC-024", Outcome.WARN), ("REC-026", Outcome.PASS)]
)
def test_a_check_that_passes_later_does_not_outweigh_what_an_exploration_found(
    laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch, name: str, outcome: Outcome
) -> None:
    with laboratory.probe() as probe:
        run = a_run(probe, name)
        finding(monkeypatch, Violation(name, "wrong"))
        run.explore(EXPLORATION)
        run.decide(register()[name])
    result = run.results[name]
    assert (result.outcome, result.violated) == (outcome, True)


def test_a_violation_of_a_may_reads_alike_whoever_finds_it(
    laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(_: Probe) -> None:
        raise Failed("wrong")

    with laboratory.probe() as probe:
        by_exploration, by_check = a_run(probe, "REC-026"), a_run(probe, "REC-026")
        finding(monkeypatch, Violation("REC-026", "wrong"))
        by_exploration.explore(EXPLORATION)
        monkeypatch.setitem(ACTIONS, "REC-026", check)
        by_check.decide(register()["REC-026"])
    assert by_exploration.results["REC-026"].message == by_check.results["REC-026"].message


def test_a_run_leaves_no_recording_behind(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        carried_out(a_run(probe))
        assert recorded(probe) == []


@pytest.mark.parametrize("error", [ValueError("bad"), KeyboardInterrupt()], ids=["a defect", "Ctrl-C"])
def test_a_run_whose_check_raises_leaves_no_recording_behind(
    laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def check(probe: Probe) -> None:
        probe.start()
        probe.start(view=probe.other_view())
        raise error

    monkeypatch.setitem(ACTIONS, "REC-001", check)
    with laboratory.probe() as probe:
        run = a_run(probe, "REC-001")
        with suppress(KeyboardInterrupt):
            run.decide(register()["REC-001"])
        before = recorded(probe)
        run.finish()
        after = recorded(probe)
    assert (len(before), after) == (2, [])


def test_what_the_checks_of_other_calls_start_is_stopped() -> None:
    """A server that records where it should refuse, and where the call should end, keeps neither recording."""
    running: set[tuple[str, str]] = set()

    def script(line: Line) -> None:
        while (request := line.receive()) is not None:
            call, body = request.path.rpartition("/")[2], json.loads(request.body or b"{}")
            view = (call, str(body.get("phoneCallViewId")))
            if request.method == "PUT":
                (running.discard if body.get("action") == "StopRecording" else running.add)(view)
            shown = {"id": view[1], **({"recording": "2026-01-01T00:00:00Z"} if view in running else {})}
            one = {"id": call, "phoneCallView": [shown]}
            line.send(wire(json.dumps(one if request.method == "PUT" else {"entry": [one]}).encode()))
            if request.is_last:
                return

    with serving(script) as server, Session(target(server.base_url)) as session:
        carried_out(a_run(Probe(session), "REC-008", "REC-027"))
    assert running == set()


@pytest.fixture(scope="module")
def served(laboratory: Laboratory) -> Iterator[Target]:
    """Return the target of a sandbox that all tests of this file may use."""
    with laboratory.probe() as probe:
        yield probe.target


ONCE = {"REC-008", "HTTP-003"}
"""The requirements whose checks end a phone call, which is there for one of them only."""


@pytest.mark.parametrize("row", [row for row in ROWS if row.id not in ONCE], ids=lambda row: row.id)
def test_a_requirement_is_decided_by_itself_on_the_sandbox(served: Target, row: Requirement) -> None:
    # Nothing is taken from what other checks sent before, but by an observation of what a server may leave undone.
    with Session(served) as session:
        outcome = a_run(Probe(session), row.id).decide(row).outcome
    expected = {Outcome.EXCLUDED} if row.excluded else {Outcome.PASS, Outcome.EXCLUDED}
    assert outcome in expected
    assert outcome is Outcome.PASS or row.excluded or row.id in {*OBSERVATIONS, "HTTP-011", "HTTP-012"}
