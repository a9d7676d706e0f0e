"""The codes of the errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Contract


@pytest.mark.parametrize(
    ("rule", "file", "old", "new", "where", "message"),
    [
        (
            "error-code-example",
            "components/schemas/Call.yaml",
            "  parent:\n",
            "  parent:\n    x-error-code: parent_invalid\n",
            "x-error-code",
            "no response has an example with the code parent_invalid",
        ),
        (
            "error-code-input",
            "components/responses/Invalid.yaml",
            "      format_invalid:",
            "      other:\n        value: {error: {code: other_invalid, message: x}}\n      format_invalid:",
            "other_invalid",
            "no input has the code other_invalid",
        ),
        (
            "error-code-place",
            "components/responses/Gone.yaml",
            "description",
            "x-error-code: call_invalid\ndescription",
            "x-error-code",
            "a response is no input",
        ),
    ],
)
def test_a_code_that_is_not_explained_is_found(
    contract: Contract, rule: str, file: str, old: str, new: str, where: str, message: str
) -> None:
    contract.edit(file, old, new)
    finding = contract.finding()
    assert (finding.rule, str(finding.where)) == (rule, contract.line(file, where))
    assert message in finding.message
    assert finding.hint


@pytest.mark.parametrize("code", ["Call invalid", "[call_invalid]", "CALL_INVALID", "4"])
def test_a_code_that_is_no_code_is_found(contract: Contract, code: str) -> None:
    contract.edit("components/parameters/CallId.yaml", "x-error-code: call_invalid", f"x-error-code: {code}")
    found = {finding.rule: str(finding.where) for finding in contract.findings()}
    assert found["error-code-place"] == contract.line("components/parameters/CallId.yaml", "x-error-code")


def test_a_code_that_is_not_about_input_needs_none(contract: Contract) -> None:
    contract.edit("components/examples/CallInvalid.yaml", "summary", "description: x\nsummary")
    contract.append(
        "components/responses/Failed.yaml", "    example: {error: {code: internal_server_error, message: x}}\n"
    )
    assert contract.findings() == []
