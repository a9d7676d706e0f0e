from __future__ import annotations

import json
from typing import Any

import pytest

from uapi.conformance.report.badge import render


@pytest.mark.parametrize(
    ("name", "colour", "is_error"),
    [
        ("conformant", "brightgreen", False),
        ("failing", "red", True),
        ("warning", "brightgreen", False),
        ("incomplete", "yellow", True),
    ],
)
def test_the_badge_tells_the_verdict(reports: dict[str, Any], name: str, colour: str, *, is_error: bool) -> None:
    badge = json.loads(render(reports[name]))
    assert badge.keys() == {"schemaVersion", "label", "message", "color", "isError"}
    assert (badge["schemaVersion"], badge["color"], badge["isError"]) == (1, colour, is_error)
    assert badge["message"].startswith(reports[name]["verdict"])
