"""Rows of the register, and decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Contract

PATH = "paths/calls@{callId}.yaml"
CALL_ID = "components/parameters/CallId.yaml"
GONE = "components/responses/Gone.yaml"


@pytest.mark.parametrize(
    ("rule", "file", "old", "new", "where", "message"),
    [
        ("requirement-form", PATH, "level: MUST", "level: must", "ACT-001", "ACT-001: level: "),
        ("requirement-form", PATH, "level: MUST", "level: MUST\n      note: x", "ACT-001", "'note'"),
        ("requirement-form", PATH, "      source: Page, Response\n", "", "ACT-001", '"source" is a required property'),
        ("requirement-form", GONE, "description", "x-requirements: none\ndescription", "x-req", "is not of type"),
        ("requirement-id", CALL_ID, "CALL-001", "CALL-002", "CALL-002", "CALL-002 is there already, at openapi/comp"),
        ("requirement-level", CALL_ID, "level: SHOULD", "level: MUST", "CALL-001", "what is observed can be SHOULD or"),
        ("requirement-decision", PATH, "decision: D-01", "decision: D-09", "ACT-001", "there is no decision D-09"),
        ("decision-heading", "decisions.md", "## D-02", "## D-01", "## D-01 Another", "D-01 comes after D-01"),
        ("decision-heading", "decisions.md", "Its number", "## D-00 Zero\n\nx", "## D-00", "D-00 comes after D-02"),
        ("decision-heading", "decisions.md", "Its number", "## Questions\n\nx", "## Que", "the heading has no number"),
    ],
)
def test_a_row_or_a_decision_that_is_malformed_is_found(
    contract: Contract, rule: str, file: str, old: str, new: str, where: str, message: str
) -> None:
    contract.edit(file, old, new)
    finding = contract.finding()
    assert (finding.rule, str(finding.where)) == (rule, contract.line(file, where))
    assert message in finding.message
    assert finding.hint


def test_without_decisions_none_can_be_named(contract: Contract) -> None:
    contract.path("decisions.md").unlink()
    assert contract.finding().rule == "requirement-decision"
