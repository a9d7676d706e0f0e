"""The report as JUnit XML: a suite for each group of requirements, a test case for each requirement.

Consumers of JUnit take a skipped test for a fine one. So a MUST that was not exercised is an error there: the run is
incomplete by it. What is excluded is skipped, and so is a SHOULD or a MAY that was not exercised.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any, Final
from xml.etree import ElementTree as ET  # it only writes here

from uapi.conformance.report.evidence import evidence_of, transcript

UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def render(report: dict[str, Any]) -> str:
    """Return the JUnit XML of a report."""
    suites = [_suite(report, group, list(rows)) for group, rows in groupby(report["results"], key=_group)]
    root = ET.Element("testsuites", {"name": report["contract"]["title"], **_sums(suites)})
    root.set("time", f"{report['seconds']:.3f}")
    root.extend(suites)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _group(row: dict[str, Any]) -> str:
    return str(row["id"]).partition("-")[0]


def _suite(report: dict[str, Any], group: str, rows: list[dict[str, Any]]) -> ET.Element:
    cases = [_case(report, group, row) for row in rows]
    number = {kind: sum(case.find(kind) is not None for case in cases) for kind in ("failure", "error", "skipped")}
    suite = ET.Element(
        "testsuite",
        {
            "name": group,
            "tests": str(len(cases)),
            "failures": str(number["failure"]),
            "errors": str(number["error"]),
            "skipped": str(number["skipped"]),
            "time": f"{sum(row['milliseconds'] for row in rows) / 1000:.3f}",
            "timestamp": report["started"],
        },
    )
    suite.extend(cases)
    return suite


def _sums(suites: list[ET.Element]) -> dict[str, str]:
    names = ("tests", "failures", "errors", "skipped")
    return {name: str(sum(int(suite.attrib[name]) for suite in suites)) for name in names}


def _case(report: dict[str, Any], group: str, row: dict[str, Any]) -> ET.Element:
    case = ET.Element(
        "testcase",
        {
            "classname": group,
            "name": _writable(f"{row['id']} {row['text']}"),
            "file": row["file"],
            "line": str(row["line"]),
            "time": f"{row['milliseconds'] / 1000:.3f}",
        },
    )
    said = {"message": _writable(f"{row['level']}: {row['message']}"), "type": row["outcome"]}
    evidence = "\n\n".join(transcript(exchange) for exchange in evidence_of(report, row))
    match row["outcome"]:
        case "fail":
            ET.SubElement(case, "failure", said).text = _writable(f"{row['message']}\n\n{evidence}")
        case "error":
            ET.SubElement(case, "error", said).text = _writable(f"{row['message']}\n\n{evidence}")
        case "not-exercised" if row["level"] == "MUST":
            ET.SubElement(case, "error", said)
        case "not-exercised" | "excluded":
            ET.SubElement(case, "skipped", said)
        case _ if row["message"]:
            ET.SubElement(case, "system-out").text = _writable(f"{row['outcome']}: {row['message']}\n\n{evidence}")
    return case


def _writable(text: str) -> str:
    """Return a text with what XML cannot hold written as an escape."""
    return UNWRITABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
