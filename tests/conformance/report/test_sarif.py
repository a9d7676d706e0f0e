from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import pytest

from uapi.conformance.report.sarif import render

ROOT = Path(__file__).parents[3]
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
HEADERS = {"type": "object", "additionalProperties": {"type": "string"}}
BODY = {"type": "object", "properties": {"text": {"type": "string"}}}
RULE = {
    "type": "object",
    "required": ["id", "shortDescription", "fullDescription", "defaultConfiguration"],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "shortDescription": TEXT,
        "fullDescription": TEXT,
        "help": TEXT,
        "defaultConfiguration": {"type": "object", "required": ["level"], "properties": {"level": LEVEL}},
        "helpUri": False,
    },
}
PLACE = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {"uri": {"type": "string", "format": "uri-reference", "pattern": "^openapi/"}},
                },
                "region": {
                    "type": "object",
                    "required": ["startLine"],
                    "properties": {"startLine": {"type": "integer", "minimum": 1}},
                },
            },
        }
    },
}
RESULT = {
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
    "properties": {
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "minItems": 1, "items": PLACE},
        "partialFingerprints": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}},
        "webRequest": {
            "type": "object",
            "properties": {"headers": HEADERS, "body": BODY, "method": {"type": "string"}},
        },
        "webResponse": {
            "type": "object",
            "properties": {"headers": HEADERS, "body": BODY, "statusCode": {"type": "integer"}},
        },
    },
}
INVOCATION = {
    "type": "object",
    "required": ["executionSuccessful"],
    "properties": {
        "executionSuccessful": {"type": "boolean"},
        "startTimeUtc": {"type": "string", "format": "date-time", "pattern": "Z$"},
        "toolExecutionNotifications": {
            "type": "array",
            "items": {"type": "object", "required": ["message"], "properties": {"message": TEXT, "level": LEVEL}},
        },
    },
}
DRIVER = {
    "type": "object",
    "required": ["name", "rules"],
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "rules": {"type": "array", "uniqueItems": True, "items": RULE},
    },
}
LOG = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri", "pattern": "sarif.*2\\.1\\.0"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {"type": "object", "required": ["driver"], "properties": {"driver": DRIVER}},
                    "results": {"type": "array", "items": RESULT},
                    "invocations": {"type": "array", "items": INVOCATION},
                },
            },
        },
    },
}
"""What SARIF 2.1.0 requires of the objects that are used here, and what consumers of it need."""


def run_of(report: dict[str, Any]) -> dict[str, Any]:
    (run,) = json.loads(render(report))["runs"]
    return dict(run)


def test_it_is_sarif(any_report: dict[str, Any]) -> None:
    validator = jsonschema_rs.Draft202012Validator(LOG, validate_formats=True)
    assert [str(error) for error in validator.iter_errors(json.loads(render(any_report)))] == []


def test_there_is_a_rule_for_each_requirement(any_report: dict[str, Any]) -> None:
    rules = run_of(any_report)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [row["id"] for row in any_report["results"]]
    levels = {"MUST": "error", "SHOULD": "warning", "MAY": "note"}
    assert [rule["defaultConfiguration"]["level"] for rule in rules] == [
        levels[row["level"]] for row in any_report["results"]
    ]


def test_results_are_the_violations_and_refer_to_their_rules(failing: dict[str, Any]) -> None:
    run = run_of(failing)
    found = {result["ruleId"]: result["level"] for result in run["results"]}
    failed = {row["id"] for row in failing["results"] if row["outcome"] == "fail"}
    assert {"HTTP-005", "REC-013"} < failed
    assert found == dict.fromkeys(failed, "error") | {"CALL-015": "note"}
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_result_points_into_the_contract(failing: dict[str, Any]) -> None:
    for result in run_of(failing)["results"]:
        place = result["locations"][0]["physicalLocation"]
        lines = (ROOT / unquote(place["artifactLocation"]["uri"])).read_text("utf-8").splitlines()
        assert result["ruleId"] in lines[place["region"]["startLine"] - 1]


def test_a_result_has_its_evidence(failing: dict[str, Any]) -> None:
    result = next(result for result in run_of(failing)["results"] if result["ruleId"] == "REC-013")
    assert "curl " in result["message"]["text"]
    assert (result["webRequest"]["method"], result["webResponse"]["statusCode"]) == ("PUT", 200)


def test_fingerprints_stay_from_run_to_run(failing: dict[str, Any]) -> None:
    later = failing | {"started": "2027-01-01T00:00:00+00:00", "seconds": 9.0}
    prints = [[result["partialFingerprints"] for result in run_of(report)["results"]] for report in (failing, later)]
    assert prints[0] == prints[1]
    assert len({json.dumps(item) for item in prints[0]}) == len(prints[0])


def test_a_tolerated_answer_is_a_warning(reports: dict[str, Any]) -> None:
    assert [result["level"] for result in run_of(reports["warning"])["results"]] == ["warning"]


def test_what_was_not_exercised_is_notified(reports: dict[str, Any]) -> None:
    (invocation,) = run_of(reports["incomplete"])["invocations"]
    rules = [notification["associatedRule"]["id"] for notification in invocation["toolExecutionNotifications"]]
    assert rules == ["AUTH-005", "REC-008"]


@pytest.mark.parametrize(("errors", "successful"), [(0, True), (1, False)])
def test_a_defect_of_the_kit_is_no_success(failing: dict[str, Any], errors: int, *, successful: bool) -> None:
    report = failing | {"counts": failing["counts"] | {"error": errors}}
    assert run_of(report)["invocations"][0]["executionSuccessful"] is successful


def test_a_missing_answer_says_so(failing: dict[str, Any]) -> None:
    report = json.loads(json.dumps(failing))
    for exchange in report["exchanges"]:
        exchange |= {"response": None, "fault": "reset"}
    assert all(result["webResponse"] == {"noResponseReceived": True} for result in run_of(report)["results"])
