"""The stateful phase: the model, the order of things, and that nothing is left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mutants.asked import several, starts, stop_of
from mutants.laboratory import faultless
from mutants.messages import error
from mutants.world import CALLER, OTHER_VIEW, PHONE_CALL
from uapi.conformance.budget import Budget
from uapi.conformance.register import profile
from uapi.conformance.run import Exploration, Run
from uapi.conformance.safety import restored
from uapi.conformance.stateful import recordable
from uapi.conformance.stateful.model import UNKNOWN, Model, same
from uapi.conformance.stateful.together import Together

if TYPE_CHECKING:
    from mutants.laboratory import Laboratory
    from mutants.messages import Request, Response
    from mutants.mutant import Serve
    from uapi.conformance.exchange import Exchange
    from uapi.conformance.exchange import Request as Asked
    from uapi.conformance.probe import Probe

STATEFUL = Exploration("stateful")
BRIEF = Budget(coverage="light", examples=1, links=True, scenarios=1, steps=10)
VIEWS = {PHONE_CALL.view_id, OTHER_VIEW}
EARLIER, LATER = "2026-01-01T12:00:00Z", "2026-01-01T13:00:01+01:00"


def run_on(probe: Probe, budget: Budget = BRIEF, seed: int = 1) -> Run:
    return Run(probe, "recording", profile("recording"), seed, budget)


def journal(probe: Probe) -> list[tuple[str, str, bytes, str | None]]:
    return [
        (request.method, request.url.removeprefix(probe.target.base_url), request.body, request.principal)
        for request in (exchange.request for exchange in probe.session.exchanges)
    ]


@pytest.mark.parametrize(
    "lacking", [["get"], ["list"], ["stop_recording"], ["get", "list"], ["get", "list", "stop_recording"]], ids=str
)
def test_a_server_without_a_feature_is_compared_in_what_it_has(lacking: list[str], laboratory: Laboratory) -> None:
    with laboratory.probe(faultless, **dict.fromkeys(lacking, False)) as probe:
        run = run_on(probe, Budget(scenarios=3, steps=10))
        assert run.explore(STATEFUL) == []
        assert len(probe.session.exchanges) > 50


def test_the_same_seed_gives_the_same_journal(laboratory: Laboratory) -> None:
    journals = []
    for seed in (7, 7, 8):
        with laboratory.probe() as probe:
            run_on(probe, Budget(scenarios=3, steps=10), seed).explore(STATEFUL)
            journals.append(journal(probe))
    assert journals[0] == journals[1] != journals[2]


def test_no_recording_is_left_behind(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        run_on(probe, Budget(scenarios=2, steps=10)).explore(STATEFUL)
        assert set(probe.recordings().values()) == {None}


def test_a_view_that_is_refused_is_taken_out_of_the_model(laboratory: Laboratory) -> None:
    async def only_one(request: Request, serve: Serve) -> Response:
        other = starts(request) and request.json.get("phoneCallViewId") == OTHER_VIEW
        return error(400, "pc_phonecallview_invalid") if other else await serve(request)

    with laboratory.probe(only_one) as probe:
        assert recordable(probe) == (PHONE_CALL.view_id,)
        assert run_on(probe, Budget(scenarios=2, steps=8)).explore(STATEFUL) == []


@pytest.mark.parametrize("shows", [10_000, 60], ids=["to the end", "for a while"])
def test_what_somebody_else_records_is_left_alone(laboratory: Laboratory, shows: int) -> None:
    left = [shows]

    async def recorded(request: Request, serve: Serve) -> Response:
        def foreign(view: dict[str, str]) -> None:
            if view["id"] == OTHER_VIEW:
                view["recording"] = "2026-03-02T09:16:00+01:00"

        left[0] -= 1
        response = await serve(request)
        return response.with_views(foreign) if left[0] >= 0 and request.call == PHONE_CALL.id else response

    with laboratory.probe(recorded, list=False) as probe, restored(probe):
        assert recordable(probe) == (PHONE_CALL.view_id,)
        found = run_on(probe, Budget(scenarios=2, steps=10)).explore(STATEFUL)
    assert [(result.requirement.id, result.message) for result in found] == []


def test_all_other_views_are_in_the_model(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        assert set(recordable(probe)) == VIEWS
        assert set(probe.recordings().values()) == {None}


def test_two_requests_at_once_are_kept_in_the_order_in_which_they_were_given(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe, Together(probe.session) as together:
        requests = [
            probe.request("GET", probe.place, operation="getPhoneCall", principal=name) for name in ("caller", None)
        ]
        for one, other in (requests, reversed(requests)):
            exchanges = together.send(one, other)
            assert [exchange.request.principal for exchange in exchanges] == [one.principal, other.principal]
            assert list(exchanges) == probe.session.exchanges[-2:]
        assert [exchange.number for exchange in probe.session.exchanges] == [1, 2, 3, 4]


def test_a_model_knows_which_update_a_belief_is_owed_to() -> None:
    model = Model()
    assert model.state("01") is UNKNOWN
    model.started("01", EARLIER)
    model.stopped("00")
    assert [model.owed(view) for view in ("01", "00", "02")] == ["REC-023", "REC-031", "REC-005"]


def test_a_model_believes_what_it_sees() -> None:
    model = Model()
    model.started("01", EARLIER)
    model.stopped("00")
    (found,) = model.differences({"00": EARLIER, "01": EARLIER, "02": LATER})
    assert (found.view, found.believed, found.seen, found.owed) == ("00", None, EARLIER, "REC-031")
    assert model.differences({"00": EARLIER, "01": EARLIER, "02": LATER}) == []
    assert model.differences({"01": None}, besides=frozenset({"01"})) == []


def test_a_model_is_held_against_what_is_not_to_be_believed() -> None:
    model = Model()
    model.started("01", EARLIER)
    assert [found.view for found in model.differences({"01": None, "00": None}, believe=False)] == ["01"]
    assert (model.state("01"), model.state("00")) == (EARLIER, UNKNOWN)
    assert not model.agrees({"01": None})
    assert model.agrees({"01": EARLIER, "00": LATER})


def test_a_list_that_is_stale_is_no_fault_of_an_update(laboratory: Laboratory) -> None:
    recorded: list[Response] = []

    async def cached(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if not several(request) or request.token != CALLER.token or response.status != 200:
            return response
        views = [
            view for call in response.json["entry"] if call["id"] == PHONE_CALL.id for view in call["phoneCallView"]
        ]
        if not recorded and any("recording" in view for view in views):
            recorded.append(response)
        return recorded[0] if recorded else response

    with laboratory.probe(cached) as probe:
        run = run_on(probe, Budget(scenarios=2, steps=8, shrinking=20))
        found = run.explore(STATEFUL)
        # Nor is it believed, where all that a list could show has been said: what follows is held against a GET.
        said = {"CALL-027", "REC-005", "REC-023", "REC-031", "REC-032"}
        run.requirements = [row for row in run.requirements if row.id not in said]
        others = run.explore(STATEFUL)
    assert ({result.requirement.id for result in found}, others) == ({"CALL-027"}, [])


def test_a_list_that_is_made_after_a_change_is_not_stale(laboratory: Laboratory) -> None:
    async def ends_when_listed(request: Request, serve: Serve) -> Response:
        if several(request):
            await serve(stop_of(PHONE_CALL.view_id, request))
        return await serve(request)

    with laboratory.probe(ends_when_listed) as probe:
        found = run_on(probe, Budget(scenarios=2, steps=8, shrinking=20)).explore(STATEFUL)
    assert {result.requirement.id for result in found} == {"REC-023"}


def test_times_are_compared_as_times() -> None:
    assert same("2026-01-01T12:00:01Z", LATER)
    assert not same(EARLIER, LATER)
    assert same("nonsense", "nonsense")
    assert not same(None, EARLIER)


class Interrupting:
    """Interrupts the kit at a request, as Ctrl-C does; after that it sends as before."""

    def __init__(self, probe: Probe, number: int) -> None:
        self._send = probe.session.send
        self._left = number

    def __call__(self, request: Asked) -> Exchange:
        self._left -= 1
        if self._left == 0:
            raise KeyboardInterrupt
        return self._send(request)


@pytest.mark.parametrize("number", [1, 3, 40, 200])
@pytest.mark.parametrize("exploration", [STATEFUL, Exploration("coverage", "updatePhoneCall")], ids=str)
def test_after_an_interruption_a_run_is_finished_and_silent(
    exploration: Exploration, number: int, laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with laboratory.probe() as probe:
        run = run_on(probe, Budget(coverage="full", scenarios=2, steps=10))
        monkeypatch.setattr(probe.session, "send", Interrupting(probe, number))
        try:
            run.explore(exploration)
        except KeyboardInterrupt:
            probe.start()
        assert run.finish() is run.finish()
        assert set(probe.recordings().values()) == {None}


def test_a_target_that_goes_away_ends_the_phase(laboratory: Laboratory) -> None:
    served = 0

    async def gone(request: Request, serve: Serve) -> Response | bytes:
        nonlocal served
        served += 1
        return await serve(request) if served < 100 else b""

    with laboratory.probe(gone) as probe:
        run = run_on(probe, Budget(scenarios=5, steps=20))
        found = [result.requirement.id for result in run.explore(STATEFUL)]
        assert found == ["HTTP-004"]
        assert [reason for reason in run.dropped if "was not finished" in reason]
        assert len(probe.session.exchanges) < 150


def test_a_budget_that_is_over_ends_the_phase(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        run = run_on(probe, Budget(scenarios=5, steps=20, seconds=0))
        assert run.explore(STATEFUL) == []
        assert list(run.dropped) == ["stateful was not finished: the time of the budget was over"]
