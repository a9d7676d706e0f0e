from __future__ import annotations

import json
import os
import platform
from typing import TYPE_CHECKING, Any

import pytest

from conformance.report.runs import report

if TYPE_CHECKING:
    from mutants.laboratory import Laboratory


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("conformant", "conformant"),
        ("failing", "not conformant"),
        ("warning", "conformant"),
        ("incomplete", "incomplete"),
    ],
)
def test_verdicts(reports: dict[str, Any], name: str, verdict: str) -> None:
    assert reports[name]["verdict"] == verdict


def test_counts_are_those_of_the_rows(any_report: dict[str, Any]) -> None:
    outcomes = [row["outcome"] for row in any_report["results"]]
    assert any_report["counts"] == {name: outcomes.count(name) for name in any_report["counts"]}


def test_what_is_left_out_says_why(any_report: dict[str, Any]) -> None:
    silent = {row["id"] for row in any_report["results"] if row["outcome"] in {"excluded", "not-exercised", "error"}}
    assert {row["id"] for row in any_report["left_out"]} == silent
    assert all(row["reason"] for row in any_report["left_out"])


def test_what_was_dropped_is_told(laboratory: Laboratory) -> None:
    found = report(laboratory, only=("REC-001",), dropped={"links were not finished: sandbox-user-12": 2})
    assert found["dropped"] == [{"reason": "links were not finished: $UAPI_CALLER_TOKEN", "count": 2}]


def test_each_exchange_that_is_named_is_kept(any_report: dict[str, Any]) -> None:
    kept = [exchange["number"] for exchange in any_report["exchanges"]]
    matrix = any_report["matrix"]
    named = {number for row in any_report["results"] for number in row["exchanges"]}
    named |= {cell["example"] for cell in matrix["cells"] + matrix["undocumented"] if cell["example"] is not None}
    assert kept == sorted(named)


def test_evidence_of_a_pass_is_small(any_report: dict[str, Any]) -> None:
    assert all(len(row["exchanges"]) <= 3 for row in any_report["results"] if row["outcome"] == "pass")


def test_a_may_that_is_not_done_is_a_pass_that_says_so(failing: dict[str, Any]) -> None:
    row = next(row for row in failing["results"] if row["id"] == "CALL-015")
    assert (row["outcome"], row["violated"]) == ("pass", True)
    assert "not so" in row["message"]


def test_the_environment_names_versions_and_no_machine(any_report: dict[str, Any]) -> None:
    environment = any_report["environment"]
    assert environment["python"] == platform.python_version()
    assert "schemathesis" in environment["libraries"]
    text = json.dumps({key: any_report[key] for key in ("environment", "tool", "contract")})
    assert platform.node() not in text
    assert os.sep not in text
