"""A phone call that ends in the middle of a run is noticed, and nobody is accused of what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mutants.asked import one, ours, several, starts, update
from mutants.laboratory import carried_out, faultless
from mutants.messages import Response, error
from mutants.world import PHONE_CALL
from uapi.conformance.budget import Budget
from uapi.conformance.engine import decide
from uapi.conformance.outcome import Outcome, Verdict
from uapi.conformance.presence import has_ended, last_shown
from uapi.conformance.register import profile, register
from uapi.conformance.run import Exploration, Run
from uapi.conformance.safety import restored

if TYPE_CHECKING:
    from collections.abc import Callable

    from mutants.laboratory import Laboratory
    from mutants.messages import Request
    from mutants.mutant import Fault, Serve

NOBODY = "00000000000000000000"
"""An id that no phone call of the sandbox has: what has ended is answered like it."""
GENERATED = Budget(coverage="light", examples=4, links=True, scenarios=2, steps=8, shrinking=20)
SETTLED = {Outcome.PASS, Outcome.EXCLUDED, Outcome.NOT_EXERCISED}


def ending(
    after: int, answered: Callable[[Request], Response | None] = lambda _: None, *, on: Callable[[Request], bool] = ours
) -> Fault:
    """Serve like the sandbox, and have the phone call end after so many requests of a kind."""
    left = [after]

    async def fault(request: Request, serve: Serve) -> Response:
        if left[0] > 0:
            left[0] -= on(request)
            return await serve(request)
        if ours(request):
            instead = answered(request) if request.token not in {None, "no-such-token"} else None
            return instead or await serve(request.with_segment(2, NOBODY))
        response = await serve(request)
        if not several(request) or response.status != 200:
            return response
        value = response.json
        kept = [call for call in value["entry"] if call.get("id") != PHONE_CALL.id]
        return response.with_json({**value, "entry": kept})

    return fault


def nothing(request: Request) -> Response | None:
    """Say of a phone call that has ended that there is nothing to return."""
    return Response(204, (), b"") if one(request) or update(request) else None


def invalid(request: Request) -> Response | None:
    """Say of a phone call that has ended that it does not exist, whatever is asked."""
    return error(400, "pc_phonecall_invalid") if one(request) or update(request) else None


def run_to_its_end(laboratory: Laboratory, fault: Fault, budget: Budget = GENERATED, **features: bool) -> Run:
    with laboratory.probe(fault, **features) as probe, restored(probe):
        run = Run(probe, "recording", profile("recording"), 1, budget)
        carried_out(run)
        return run


def accused(run: Run) -> dict[str, str]:
    return {name: r.message for name, r in run.results.items() if r.violated or r.outcome not in SETTLED}


def is_told(run: Run) -> bool:
    """Tell whether the reader is told, in one sentence, that the phone call ended."""
    said = [text for text in run.probe.session.warnings if "ended during the run" in text]
    return said == [said[0]] and str(PHONE_CALL.id) in said[0]


@pytest.mark.parametrize("after", [1, 4, 20, 90, 150])
def test_a_call_that_ends_during_the_checks_accuses_nobody(laboratory: Laboratory, after: int) -> None:
    run = run_to_its_end(laboratory, ending(after), Budget())
    assert (accused(run), is_told(run), run.finish()) == ({}, True, Verdict.INCOMPLETE)
    assert Outcome.NOT_EXERCISED in {run.results[name].outcome for name in ("REC-035", "REC-032")}


@pytest.mark.thorough
@pytest.mark.parametrize("after", [200, 230, 260, 290, 330, 400, 480])
def test_a_call_that_ends_while_requests_are_generated_accuses_nobody(laboratory: Laboratory, after: int) -> None:
    run = run_to_its_end(laboratory, ending(after))
    assert (accused(run), is_told(run), run.finish()) == ({}, True, Verdict.INCOMPLETE)
    assert any("ended during the run" in reason for reason in run.dropped)


@pytest.mark.parametrize("after", [0, 2])
@pytest.mark.parametrize(
    "exploration",
    [
        Exploration("coverage", "updatePhoneCall"),
        Exploration("coverage", "getPhoneCall"),
        Exploration("exploration", "updatePhoneCall", "positive"),
        Exploration("exploration", "getPhoneCall", "positive"),
        Exploration("links"),
        Exploration("stateful"),
    ],
    ids=str,
)
def test_a_call_that_ends_in_a_phase_accuses_nobody(
    laboratory: Laboratory, exploration: Exploration, after: int
) -> None:
    # What is counted is served in any case: a look, and a start, which show the phone call in every way there is.
    with laboratory.probe(ending(after + 3, on=lambda _: True)) as probe:
        probe.get(), probe.start(), probe.list()
        run = Run(probe, "recording", profile("recording"), 1, GENERATED)
        assert run.explore(exploration) == []
        assert run.finish() is Verdict.INCOMPLETE
        assert is_told(run)


@pytest.mark.parametrize("answered", [nothing, invalid], ids=["204", "400"])
@pytest.mark.parametrize(
    "lacking",
    [(), ("get",), ("list",), ("get", "list"), ("get", "list", "stop_recording")],
    ids=lambda names: "+".join(names) or "everything",
)
def test_the_end_is_noticed_whatever_the_target_offers_and_answers(
    laboratory: Laboratory, lacking: tuple[str, ...], answered: Callable[[Request], Response | None]
) -> None:
    kinds = {"get": one, "list": several, "stop_recording": lambda request: request.action == "StopRecording"}
    ends = ending(25, answered)

    async def fault(request: Request, serve: Serve) -> Response:
        absent = any(kinds[name](request) for name in lacking)
        return error(501, "request_not_implemented") if absent else await ends(request, serve)  # type: ignore[return-value]

    run = run_to_its_end(laboratory, fault, Budget(), **dict.fromkeys(lacking, False))
    assert (accused(run), is_told(run), run.finish()) == ({}, True, Verdict.INCOMPLETE)


def test_nothing_is_sent_once_the_end_is_known(laboratory: Laboratory) -> None:
    run = run_to_its_end(laboratory, ending(20), Budget())
    phases = [exchange.phase for exchange in run.probe.session.exchanges if exchange.was_sent]
    seen = phases.index("presence")
    assert set(phases[seen:]) == {"presence", "clean-up"}


def test_a_recording_that_ended_with_its_call_is_not_warned_of(laboratory: Laboratory) -> None:
    run = run_to_its_end(laboratory, ending(20), Budget(), get=False)
    assert [text for text in run.probe.session.warnings if "may go on" in text] == []


def test_what_passed_since_the_call_was_seen_is_taken_back(laboratory: Laboratory) -> None:
    # A stranger is refused on a phone call that has ended, whatever a server thinks of strangers.
    with laboratory.probe(ending(2)) as probe:
        run = Run(probe, "recording", [register()[name] for name in ("REC-001", "AUTH-003")], 1, Budget())
        passed = [run.decide(row).outcome for row in run.acting]
        judged = run.finish()
    outcomes = {name: result.outcome for name, result in run.results.items()}
    assert passed == [Outcome.PASS, Outcome.PASS]
    assert outcomes == {"REC-001": Outcome.PASS, "AUTH-003": Outcome.NOT_EXERCISED}
    assert judged is Verdict.INCOMPLETE


def test_what_was_found_before_the_end_stays_found(laboratory: Laboratory) -> None:
    ends = ending(40)

    async def fault(request: Request, serve: Serve) -> Response:
        response = await ends(request, serve)
        assert isinstance(response, Response)
        return response.with_status(202) if starts(request) and response.status == 200 else response

    run = run_to_its_end(laboratory, fault, Budget())
    assert run.results["ADDR-001"].outcome is Outcome.FAIL
    assert (run.finish(), is_told(run)) == (Verdict.NOT_CONFORMANT, True)


def lacking_in_lists(request: Request, response: Response) -> Response:
    if not several(request) or response.status != 200:
        return response
    value = response.json
    return response.with_json({**value, "entry": [c for c in value["entry"] if c.get("id") != PHONE_CALL.id]})


def empty_gets(request: Request, response: Response) -> Response:
    return response.with_json({"entry": [], "totalResults": 0}) if one(request) and response.status == 200 else response


def lost_updates(request: Request, response: Response) -> Response:
    return error(400, "pc_phonecall_invalid") if starts(request) and response.status == 200 else response


@pytest.mark.parametrize(
    ("change", "requirement"),
    [(lacking_in_lists, "CALL-020"), (empty_gets, "CALL-050"), (lost_updates, "REC-001")],
    ids=["lists", "gets", "updates"],
)
def test_a_target_that_loses_a_call_in_one_way_only_is_accused(
    laboratory: Laboratory, change: Callable[[Request, Response], Response], requirement: str
) -> None:
    shown = [3]

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        shown[0] -= 1
        return response if shown[0] >= 0 else change(request, response)

    with laboratory.probe(fault) as probe:
        probe.get(), probe.list(), probe.start()
        result = decide(register()[requirement], probe)
    assert (result.outcome, probe.ended) == (Outcome.FAIL, False)


def test_a_target_whose_lists_show_the_call_has_not_lost_it(laboratory: Laboratory) -> None:
    left = [2]

    async def fault(request: Request, serve: Serve) -> Response:
        left[0] -= 1
        lost = left[0] < 0 and update(request) and ours(request)
        return error(400, "pc_phonecall_invalid") if lost else await serve(request)

    with laboratory.probe(fault, get=False) as probe:
        probe.list(), probe.start()
        result = decide(register()["REC-004"], probe)
    assert (result.outcome, probe.ended) == (Outcome.FAIL, False)


def test_a_run_whose_checks_all_passed_before_the_end_is_incomplete(laboratory: Laboratory) -> None:
    with laboratory.probe(ending(6)) as probe:
        run = Run(probe, "recording", [register()["REC-001"]], 1, GENERATED)
        assert run.decide(register()["REC-001"]).outcome is Outcome.PASS
        assert run.explore(Exploration("stateful")) == []
        assert run.finish() is Verdict.INCOMPLETE
    assert run.results["REC-001"].outcome is Outcome.PASS


def test_a_target_that_never_showed_the_call_has_not_lost_it(laboratory: Laboratory) -> None:
    with laboratory.probe(ending(0)) as probe:
        result = decide(register()["REC-001"], probe)
        assert (last_shown(probe), has_ended(probe)) == (0, False)
    assert result.outcome is Outcome.FAIL


def test_a_second_start_that_returns_nothing_is_not_the_end(laboratory: Laboratory) -> None:
    # A server without GET, lists and stops that answers the second start with 204, which it may (D-24).
    started: list[Request] = []

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if not starts(request) or response.status != 200:
            return response
        started.append(request)
        return response if len(started) == 1 else Response(204, (), b"")

    with laboratory.probe(fault, get=False, list=False, stop_recording=False) as probe:
        probe.start()
        assert not has_ended(probe, [probe.start()])


def test_a_call_that_is_there_is_looked_at_once(laboratory: Laboratory) -> None:
    with laboratory.probe(faultless) as probe:
        probe.get()
        exchange = probe.update({})
        before = len(probe.session.exchanges)
        assert not has_ended(probe, [exchange])
        assert not has_ended(probe, [exchange])
        assert len(probe.session.exchanges) == before + 1
