"""The report in SARIF 2.1.0: a rule for each requirement, and a result in the contract's YAML for each violation.

What was not exercised and what the kit failed on are no results, for nothing is known of them: they are notifications
of the invocation, so that their absence from the results is not taken for fine.
"""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote

from uapi.conformance.report.evidence import SHOWN_CHARACTERS, evidence_of, headline

VERSION: Final = "2.1.0"
SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
"""What consumers of SARIF look for; nothing is fetched from there."""
LEVELS: Final = {"MUST": "error", "SHOULD": "warning", "MAY": "note"}
FINDINGS: Final = {"fail": "error", "warn": "warning"}


def render(report: dict[str, Any]) -> str:
    """Return the SARIF log of a report."""
    rows = report["results"]
    driver = {
        "name": report["tool"]["name"],
        "semanticVersion": report["tool"]["version"],
        "rules": [_rule(row) for row in rows],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report)],
        "results": [_result(report, row, index) for index, row in enumerate(rows) if _level(row) is not None],
        "columnKind": "unicodeCodePoints",
        "properties": {"verdict": report["verdict"], "target": report["target"]["base_url"]},
    }
    return json.dumps({"$schema": SCHEMA, "version": VERSION, "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "shortDescription": {"text": row["text"]},
        "fullDescription": {"text": f"{row['level']}: {row['text']} Source: {row['source']} ({row['evidence']})."},
        "help": {"text": f"`uapi conformance explain {row['id']}` tells its source, its check and its place."},
        "defaultConfiguration": {"level": LEVELS[row["level"]]},
        "properties": {"tags": [row["level"], row["id"].partition("-")[0]]},
    }


def _level(row: dict[str, Any]) -> str | None:
    """Return how grave a result is, None where a row is none; a MAY that is not done is a note."""
    return FINDINGS.get(row["outcome"]) or ("note" if row["outcome"] == "pass" and row["violated"] else None)


def _result(report: dict[str, Any], row: dict[str, Any], index: int) -> dict[str, Any]:
    evidence = evidence_of(report, row)
    message = [f"{row['id']} ({row['level']}) {row['text']}", row["message"]]
    message += [f"{headline(exchange)}\n{exchange['curl']}" for exchange in evidence[:1]]
    result = {
        "ruleId": row["id"],
        "ruleIndex": index,
        "level": _level(row),
        "message": {"text": "\n".join(message)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(row["file"]), "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": row["line"]},
                },
                "logicalLocations": [{"fullyQualifiedName": row["pointer"]}],
            }
        ],
        # The requirement is what stays the same from run to run; its line and the evidence do not.
        "partialFingerprints": {"requirement/v1": row["id"]},
    }
    return result | (_exchange(evidence[0]) if evidence else {})


def _exchange(exchange: dict[str, Any]) -> dict[str, Any]:
    """Return a request and its answer as a result carries them."""
    request, response = exchange["request"], exchange["response"]
    web_request = {
        "target": request["url"],
        "method": request["method"],
        "headers": _headers(request["headers"]),
        "body": {"text": request["body"][:SHOWN_CHARACTERS]},
    }
    if response is None:
        return {"webRequest": web_request, "webResponse": {"noResponseReceived": True}}
    web_response = {
        "statusCode": response["status"],
        "headers": _headers(response["headers"]),
        "body": {"text": response["body"][:SHOWN_CHARACTERS]},
    }
    return {"webRequest": web_request, "webResponse": web_response}


def _headers(pairs: list[list[str]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in pairs:
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _invocation(report: dict[str, Any]) -> dict[str, Any]:
    unknown = [row for row in report["results"] if row["outcome"] in {"error", "not-exercised"}]
    return {
        "executionSuccessful": not report["counts"]["error"],
        "startTimeUtc": report["started"].replace("+00:00", "Z"),
        "toolExecutionNotifications": [
            {
                "level": "error" if row["outcome"] == "error" else "warning",
                "message": {"text": f"{row['id']} {row['outcome']}: {row['message']}"},
                "associatedRule": {"id": row["id"]},
            }
            for row in unknown
        ],
    }
