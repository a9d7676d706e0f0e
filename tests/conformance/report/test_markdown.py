from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uapi.conformance.report.markdown import MAX_BYTES, escape, fenced, prose, render

BYTES = 60_000
HOSTILE = "| `code` <img src=x> [a](http://x.invalid) ![i](x) **b** ~~s~~ @everyone #12 www.x.invalid\n\n# title"


def test_the_verdict_comes_first(any_report: dict[str, Any]) -> None:
    assert any_report["verdict"] in render(any_report).splitlines()[0]


def test_findings_and_what_was_left_out_are_named(any_report: dict[str, Any]) -> None:
    text = render(any_report)
    for row in any_report["results"]:
        if row["outcome"] != "pass":
            assert f"| {row['id']} |" in text


def test_a_finding_has_its_evidence(failing: dict[str, Any]) -> None:
    text = render(failing)
    assert "<details><summary>REC-013 fail: expected 400" in text
    assert "curl --silent" in text


def test_each_table_row_has_as_many_cells_as_its_head(any_report: dict[str, Any]) -> None:
    outside = re.sub(r"^(`{3,})text\n.*?\n\1$", "", render(any_report), flags=re.DOTALL | re.MULTILINE)
    width = 0
    for line in outside.splitlines():
        cells = line.count("|")
        if not cells:
            width = 0
        elif width:
            assert cells == width, line
        else:
            width = cells


@given(st.text())
def test_escaped_text_is_one_line_without_markup(text: str) -> None:
    escaped = re.sub(r"&#\d+;", "", escape(text))
    assert "\n" not in escaped
    assert not set("|`<>&[]*~@#\\{}$^") & set(escaped)
    assert not re.search(r"://|www\.\w", escaped)


def test_escaped_text_reads_as_it_was() -> None:
    assert escape("got pc_phonecall_invalid: 'x' (2 of 3), see above.") == (
        "got pc_phonecall_invalid: 'x' (2 of 3), see above."
    )
    assert escape("a  b\n c") == "a b c"


def test_a_long_text_is_cut() -> None:
    assert len(escape("x" * 5000)) < 500


def test_code_of_the_contract_stays_code() -> None:
    assert prose("The `a|b` is <i>.") == "The <code>a&#124;b</code> is &#60;i&#62;."


@given(st.text(alphabet="`~a\n |<", max_size=60))
def test_a_fence_is_not_ended_by_what_it_holds(text: str) -> None:
    first, *inside, last = fenced(text).split("\n")
    assert first == f"{last}text"
    assert not any(re.fullmatch(rf" {{0,3}}{last}`* *", line) for line in inside)


@pytest.mark.parametrize("junk", [HOSTILE, "|" * 9000, "`" * 9000, "é" * 9000])
def test_it_fits_into_a_comment_whatever_was_found(failing: dict[str, Any], junk: str) -> None:
    report = copy.deepcopy(failing)
    number = report["exchanges"][0]["number"]
    report["exchanges"][0]["response"] = {"status": 200, "headers": [["x", junk]], "body": junk, "milliseconds": 1.0}
    row = report["results"][0]
    report["results"] = [
        row | {"id": f"REC-{index:03}", "outcome": "fail", "message": junk, "exchanges": [number]}
        for index in range(300)
    ]
    report["left_out"] = [{"id": f"REC-{index:03}", "outcome": "excluded", "reason": junk} for index in range(300)]
    text = render(report)
    assert len(text.encode()) <= MAX_BYTES == BYTES
    assert re.search(r"\d+ more are in `report.html`", text)
    assert "| REC-000 |" in text
