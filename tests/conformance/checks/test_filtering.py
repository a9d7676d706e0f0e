from __future__ import annotations

import pytest

from conformance.made import exchange, response
from uapi.conformance.answers import moment
from uapi.conformance.checks.filtering import finds, written
from uapi.conformance.finding import Failed

FOUND = exchange(response({"entry": [{"id": "a"}, {"id": "b"}]}))


@pytest.mark.parametrize(("wanted", "either"), [("ab", ""), ("a", "b"), ("", "abc")])
def test_a_filter_may_find_what_it_should(wanted: str, either: str) -> None:
    finds(FOUND, list(wanted), either=list(either))


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [("abc", "does not find the phone call c"), ("a", "finds the phone call b, which does not match")],
)
def test_a_filter_that_finds_too_little_or_too_much_is_a_finding(wanted: str, complaint: str) -> None:
    with pytest.raises(Failed, match=complaint):
        finds(FOUND, list(wanted))


def test_a_time_is_written_with_two_offsets() -> None:
    time = moment("2026-03-02T09:15:00+01:00")
    assert time is not None
    assert written(time) == ["2026-03-02T09:15:00+01:00", "2026-03-02T22:00:00+13:45"]


def test_a_time_at_the_end_of_the_calendar_is_written_once() -> None:
    time = moment("9999-12-31T23:59:59+00:00")
    assert time is not None
    assert written(time) == ["9999-12-31T23:59:59+00:00"]
