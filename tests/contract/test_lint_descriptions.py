"""What the documentation prints is described."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Contract


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "message"),
    [
        (
            "components/schemas/Start.yaml",
            "    description: The name of the action.\n",
            "",
            "action:",
            "the property action has no description",
        ),
        (
            "components/schemas/Start.yaml",
            "    description: When to start.\n",
            "",
            "Time:",
            "the schema Time has no description",
        ),
        (
            "components/schemas/Call.yaml",
            "description: A call.\n",
            "",
            "type: object",
            "the schema Call has no description",
        ),
        (
            "components/parameters/CallId.yaml",
            "description: The call.\n",
            "",
            "name: callId",
            "the parameter CallId has no description",
        ),
        (
            "components/links/GetCall.yaml",
            "Get the call again.",
            "' '",
            "operationId",
            "the link GetCall has no description",
        ),
    ],
)
def test_what_is_not_described_is_found(
    contract: Contract, file: str, old: str, new: str, where: str, message: str
) -> None:
    contract.edit(file, old, new)
    finding = contract.finding()
    assert (finding.rule, str(finding.where)) == ("description-present", contract.line(file, where))
    assert message in finding.message
    assert finding.hint


def test_a_response_without_a_description_is_found_once(contract: Contract) -> None:
    contract.edit("components/responses/Gone.yaml", "There is no such call any more.", "''")
    assert contract.finding().message == "the response Gone has no description"


def test_a_branch_of_a_schema_needs_no_description(contract: Contract) -> None:
    contract.append("components/schemas/Call.yaml", "anyOf:\n  - required: [id]\nnot:\n  required: [x]\n")
    assert contract.findings() == []
