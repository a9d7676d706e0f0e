"""All rules together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from uapi.contract.errors import ContractError
from uapi.contract.lint.rule import RULES

if TYPE_CHECKING:
    from .conftest import Contract

TESTS = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_lint_*.py"))


def test_a_clean_contract_has_no_findings(contract: Contract) -> None:
    assert contract.findings() == []


@pytest.mark.parametrize("name", [rule.name for rule in RULES])
def test_every_rule_is_tested(name: str) -> None:
    assert f'"{name}"' in TESTS


def test_rules_have_names_of_their_own_and_a_way_out() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.hint and rule.check.__doc__ for rule in RULES)


def test_findings_are_ordered_by_place_and_each_is_there_once(contract: Contract) -> None:
    """One example is used in two places; it is wrong once."""
    contract.edit("components/examples/CallInvalid.yaml", "    message: There is no such call.\n", "")
    contract.edit(
        "components/responses/Failed.yaml",
        "Error.yaml\n",
        "Error.yaml\n    examples:\n      again:\n        $ref: ../examples/CallInvalid.yaml\n",
    )
    contract.edit("components/schemas/CallId.yaml", "maxLength: 32\n", "")
    contract.write("notes.txt", "x")
    found = contract.findings()
    assert [finding.rule for finding in found] == ["example-valid", "pattern-lengths", "file-used"]
    assert found == sorted(found, key=lambda finding: finding.where)


def test_a_contract_that_cannot_be_read_is_an_error(contract: Contract) -> None:
    contract.write("components/schemas/Call.yaml", "type: [\n")
    with pytest.raises(ContractError):
        contract.findings()


@pytest.mark.parametrize(
    "text",
    [
        "get: 1\n",
        "get: {responses: []}\n",
        "get: {responses: {'200': 1}, tags: x, parameters: {}, security: x, operationId: 4, requestBody: []}\n",
        "parameters: x\nget: {responses: {'400': {content: {a/b: {examples: {x: 1}, schema: 1}}}}}\n",
        "get: {responses: {'200': {links: {x: {parameters: 1}, y: {operationId: {}}}, headers: {x: {example: 1}}}}}\n",
        "get: {x-requirements: [1, null], responses: {'400': {content: {a/b: {example: {error: 1}}}}}}\n",
        "get: {parameters: [{schema: {pattern: 1, discriminator: {mapping: 1}, examples: 1, default: 1}}]}\n",
        "get: {parameters: [{schema: true, example: 1, name: [1]}], callbacks: {x: {y: {post: {responses: {}}}}}}\n",
        "get: {parameters: [{schema: {type: nothing, pattern: '[', minLength: 1, maxLength: 2}, example: x}]}\n",
    ],
)
def test_a_contract_of_any_shape_has_findings_and_is_no_crash(contract: Contract, text: str) -> None:
    contract.write("paths/calls@{callId}.yaml", text)
    assert contract.findings()
