"""The phases that generate requests: they accuse no correct server, are repeatable, and do no harm."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from mutants.laboratory import faultless
from mutants.messages import error
from mutants.world import PHONE_CALL, ROLES
from uapi.conformance.budget import Budget
from uapi.conformance.bundle import flaw
from uapi.conformance.inquiry import Inquiry
from uapi.conformance.outcome import Outcome
from uapi.conformance.place import Place
from uapi.conformance.register import profile
from uapi.conformance.run import Exploration, Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from mutants.laboratory import Laboratory
    from mutants.messages import Request, Response
    from mutants.mutant import Fault, Serve
    from uapi.conformance.exchange import Exchange
    from uapi.conformance.outcome import Result
    from uapi.conformance.probe import Probe

Sent = tuple[str, str, bytes]

ALL = Budget(coverage="light", examples=4, links=True, scenarios=2, steps=6, shrinking=4)
BOUNDARIES = Budget(coverage="light", shrinking=4)
RANDOM = Budget(examples=6)
FEW = Budget(examples=3)
MADE_UP = re.compile(r"nosuch[a-z0-9]*|0+")


def explored(probe: Probe, budget: Budget = BOUNDARIES, seed: int = 1) -> dict[str, list[Result]]:
    """Carry out every exploration of a budget; return what each found."""
    run = Run(probe, "recording", profile("recording"), seed, budget)
    return {str(exploration): run.explore(exploration) for exploration in run.explorations}


@dataclass(frozen=True)
class Explored:
    """What came of all explorations of a correct server."""

    findings: list[Result]
    exchanges: list[Exchange]
    base_url: str
    before: dict[str, str]
    after: dict[str, str]
    """The caller's phone calls, as JSON."""

    @property
    def sent(self) -> list[Sent]:
        """Every request, in their order."""
        requests = [exchange.request for exchange in self.exchanges]
        return [(request.method, request.url.removeprefix(self.base_url), request.body) for request in requests]


def correct(laboratory: Laboratory, budget: Budget, seed: int, **features: bool) -> Explored:
    with laboratory.probe(faultless, **features) as probe:
        before = calls(probe)
        first = len(probe.session.exchanges)
        findings = [result for found in explored(probe, budget, seed).values() for result in found]
        exchanges = probe.session.exchanges[first:]
        return Explored(findings, exchanges, probe.target.base_url, before, calls(probe))


def calls(probe: Probe) -> dict[str, str]:
    """Return the caller's phone calls as the administrator sees them, as JSON."""
    place = Place(ROLES.caller.user_id, "@self")
    request = probe.request("GET", place, operation="listPhoneCalls", principal="administrator")
    answer = probe.session.send(request).response
    assert answer is not None
    return {entry["id"]: json.dumps(entry, sort_keys=True) for entry in answer.json()["entry"]}


@pytest.fixture(scope="module")
def whole(laboratory: Laboratory) -> Explored:
    return correct(laboratory, ALL, 1)


def test_a_correct_server_is_accused_of_nothing(whole: Explored) -> None:
    assert whole.findings == []


@pytest.mark.parametrize("seed", [1_000_000])
def test_a_correct_server_is_accused_of_nothing_whatever_the_seed(laboratory: Laboratory, seed: int) -> None:
    with laboratory.probe() as probe:
        assert [result for found in explored(probe, RANDOM, seed).values() for result in found] == []


@pytest.mark.parametrize("lacking", [("stop_recording",), ("get", "list")])
def test_a_correct_server_with_fewer_features_is_accused_of_nothing(
    laboratory: Laboratory, lacking: tuple[str, ...]
) -> None:
    with laboratory.probe(faultless, **dict.fromkeys(lacking, False)) as probe:
        assert [result for found in explored(probe).values() for result in found] == []


@pytest.mark.parametrize("absent", ["stranger"])
def test_a_correct_server_is_accused_of_nothing_where_the_target_names_less(
    laboratory: Laboratory, absent: str
) -> None:
    with laboratory.probe() as probe:
        probe.session.target = probe.target.model_copy(update={absent: None})
        assert [result for found in explored(probe).values() for result in found] == []


def test_the_same_seed_sends_the_same_requests(laboratory: Laboratory, whole: Explored) -> None:
    # Requests that are sent at once arrive in any order, so that only their number counts.
    assert Counter(correct(laboratory, ALL, 1).sent) == Counter(whole.sent)


def test_the_same_seed_sends_generated_requests_in_the_same_order(laboratory: Laboratory) -> None:
    sent = [correct(laboratory, FEW, 7, get=False, list=False).sent for _ in range(2)]
    assert sent[0] == sent[1]


def test_another_seed_sends_other_requests(laboratory: Laboratory) -> None:
    sent = [correct(laboratory, FEW, seed, get=False, list=False).sent for seed in (7, 8)]
    assert sent[0] != sent[1]


def test_no_phone_call_is_placed_nor_hung_up(whole: Explored) -> None:
    assert not {method for method, _, _ in whole.sent} & {"POST", "DELETE"}


def test_no_phone_call_is_updated_but_the_one_under_test(whole: Explored) -> None:
    paths = [urlsplit(path).path.rstrip("/") for method, path, _ in whole.sent if method == "PUT"]
    addressed = {unquote(path.split("/")[4]) for path in paths}
    others = {call for call in addressed - {PHONE_CALL.id} if flaw("PhoneCallId", call) is None}
    assert [call for call in others if not MADE_UP.fullmatch(call)] == []


def test_no_phone_call_is_changed_but_the_one_under_test(whole: Explored) -> None:
    changed = {call for call, value in whole.before.items() if whole.after.get(call) != value}
    assert changed <= {PHONE_CALL.id}


def test_only_the_actions_of_the_contract_are_carried_out(whole: Explored) -> None:
    bodies = [e.request.body for e in whole.exchanges if e.request.method == "PUT" and e.status == 200]
    assert {json.loads(body)["action"] for body in bodies} == {"StartRecording", "StopRecording"}


def test_a_request_has_the_token_of_a_principal_an_unknown_one_or_none(whole: Explored) -> None:
    given = {dict(e.request.headers).get("Authorization") for e in whole.exchanges}
    known = {None, "Bearer no-such-token", *(f"Bearer {token}" for token in ROLES.secrets())}
    assert given <= known


async def any_format_will_do(request: Request, serve: Serve) -> Response:
    taken = isinstance(request.json, dict) and isinstance(request.json.get("format"), str)
    return await serve(request.with_members(format="wav") if taken else request)


async def long_view_ids_crash(request: Request, serve: Serve) -> Response:
    view = request.json.get("phoneCallViewId") if isinstance(request.json, dict) else None
    return error(500, "internal_server_error") if len(str(view)) > 30 else await serve(request)


async def an_encoded_asterisk_is_unknown(request: Request, serve: Serve) -> Response:
    return error(404, "not_found") if "%2A" in request.raw_path else await serve(request)


async def a_refusal_is_422(request: Request, serve: Serve) -> Response:
    response = await serve(request)
    return response.with_status(422) if response.status == 400 else response


async def a_wrong_count_is_served(request: Request, serve: Serve) -> Response:
    wrong = "count" in request.parameters and not request.parameters["count"].isdigit()
    return await serve(request.without_parameters("count") if wrong else request)


async def errors_are_pages(request: Request, serve: Serve) -> Response:
    response = await serve(request)
    return response.with_body(b"<h1>Bad Request</h1>") if response.status == 400 else response


FOUND: list[tuple[Fault, set[str]]] = [
    (any_format_will_do, {"REC-013"}),
    (long_view_ids_crash, {"HTTP-004"}),
    (an_encoded_asterisk_is_unknown, {"ADDR-008"}),
    (a_refusal_is_422, {"HTTP-010", "REC-013", "REC-021", "REC-022", "ADDR-011"}),
    (a_wrong_count_is_served, {"CALL-031"}),
    (errors_are_pages, {"HTTP-002"}),
]


@pytest.mark.parametrize(("fault", "requirements"), FOUND, ids=lambda value: getattr(value, "__name__", ""))
def test_a_fault_is_found_and_attributed(laboratory: Laboratory, fault: Fault, requirements: set[str]) -> None:
    with laboratory.probe(fault) as probe:
        found = [result for results in explored(probe).values() for result in results]
    assert {result.requirement.id for result in found} & requirements


@pytest.fixture(scope="module")
def findings(laboratory: Laboratory) -> list[Result]:
    """Return what is found of a server with faults on every level."""
    with laboratory.probe(a_refusal_is_422) as probe:
        return [result for results in explored(probe).values() for result in results]


def test_a_finding_weighs_by_its_level(findings: list[Result]) -> None:
    weights = {"MUST": Outcome.FAIL, "SHOULD": Outcome.WARN, "MAY": Outcome.PASS}
    assert {result.requirement.level for result in findings} == set(weights)
    assert [r for r in findings if r.outcome is not weights[r.requirement.level] or not r.violated] == []


def test_a_finding_has_evidence(findings: list[Result]) -> None:
    assert [result for result in findings if not result.exchanges or not result.message] == []


def test_no_requirement_is_found_violated_twice(findings: list[Result]) -> None:
    assert [n for n, times in Counter(result.requirement.id for result in findings).items() if times > 1] == []


def test_no_exploration_accuses_of_what_is_excluded(findings: list[Result]) -> None:
    assert [result for result in findings if result.requirement.excluded is not None] == []


def every(number: int, answer: Callable[[], Response]) -> Callable[[], Fault]:
    """Make a server whose every so many-th answer is wrong."""

    def make() -> Fault:
        served = [0]

        async def fault(request: Request, serve: Serve) -> Response:
            served[0] += 1
            return await serve(request) if served[0] % number else answer()

        return fault

    return make


@pytest.mark.parametrize("number", [7, 60])
def test_a_fault_that_comes_and_goes_is_found(laboratory: Laboratory, number: int) -> None:
    # A failure that Hypothesis does not see again is "flaky" to it, and a finding to us.
    make = every(number, lambda: error(500, "internal_server_error"))
    with laboratory.probe(make()) as probe:
        found = [result for results in explored(probe).values() for result in results]
    assert "HTTP-004" in {result.requirement.id for result in found}


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_several_faults_of_one_operation_are_found_together(laboratory: Laboratory, mode: str) -> None:
    # Two failures at once are an exception group to Hypothesis.
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if request.method == "PUT" and response.status == 200:
            return response.with_status(202)
        return response.with_status(422) if b"invalid" in response.body else response

    with laboratory.probe(fault) as probe:
        run = Run(probe, "recording", profile("recording"), 1, Budget(examples=8, shrinking=2))
        found = run.explore(Exploration("exploration", "updatePhoneCall", mode))
    assert len({result.requirement.id for result in found}) > 1


def test_a_defect_in_an_exploration_is_an_error_and_no_pass(
    laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("bad")

    monkeypatch.setattr(Inquiry, "send", broken)
    with laboratory.probe() as probe:
        run = Run(probe, "recording", profile("recording"), 1, Budget(examples=5))
        found = run.explore(Exploration("exploration", "updatePhoneCall", "positive"))
    assert [result.outcome for result in found] == [Outcome.ERROR]
