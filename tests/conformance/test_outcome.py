from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.made import deterministic, requirement
from uapi.conformance.outcome import Outcome, Result, Verdict, verdict

LEVELS = ("MUST", "SHOULD", "MAY")
OUTCOMES = list(Outcome)
RESULTS = st.builds(
    lambda level, outcome, violated: Result(requirement(level), outcome, violated=violated),
    st.sampled_from(LEVELS),
    st.sampled_from(OUTCOMES),
    st.booleans(),
)
PAIRS = [pytest.param(*pair, id=f"{pair[0]}, {pair[1]}") for pair in product(OUTCOMES, OUTCOMES)]


def made(outcome: Outcome, level: str = "MUST", message: str = "", *, violated: bool = False) -> Result:
    return Result(requirement(level), outcome, message, violated=violated)


@pytest.mark.parametrize(
    ("level", "outcome", "expected"),
    [
        ("MUST", Outcome.PASS, Verdict.CONFORMANT),
        ("MUST", Outcome.WARN, Verdict.CONFORMANT),
        ("MUST", Outcome.EXCLUDED, Verdict.CONFORMANT),
        ("MUST", Outcome.FAIL, Verdict.NOT_CONFORMANT),
        ("MUST", Outcome.NOT_EXERCISED, Verdict.INCOMPLETE),
        ("MUST", Outcome.ERROR, Verdict.INCOMPLETE),
        ("SHOULD", Outcome.PASS, Verdict.CONFORMANT),
        ("SHOULD", Outcome.WARN, Verdict.CONFORMANT),
        ("SHOULD", Outcome.EXCLUDED, Verdict.CONFORMANT),
        ("SHOULD", Outcome.NOT_EXERCISED, Verdict.CONFORMANT),
        ("SHOULD", Outcome.ERROR, Verdict.CONFORMANT),
        ("MAY", Outcome.PASS, Verdict.CONFORMANT),
        ("MAY", Outcome.EXCLUDED, Verdict.CONFORMANT),
        ("MAY", Outcome.NOT_EXERCISED, Verdict.CONFORMANT),
        ("MAY", Outcome.ERROR, Verdict.CONFORMANT),
    ],
)
def test_one_requirement_decides_a_run(level: str, outcome: Outcome, expected: Verdict) -> None:
    assert verdict([made(outcome, level)]) is expected


def test_a_run_of_nothing_is_incomplete() -> None:
    assert verdict([]) is Verdict.INCOMPLETE


def test_a_failure_weighs_more_than_a_lack_of_evidence() -> None:
    results = [made(Outcome.NOT_EXERCISED), made(Outcome.FAIL), made(Outcome.ERROR)]
    assert verdict(results) is Verdict.NOT_CONFORMANT


def test_a_verdict_takes_any_iterable() -> None:
    assert verdict(iter([made(Outcome.PASS), made(Outcome.FAIL)])) is Verdict.NOT_CONFORMANT


def test_a_violation_of_a_may_weighs_nothing() -> None:
    assert verdict([made(Outcome.PASS, "MAY", violated=True)]) is Verdict.CONFORMANT


@deterministic
@given(st.lists(RESULTS))
def test_a_target_is_not_conformant_exactly_where_a_requirement_failed(results: list[Result]) -> None:
    failed = any(result.outcome is Outcome.FAIL for result in results)
    assert (verdict(results) is Verdict.NOT_CONFORMANT) == failed


@deterministic
@given(st.lists(RESULTS))
def test_a_target_is_conformant_only_where_every_must_was_looked_at(results: list[Result]) -> None:
    unknown = {Outcome.NOT_EXERCISED, Outcome.ERROR}
    if verdict(results) is Verdict.CONFORMANT:
        assert not [r for r in results if r.requirement.level == "MUST" and r.outcome in unknown]


@deterministic
@given(st.lists(RESULTS), st.randoms(use_true_random=False))
def test_the_order_of_the_results_changes_nothing(results: list[Result], random: object) -> None:
    shuffled = list(results)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert verdict(shuffled) is verdict(results)


@deterministic
@given(st.lists(RESULTS, min_size=1), RESULTS)
def test_one_more_result_never_mends_a_run(results: list[Result], more: Result) -> None:
    order = [Verdict.CONFORMANT, Verdict.INCOMPLETE, Verdict.NOT_CONFORMANT]
    assert order.index(verdict([*results, more])) >= order.index(verdict(results))


@pytest.mark.parametrize(
    ("judged", "code"), [(Verdict.CONFORMANT, 0), (Verdict.NOT_CONFORMANT, 1), (Verdict.INCOMPLETE, 4)]
)
def test_each_verdict_has_its_exit_code(judged: Verdict, code: int) -> None:
    assert judged.exit_code == code


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_result_merged_with_itself_is_itself(outcome: Outcome) -> None:
    result = made(outcome)
    assert result.merged(result) is result


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_the_order_of_two_results_does_not_change_the_outcome(first: Outcome, second: Outcome) -> None:
    one, other = made(first), made(second)
    assert one.merged(other).outcome is other.merged(one).outcome


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_merged_result_is_one_of_the_two(first: Outcome, second: Outcome) -> None:
    one, other = made(first, message="one"), made(second, message="other")
    assert one.merged(other).outcome in {first, second}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_failure_outweighs_everything(outcome: Outcome) -> None:
    assert made(outcome).merged(made(Outcome.FAIL)).outcome is Outcome.FAIL


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.EXCLUDED, Outcome.NOT_EXERCISED, Outcome.WARN])
def test_a_defect_of_the_kit_outweighs_all_but_a_failure(outcome: Outcome) -> None:
    assert made(outcome).merged(made(Outcome.ERROR)).outcome is Outcome.ERROR


def test_a_warning_outweighs_a_pass() -> None:
    assert made(Outcome.PASS).merged(made(Outcome.WARN)).outcome is Outcome.WARN


def test_a_pass_outweighs_a_lack_of_evidence() -> None:
    assert made(Outcome.NOT_EXERCISED).merged(made(Outcome.PASS)).outcome is Outcome.PASS


def test_the_message_of_the_weightier_result_stays() -> None:
    merged = made(Outcome.PASS, message="fine").merged(made(Outcome.FAIL, message="not fine"))
    assert merged.message == "not fine"


@pytest.mark.parametrize("found_first", [True, False])
def test_a_violation_of_a_may_outweighs_a_plain_pass(found_first: bool) -> None:
    # The outcomes are equal, yet what an exploration found must not be lost.
    plain, violated = made(Outcome.PASS, "MAY"), made(Outcome.PASS, "MAY", "not so", violated=True)
    merged = violated.merged(plain) if found_first else plain.merged(violated)
    assert (merged.violated, merged.message) == (True, "not so")
