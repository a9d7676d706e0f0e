from __future__ import annotations

import copy
import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.made import requirement
from mutants.world import ROLES
from uapi.conformance.outcome import Outcome, Result
from uapi.conformance.report.terminal import SYMBOLS, WIDTH, Progress

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = [Path("reports/report.html"), Path("reports/report.json")]


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[[dict[str, Any]], str]:
    """Return a function that prints a report at the end of a run, and returns what was printed."""

    def end(report: dict[str, Any]) -> str:
        progress = Progress()
        progress.end(report)
        progress.tell(FILES)
        return capsys.readouterr().out

    return end


def rows(report: dict[str, Any], *outcomes: str) -> list[dict[str, Any]]:
    found = [row for row in report["results"] if row["outcome"] in outcomes]
    assert found, f"the report has no {' nor '.join(outcomes)}"
    return found


def changed(report: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Return a report whose first failure has other members."""
    copied = copy.deepcopy(report)
    rows(copied, "fail")[0].update(members)
    return copied


def test_a_failure_is_told_with_its_requirement(failing: dict[str, Any], printed: Callable[..., str]) -> None:
    text = printed(failing)
    for row in rows(failing, "fail"):
        assert re.search(rf"^fail +{row['id']} +{row['level']} +{re.escape(row['text'])}$", text, re.MULTILINE)


def test_a_failure_is_told_with_its_message(failing: dict[str, Any], printed: Callable[..., str]) -> None:
    text = printed(failing)
    assert [row["id"] for row in rows(failing, "fail") if row["message"] not in text] == []


@pytest.mark.parametrize("name", ["failing", "warning"])
def test_a_finding_is_told_with_its_place_in_the_contract(
    reports: dict[str, Any], printed: Callable[..., str], name: str
) -> None:
    text = printed(reports[name])
    found = rows(reports[name], "fail", "warn")
    assert [row["id"] for row in found if f"{row['file']}:{row['line']}\n" not in text] == []


@pytest.mark.parametrize("name", ["failing", "warning"])
def test_a_finding_is_told_with_the_command_that_repeats_it(
    reports: dict[str, Any], printed: Callable[..., str], name: str
) -> None:
    report = reports[name]
    curls = {exchange["number"]: exchange["curl"] for exchange in report["exchanges"]}
    text = printed(report)
    found = rows(report, "fail", "warn")
    assert [row["id"] for row in found if row["exchanges"] and curls[row["exchanges"][0]] not in text] == []


def test_what_was_not_exercised_is_told_with_its_reason(reports: dict[str, Any], printed: Callable[..., str]) -> None:
    report = reports["incomplete"]
    text = printed(report)
    lacking = rows(report, "not-exercised")
    assert [row["id"] for row in lacking if row["id"] not in text or row["message"] not in text] == []


def test_what_is_excluded_is_named(any_report: dict[str, Any], printed: Callable[..., str]) -> None:
    excluded = [row["id"] for row in any_report["results"] if row["outcome"] == "excluded"]
    text = printed(any_report)
    assert not excluded or f"left out: {', '.join(excluded)} " in text


def test_what_passed_is_not_listed(reports: dict[str, Any], printed: Callable[..., str]) -> None:
    report = reports["conformant"]
    text = printed(report)
    assert [row["id"] for row in rows(report, "pass") if row["id"] in text] == []


def test_the_numbers_are_those_of_the_report(any_report: dict[str, Any], printed: Callable[..., str]) -> None:
    numbers = ", ".join(f"{number} {name}" for name, number in any_report["counts"].items() if number)
    assert f"{len(any_report['results'])} requirements: {numbers}\n" in printed(any_report)


def test_the_verdict_is_told(any_report: dict[str, Any], printed: Callable[..., str]) -> None:
    assert f"verdict: {any_report['verdict']}\n" in printed(any_report)


def test_the_first_report_is_told_where_it_is(any_report: dict[str, Any], printed: Callable[..., str]) -> None:
    assert f"report: {FILES[0]}\n" in printed(any_report)


def test_the_seed_is_told(any_report: dict[str, Any], printed: Callable[..., str]) -> None:
    assert f"seed {any_report['seed']}" in printed(any_report)


def test_no_token_is_printed(any_report: dict[str, Any], printed: Callable[..., str]) -> None:
    text = printed(any_report)
    assert [token for token in ROLES.secrets() if token in text] == []


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_text_that_no_terminal_can_print_does_not_end_the_report(
    failing: dict[str, Any], monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    # A target can send half of a surrogate pair in JSON, which the standard output cannot encode; and there are
    # terminals without UTF-8, for which the kit's own "·" is too much.
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding=encoding, write_through=True))
    Progress().end(changed(failing, message="half a pair \ud800 é"))
    assert b"verdict: not conformant" in out.getvalue()


@pytest.mark.parametrize("character", ["\x1b", "\x07", "\x08", "\r", "\x9b"])
def test_a_target_does_not_control_the_terminal(
    failing: dict[str, Any], printed: Callable[..., str], character: str
) -> None:
    assert character not in printed(changed(failing, message=f"expected 400, got 200 {character}[2J"))


def test_a_message_takes_a_line(failing: dict[str, Any], printed: Callable[..., str]) -> None:
    # Lines of the target would look like lines of the report.
    text = printed(changed(failing, message="expected 400, got 200 x\nverdict: conformant"))
    assert "\nverdict: conformant" not in text


def results(number: int, outcome: Outcome = Outcome.PASS) -> list[list[Result]]:
    return [[Result(requirement(), outcome)] for _ in range(number)]


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """Return a function that tells the progress of phases, and returns the lines that were printed."""

    def tell(**phases: list[list[Result]]) -> list[str]:
        progress = Progress()
        for phase, found in phases.items():
            for each in found:
                progress(phase, each)
        return capsys.readouterr().out.splitlines()

    return tell


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_has_a_symbol_of_its_own(shown: Callable[..., list[str]], outcome: Outcome) -> None:
    (line,) = shown(test_acting=results(1, outcome))
    assert line.endswith(f" {SYMBOLS[outcome]}")


def test_symbols_differ() -> None:
    assert len(set(SYMBOLS.values())) == len(Outcome)


def test_each_phase_has_a_line(shown: Callable[..., list[str]]) -> None:
    lines = shown(test_acting=results(2), test_exploration=results(1), test_observing=results(3))
    assert [line.rpartition(" ")[2] for line in lines] == ["..", ".", "..."]


def test_an_exploration_that_found_nothing_is_a_dot(shown: Callable[..., list[str]]) -> None:
    (line,) = shown(test_exploration=[[]])
    assert line.endswith(" .")


def test_an_exploration_that_found_several_has_a_symbol_for_each(shown: Callable[..., list[str]]) -> None:
    found = [Result(requirement(), outcome) for outcome in (Outcome.FAIL, Outcome.WARN)]
    (line,) = shown(test_exploration=[found])
    assert line.endswith(" Fw")


def test_a_long_phase_is_told_in_lines_of_one_width(shown: Callable[..., list[str]]) -> None:
    lines = shown(test_acting=results(2 * WIDTH + 1))
    assert [line.rpartition(" ")[2] for line in lines] == ["." * WIDTH, "." * WIDTH, "."]
    assert len({line.rindex(" ") for line in lines}) == 1
