from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.made import exchange, response
from uapi.conformance.report.timings import timings

if TYPE_CHECKING:
    from uapi.conformance.exchange import Exchange


def took(phase: str, milliseconds: float | None) -> Exchange:
    answer = None if milliseconds is None else replace(response({}), seconds=milliseconds / 1000)
    return replace(exchange(answer, fault="reset" if answer is None else None), phase=phase)


@pytest.mark.parametrize(
    ("phase", "name"),
    [
        ("check REC-001", "checks"),
        ("checks", "checks"),
        ("exploration-updatePhoneCall-positive", "exploration"),
        ("exploration: updatePhoneCall, positive", "exploration"),
        ("clean-up", "clean-up"),
        ("", "other"),
    ],
)
def test_phases_are_put_together(phase: str, name: str) -> None:
    assert [timing["phase"] for timing in timings([took(phase, 1)])] == [name]


def test_median_and_percentile() -> None:
    (timing,) = timings([took(f"check REC-{number:03}", number) for number in range(1, 101)])
    assert timing == {
        "phase": "checks",
        "requests": 100,
        "unanswered": 0,
        "median_milliseconds": 50.5,
        "p95_milliseconds": 95.0,
    }


def test_what_got_no_answer_has_no_time() -> None:
    (timing,) = timings([took("check REC-001", None)])
    assert (timing["requests"], timing["unanswered"]) == (1, 1)
    assert timing["median_milliseconds"] is timing["p95_milliseconds"] is None


def test_a_missing_answer_does_not_count_as_a_fast_one() -> None:
    (timing,) = timings([took("check REC-001", None), took("check REC-002", 8)])
    assert (timing["unanswered"], timing["median_milliseconds"]) == (1, 8.0)


def test_phases_come_in_their_order() -> None:
    found = timings([took("exploration: x", 1), took("check REC-001", 1), took("exploration: y", 1)])
    assert [(timing["phase"], timing["requests"]) for timing in found] == [("exploration", 2), ("checks", 1)]
