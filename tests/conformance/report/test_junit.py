from __future__ import annotations

import copy
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from uapi.conformance.report.junit import render

KINDS = {"fail": "failure", "error": "error", "excluded": "skipped"}


def parsed(report: dict[str, Any]) -> ET.Element:
    return ET.fromstring(render(report).encode())  # noqa: S314 - our own


def case(root: ET.Element, requirement: str) -> ET.Element:
    (found,) = (case for case in root.iter("testcase") if case.attrib["name"].startswith(f"{requirement} "))
    return found


def test_there_is_a_case_for_each_requirement_in_the_suite_of_its_group(any_report: dict[str, Any]) -> None:
    root = parsed(any_report)
    assert [case.attrib["name"].split()[0] for case in root.iter("testcase")] == [
        row["id"] for row in any_report["results"]
    ]
    for suite in root:
        assert {case.attrib["classname"] for case in suite} == {suite.attrib["name"]}


def test_the_sums_are_those_of_the_cases(any_report: dict[str, Any]) -> None:
    root = parsed(any_report)
    for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"), ("tests", "testcase")):
        number = len(list(root.iter(kind)))
        assert int(root.attrib[name]) == number == sum(int(suite.attrib[name]) for suite in root)


def test_a_failure_has_its_evidence_and_the_command_that_repeats_it(failing: dict[str, Any]) -> None:
    found = case(parsed(failing), "REC-013")
    failure = found.find("failure")
    assert failure is not None
    assert failure.attrib["message"].startswith("MUST: expected 400 pc_recformat_invalid")
    assert "curl " in (failure.text or "")
    assert (found.attrib["file"], found.attrib["line"].isdigit()) == (
        "openapi/components/schemas/StartRecording.yaml",
        True,
    )


def test_a_must_that_was_not_exercised_is_no_skip(reports: dict[str, Any]) -> None:
    found = case(parsed(reports["incomplete"]), "AUTH-005").find("error")
    assert found is not None
    assert found.attrib["type"] == "not-exercised"


def test_what_binds_less_or_is_excluded_is_skipped(reports: dict[str, Any]) -> None:
    root = parsed(reports["incomplete"])
    assert [case(root, name).find("skipped") is not None for name in ("REC-008", "REC-012")] == [True, True]


def test_a_warning_is_told_and_fails_nothing(reports: dict[str, Any]) -> None:
    found = case(parsed(reports["warning"]), "AUTH-003")
    assert [child.tag for child in found] == ["system-out"]
    assert (found[0].text or "").startswith("warn: the target answers 403")


@pytest.mark.parametrize("outcome", ["fail", "error", "warn", "excluded"])
@pytest.mark.parametrize("junk", ["\x00\x01\x08\x0b\x1f", "\ud800 alone", "\ufffe\uffff", "]]> <!-- </failure>", "😀"])
def test_anything_makes_valid_xml(failing: dict[str, Any], outcome: str, junk: str) -> None:
    report = copy.deepcopy(failing)
    row = report["results"][0]
    row |= {"outcome": outcome, "message": junk, "exchanges": [report["exchanges"][0]["number"]]}
    report["exchanges"][0]["request"]["body"] = junk
    found = next(iter(parsed(report).iter("testcase")))
    (child,) = found
    assert child.tag == KINDS.get(outcome, "system-out")


def test_what_xml_cannot_hold_is_escaped(failing: dict[str, Any]) -> None:
    report = copy.deepcopy(failing)
    report["results"][0] |= {"outcome": "fail", "message": "a\x01b"}
    assert "a\\u0001b" in render(report)
