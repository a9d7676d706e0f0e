"""Operations are documented in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Contract

PATH = "paths/calls@{callId}.yaml"
STATUS_501 = '    "501":\n      $ref: ../components/responses/Failed.yaml\n'


@pytest.mark.parametrize(
    ("rule", "old", "new", "where", "message"),
    [
        ("operation-complete", "  summary: Get a call\n", "", "get:", "the operation has no summary"),
        ("operation-complete", "description: Returns the call.", "description: ' '", "' '", "has no description"),
        ("operation-complete", "  operationId: updateCall\n", "", "put:", "the operation has no operationId"),
        ("operation-tag", "[Calls]\n  summary: Act", "[Calls, Other]\n  summary: Act", "Other", "the tag Other is not"),
        ("operation-tag", "  tags: [Calls]\n  summary: Get", "  summary: Get", "get:", "the operation has no tag"),
        ("operation-status", STATUS_501 + "put:", "put:", "responses:", "the operation does not document 501"),
        ("operation-security", "put:\n", "put:\n  security: []\n", "security", "can be called without credentials"),
        ("operation-security", "put:\n", "put:\n  security: [{bearer: []}, {}]\n", "security", "without credentials"),
        ("operation-security", "put:\n", "put:\n  security: [{basic: []}]\n", "security", "no security scheme basic"),
    ],
)
def test_an_operation_that_is_not_documented_in_full_is_found(
    contract: Contract, rule: str, old: str, new: str, where: str, message: str
) -> None:
    contract.edit(PATH, old, new)
    finding = contract.finding()
    assert (finding.rule, str(finding.where)) == (rule, contract.line(PATH, where))
    assert message in finding.message
    assert finding.hint


def test_operations_without_any_security_are_found(contract: Contract) -> None:
    contract.edit("openapi.yaml", "security:\n  - bearer: []\n", "")
    rules = [finding.rule for finding in contract.findings()]
    assert rules == ["component-used", "operation-security", "operation-security"]
