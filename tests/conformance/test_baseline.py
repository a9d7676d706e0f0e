from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from uapi.conformance.baseline import Expectation, compare, load_expectations
from uapi.conformance.errors import ConformanceError
from uapi.conformance.outcome import Outcome, Result
from uapi.conformance.register import register

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 23)
KNOWN = Expectation(requirement="REC-013", reason="known")


def found(**outcomes: Outcome) -> list[Result]:
    return [Result(register()[name.replace("_", "-")], outcome) for name, outcome in outcomes.items()]


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "expected.toml"
    file.write_text(text, "utf-8")
    return file


def test_a_known_failure_is_expected() -> None:
    comparison = compare(found(REC_013=Outcome.FAIL), [KNOWN], TODAY)
    assert (comparison.expected, comparison.holds) == (["REC-013"], True)


def test_another_failure_is_unexpected() -> None:
    comparison = compare(found(REC_013=Outcome.FAIL, REC_014=Outcome.FAIL), [KNOWN], TODAY)
    assert (comparison.unexpected, comparison.holds) == (["REC-014"], False)


def test_a_known_failure_that_passes_is_stale() -> None:
    comparison = compare(found(REC_013=Outcome.PASS), [KNOWN], TODAY)
    assert (comparison.stale, comparison.holds) == (["REC-013"], False)


@pytest.mark.parametrize("outcome", [Outcome.NOT_EXERCISED, Outcome.EXCLUDED, Outcome.ERROR])
def test_what_was_not_looked_at_is_neither_expected_nor_stale(outcome: Outcome) -> None:
    assert compare(found(REC_013=outcome), [KNOWN], TODAY).holds


@pytest.mark.parametrize(("expires", "holds"), [(date(2026, 11, 23), True), (date(2026, 11, 22), False)])
def test_an_expectation_holds_through_its_last_day(expires: date, holds: bool) -> None:
    entry = Expectation(requirement="REC-013", reason="until then", expires=expires)
    assert compare(found(REC_013=Outcome.FAIL), [entry], TODAY).holds is holds


def test_a_file_is_read(tmp_path: Path) -> None:
    text = '[[expected]]\nrequirement = "REC-013"\nreason = "ticket 7"\nexpires = 2027-03-31\n'
    (entry,) = load_expectations(written(tmp_path, text))
    assert entry == Expectation(requirement="REC-013", reason="ticket 7", expires=date(2027, 3, 31))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[expected", "no TOML"),
        ('[[expected]]\nrequirement = "REC-013"\n', "expected.0.reason"),
        ('[[expected]]\nrequirement = "REC-013"\nreason = ""\n', "expected.0.reason"),
        ('[[expected]]\nrequirement = "REC-999"\nreason = "no"\n', "there is no requirement REC-999"),
        ('[[expected]]\nrequirement = "REC-013"\nreason = "a"\n' * 2, "REC-013 is listed twice"),
        ('[[expected]]\nrequirement = "REC-013"\nreason = "a"\nuntil = 3\n', "expected.0.until"),
        ('[[unexpected]]\nrequirement = "REC-013"\n', "unexpected"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConformanceError, match=said) as caught:
        load_expectations(written(tmp_path, text))
    assert caught.value.exit_code == 2


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConformanceError, match="cannot be read"):
        load_expectations(tmp_path / "none.toml")
