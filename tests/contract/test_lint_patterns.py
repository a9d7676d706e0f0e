"""Patterns speak of the whole string."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Contract

CALL_ID = "components/schemas/CallId.yaml"


def test_a_pattern_without_lengths_is_found(contract: Contract) -> None:
    contract.edit(CALL_ID, "maxLength: 32\n", "")
    finding = contract.finding()
    assert (finding.rule, str(finding.where)) == ("pattern-lengths", contract.line(CALL_ID, "pattern"))
    assert finding.message == "a pattern without maxLength"
    assert finding.hint


@pytest.mark.parametrize(
    "pattern",
    ["^[a-z0-9]+", "[a-z0-9]+$", "[a-z0-9]+", r"^[a-z0-9]+\$|^abc123$", "^abc123$|x", "^x|abc123$", "^a(b|c)123$|y"],
)
def test_a_pattern_that_matches_a_part_is_found(contract: Contract, pattern: str) -> None:
    contract.edit(CALL_ID, "pattern: ^[a-z0-9]+$", f"pattern: '{pattern}'")
    (finding,) = (found for found in contract.findings() if found.rule == "pattern-anchored")
    assert str(finding.where) == contract.line(CALL_ID, "pattern")
    assert pattern in finding.message


@pytest.mark.parametrize(
    "pattern", ["^(?:abc123|x)$", "^abc123$|^x$", "^[a-z|0-9]+$", r"^[a-z0-9\]|]+$", r"^(abc|\|)123$", r"^abc123(\\)?$"]
)
def test_a_pattern_that_matches_the_whole_is_not(contract: Contract, pattern: str) -> None:
    contract.edit(CALL_ID, "pattern: ^[a-z0-9]+$", f"pattern: '{pattern}'")
    assert contract.findings() == []
