from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.made import REQUEST, exchange, requirement, response, target
from uapi.conformance.checks.registry import ACTIONS, OBSERVATIONS, OTHERWISE
from uapi.conformance.engine import SHOWN_EXCHANGES, decide, violation
from uapi.conformance.exchange import Exchange
from uapi.conformance.finding import Excluded, Failed, NotExercised, Unreadable
from uapi.conformance.outcome import Outcome
from uapi.conformance.probe import Probe
from uapi.conformance.register import register
from uapi.conformance.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from uapi.conformance.outcome import Result

LEVELS = ("MUST", "SHOULD", "MAY")
NAME = "TEST-001"


@pytest.fixture
def probe() -> Iterator[Probe]:
    """Return a probe that has nothing to talk to."""
    with Session(target("http://127.0.0.1:9/uapi")) as session:
        yield Probe(session)


@pytest.fixture
def decided(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return a function that decides a requirement by a check that acts, made for the test."""

    def run(check: Callable[[Probe], None], **row: Any) -> Result:
        monkeypatch.setitem(ACTIONS, NAME, check)
        return decide(requirement(**{"id": NAME, **row}), probe)

    return run


@pytest.fixture
def observed(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return a function that decides a requirement by an observation, made for the test, of exchanges of its own."""

    def run(observation: Callable[[Any], bool], *exchanges: Any, otherwise: str | None = None, **row: Any) -> Result:
        monkeypatch.setattr(Probe, "survey", lambda _: None)
        monkeypatch.setitem(OBSERVATIONS, NAME, observation)
        if otherwise:
            monkeypatch.setitem(OTHERWISE, NAME, otherwise)
        probe.session.exchanges.extend(exchanges)
        return decide(requirement(**{"id": NAME, **row}), probe)

    return run


def raising(error: BaseException) -> Callable[[object], bool]:
    def check(_: object) -> bool:
        raise error

    return check


@pytest.mark.parametrize(
    ("level", "outcome"), [("MUST", Outcome.FAIL), ("SHOULD", Outcome.WARN), ("MAY", Outcome.PASS)]
)
def test_a_violation_weighs_by_its_level(level: str, outcome: Outcome) -> None:
    assert violation(requirement(level)) is outcome


@pytest.mark.parametrize(
    ("level", "outcome", "message"),
    [
        ("MUST", Outcome.FAIL, "wrong"),
        ("SHOULD", Outcome.WARN, "wrong"),
        ("MAY", Outcome.PASS, "not so, which it may: wrong"),
    ],
)
def test_a_finding_is_reported_by_its_level(decided: Any, level: str, outcome: Outcome, message: str) -> None:
    result = decided(raising(Failed("wrong")), level=level)
    assert (result.outcome, result.message, result.violated) == (outcome, message, True)


@pytest.mark.parametrize("level", LEVELS)
def test_a_check_that_returns_is_a_pass(decided: Any, level: str) -> None:
    result = decided(lambda _: None, level=level)
    assert (result.outcome, result.message, result.violated) == (Outcome.PASS, "", False)


@pytest.mark.parametrize("level", LEVELS)
def test_a_check_without_evidence_is_not_exercised(decided: Any, level: str) -> None:
    result = decided(raising(NotExercised("no stranger")), level=level)
    assert (result.outcome, result.message, result.violated) == (Outcome.NOT_EXERCISED, "no stranger", False)


@pytest.mark.parametrize("level", LEVELS)
def test_a_check_that_does_not_apply_is_excluded(decided: Any, level: str) -> None:
    result = decided(raising(Excluded("no list")), level=level)
    assert (result.outcome, result.message, result.violated) == (Outcome.EXCLUDED, "no list", False)


@pytest.mark.parametrize("level", LEVELS)
def test_a_remark_makes_a_pass_a_warning(decided: Any, level: str) -> None:
    result = decided(lambda probe: probe.warn("an array"), level=level)
    assert (result.outcome, result.message, result.violated) == (Outcome.WARN, "an array", False)


def test_equal_remarks_are_told_once(decided: Any) -> None:
    result = decided(lambda probe: [probe.warn(text) for text in ("one", "two", "one")] and None)
    assert result.message == "one; two"


def test_a_remark_does_not_outlive_its_check(decided: Any) -> None:
    decided(lambda probe: probe.warn("an array"))
    assert decided(lambda _: None).outcome is Outcome.PASS


def test_a_failure_after_a_remark_is_a_failure(decided: Any) -> None:
    def check(probe: Probe) -> None:
        probe.warn("an array")
        raise Failed("wrong")

    assert decided(check).outcome is Outcome.FAIL


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "error",
    [
        ValueError("bad"),
        KeyError("key"),
        RecursionError("deep"),
        AssertionError("no"),
        ExceptionGroup("several", [ValueError("bad")]),
        StopIteration(),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "no"),
        OSError(5, "gone"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_defect_of_a_check_is_an_error(decided: Any, level: str, error: Exception) -> None:
    assert decided(raising(error), level=level).outcome is Outcome.ERROR


def test_a_defect_is_told_with_its_place(decided: Any) -> None:
    message = decided(raising(ValueError("bad"))).message
    line = raising.__code__.co_firstlineno + 2
    assert message == f"defect of the kit: ValueError: bad (check, line {line})"


def test_a_defect_is_no_violation(decided: Any) -> None:
    assert decided(raising(ValueError("bad"))).violated is False


def test_a_defect_of_an_observation_is_an_error(observed: Any) -> None:
    assert observed(raising(ValueError("bad")), exchange(response({}))).outcome is Outcome.ERROR


def test_a_requirement_without_a_check_is_a_defect(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Probe, "survey", lambda _: None)
    assert decide(requirement(id="TEST-999"), probe).outcome is Outcome.ERROR


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)], ids=["Ctrl-C", "exit"])
def test_an_interruption_is_no_outcome(decided: Any, error: BaseException) -> None:
    with pytest.raises(type(error)):
        decided(raising(error))


def test_a_requirement_that_http_cannot_show_is_excluded(decided: Any) -> None:
    result = decided(raising(ValueError("never run")), excluded="which account an App has")
    assert (result.outcome, result.message) == (Outcome.EXCLUDED, "which account an App has")


@pytest.mark.parametrize("feature", ["list", "get", "stop-recording"])
def test_a_requirement_of_a_feature_that_lacks_is_excluded(feature: str, monkeypatch: pytest.MonkeyPatch) -> None:
    setting = feature.replace("-", "_")
    lacking = target("http://127.0.0.1:9/uapi")
    lacking = target("http://127.0.0.1:9/uapi", features=lacking.features.model_copy(update={setting: False}))
    monkeypatch.setitem(ACTIONS, NAME, raising(ValueError("never run")))
    with Session(lacking) as session:
        result = decide(requirement(id=NAME, feature=feature), Probe(session))
    assert result.outcome is Outcome.EXCLUDED
    assert f"features.{setting}" in result.message


CUT = Exchange(1, "checks", REQUEST, None, "the connection was closed in the middle of the answer")
NOISE = {
    "no answer": CUT,
    "a server error": exchange(response({"error": {"code": "bad_gateway", "message": "No."}}, status=502)),
    "no JSON": exchange(response(body=b"<h1>")),
    "no UTF-8": exchange(response(body=b"\xff")),
}


def failing(*findings: Failed | None) -> tuple[Callable[[object], bool], list[object]]:
    """Return a check that ends in one way after the other, None for a pass, and what it was called with."""
    left, calls = list(findings), []

    def check(probe: object) -> bool:
        calls.append(probe)
        if (finding := left.pop(0)) is not None:
            raise finding
        return True

    return check, calls


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE)
def test_a_check_that_failed_at_an_answer_that_came_to_nothing_is_run_again(decided: Any, noise: Exchange) -> None:
    check, calls = failing(Failed("wrong", noise), None)
    assert (decided(check).outcome, len(calls)) == (Outcome.PASS, 2)


@pytest.mark.parametrize("noise", [CUT, NOISE["a server error"]], ids=["no answer", "a server error"])
def test_a_check_that_fails_twice_has_failed(decided: Any, noise: Exchange) -> None:
    check, calls = failing(Failed("wrong", noise), Failed("wrong", noise))
    assert (decided(check).outcome, len(calls)) == (Outcome.FAIL, 2)


def test_a_check_that_failed_at_an_answer_is_not_run_again(decided: Any) -> None:
    check, calls = failing(Failed("wrong", exchange(response({}))))
    assert (decided(check).outcome, len(calls)) == (Outcome.FAIL, 1)


def test_a_check_whose_answer_cannot_be_read_accuses_nobody(decided: Any) -> None:
    finding = Unreadable("the body is not JSON", NOISE["no JSON"])
    result = decided(failing(finding, finding)[0])
    assert (result.outcome, result.violated) == (Outcome.NOT_EXERCISED, False)
    assert "HTTP-002" in result.message


def test_an_observation_of_what_cannot_be_read_accuses(observed: Any) -> None:
    finding = Unreadable("the body is not JSON", NOISE["no JSON"])
    assert observed(raising(finding), exchange(response({}))).outcome is Outcome.FAIL


def test_what_breaks_the_rules_of_http_shows_nothing_of_the_api(observed: Any) -> None:
    irregular = exchange(response({}), request=replace(REQUEST, irregular=True))
    assert observed(raising(Failed("wrong")), irregular).outcome is Outcome.NOT_EXERCISED


def test_what_breaks_the_rules_of_http_has_to_be_answered(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Probe, "survey", lambda _: None)
    crashed = replace(NOISE["a server error"], request=replace(REQUEST, irregular=True))
    probe.session.exchanges.append(crashed)
    assert decide(register()["HTTP-004"], probe).outcome is Outcome.FAIL


def test_the_evidence_of_a_failure_is_what_the_check_names(decided: Any, probe: Probe) -> None:
    shown = exchange(response({}), number=7)
    probe.session.exchanges.append(shown)
    assert decided(raising(Failed("wrong", shown))).exchanges == (shown,)


def test_the_evidence_of_a_pass_is_what_the_check_sent_last(decided: Any) -> None:
    def check(probe: Probe) -> None:
        for _ in range(SHOWN_EXCHANGES + 2):
            probe.session.keep(REQUEST, response({}))

    numbers = [shown.number for shown in decided(check).exchanges]
    assert numbers == list(range(3, SHOWN_EXCHANGES + 3))


def test_exchanges_before_a_check_are_no_evidence_of_it(decided: Any, probe: Probe) -> None:
    probe.session.keep(REQUEST, response({}))
    assert decided(lambda _: None).exchanges == ()


def test_a_defect_is_shown_with_what_the_check_sent(decided: Any) -> None:
    def check(probe: Probe) -> None:
        probe.session.keep(REQUEST, response({}))
        raise ValueError

    assert len(decided(check).exchanges) == 1


def test_an_observation_that_speaks_of_an_exchange_passes(observed: Any) -> None:
    assert observed(lambda _: True, exchange(response({}))).outcome is Outcome.PASS


def test_the_evidence_of_an_observation_is_what_it_speaks_of(observed: Any) -> None:
    exchanges = [exchange(response({}), number=number) for number in (1, 2, 3)]
    assert observed(lambda seen: seen.number == 2, *exchanges).exchanges == (exchanges[1],)


def test_an_observation_that_speaks_of_no_exchange_is_not_exercised(observed: Any) -> None:
    assert observed(lambda _: False, exchange(response({}))).outcome is Outcome.NOT_EXERCISED


def test_an_observation_of_no_exchange_at_all_is_not_exercised(observed: Any) -> None:
    assert observed(raising(ValueError("never run"))).outcome is Outcome.NOT_EXERCISED


def test_what_a_server_may_leave_undone_is_excluded_where_it_had_the_occasion(observed: Any) -> None:
    seen = exchange(response({"entry": [{"id": "a"}]}))
    result = observed(lambda _: False, seen, otherwise="no call has it")
    assert (result.outcome, result.message) == (Outcome.EXCLUDED, "no call has it")


def test_what_a_server_may_leave_undone_is_not_exercised_without_an_occasion(observed: Any) -> None:
    result = observed(lambda _: False, exchange(response({"entry": []})), otherwise="no call has it")
    assert result.outcome is Outcome.NOT_EXERCISED


def test_one_violation_among_many_exchanges_is_found(observed: Any) -> None:
    def observation(seen: Any) -> bool:
        if seen.number == 3:
            raise Failed("wrong", seen)
        return True

    exchanges = [exchange(response({}), number=number) for number in range(1, 5)]
    result = observed(observation, *exchanges)
    assert (result.outcome, result.exchanges) == (Outcome.FAIL, (exchanges[2],))
