"""A failed test as plain text."""

from __future__ import annotations

from conformance.made import exchange, requirement, response
from uapi.conformance.outcome import Outcome, Result
from uapi.conformance.suite.failure import failure


def test_a_target_cannot_speak_to_the_terminal() -> None:
    shown = exchange(response(body=b"\x1b[2J\x07half a pair"))
    text = failure([Result(requirement(), Outcome.FAIL, "it said \x1b]0;owned\x07 \ud800", (shown,))])
    assert text.isascii()
    assert {c for c in text if not c.isprintable()} == {"\n"}
    assert r"\x1b]0;owned" in text


def test_some_exchanges_are_shown_and_the_rest_is_counted() -> None:
    shown = [exchange(response({"turn": turn})) for turn in range(5)]
    text = failure([Result(requirement(), Outcome.FAIL, "no", shown)])
    assert [turn for turn in range(5) if f'"turn": {turn}' in text] == [0, 1, 2]
    assert "and 2 more exchanges" in text


def test_what_failed_together_is_told_together() -> None:
    text = failure([Result(requirement(id=name), Outcome.FAIL, f"no {name}") for name in ("REC-001", "REC-002")])
    assert ("REC-001: no REC-001" in text, "REC-002: no REC-002" in text) == (True, True)
