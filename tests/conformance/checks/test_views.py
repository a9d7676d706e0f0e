from __future__ import annotations

from typing import Any

import pytest

from conformance.made import exchange, response
from uapi.conformance.checks.registry import OBSERVATIONS
from uapi.conformance.finding import Failed

TIME = "2026-03-02T08:40:13Z"
PARKED = {"parked": TIME, "parkedPos": 701, "parkedBy": "0003*211"}


def shows(name: str, **fields: Any) -> bool:
    """Show a view to an observation; return whether the requirement speaks of it."""
    call = {"id": "a", "phoneCallView": [{"id": "01", **fields}]}
    return OBSERVATIONS[name](exchange(response({"entry": [call]})))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("VIEW-001", {"flow": "8"}),
        ("VIEW-002", {"status": 3}),
        ("VIEW-002", {"status": "3", "answered": None}),
        ("VIEW-004", PARKED),
        ("VIEW-005", {"holder": 1, "onHold": TIME}),
        ("VIEW-005", {"holder": "1", "onHold": TIME}),
    ],
)
def test_what_is_as_it_should_be_shows_that(name: str, fields: dict[str, Any]) -> None:
    assert shows(name, **fields)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("VIEW-002", {"status": "5", "answered": TIME}),
        ("VIEW-004", {}),
        ("VIEW-004", dict.fromkeys(PARKED)),
        ("VIEW-005", {"onHold": TIME}),
        ("VIEW-005", {"holder": 0}),
    ],
)
def test_a_view_of_another_kind_shows_nothing(name: str, fields: dict[str, Any]) -> None:
    assert not shows(name, **fields)


@pytest.mark.parametrize(
    ("name", "fields", "complaint"),
    [
        ("VIEW-001", {}, "lacks flow"),
        ("VIEW-002", {"status": 3, "answered": TIME}, "it rings, and has been answered"),
        ("VIEW-002", {"status": "3", "answered": TIME}, "it rings, and has been answered"),
        ("VIEW-004", {"parkedPos": 0}, "lacks parked, parkedBy"),
        ("VIEW-004", {**PARKED, "parkedBy": None}, "lacks parkedBy"),
        ("VIEW-005", {"holder": "1"}, "lacks onHold"),
    ],
)
def test_what_does_not_go_together_is_a_finding(name: str, fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises(Failed, match=f"phone call 'a': view '01': .*{complaint}"):
        shows(name, **fields)
