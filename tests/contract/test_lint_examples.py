"""Examples and defaults are valid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Contract


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "message"),
    [
        (
            "components/examples/Call.yaml",
            "id: abc123",
            "id: ABC",
            "id: ABC",
            '"ABC" does not match',
        ),
        (
            "components/examples/Start.yaml",
            "format: wav49",
            "format: mp3",
            "format: mp3",
            '"mp3" is not one of',
        ),
        (
            "components/examples/Stop.yaml",
            "action: Stop",
            "action: Halt",
            "value:",
            "is not valid under any of the schemas",
        ),
        (
            "components/examples/Start.yaml",
            "2026-01-31T",
            "2026-02-31T",
            "2026-02-31",
            'is not a "date-time"',
        ),
        (
            "components/parameters/CallId.yaml",
            "value: abc123",
            "value: ABC",
            "value: ABC",
            '"ABC" does not match',
        ),
        (
            "components/responses/Failed.yaml",
            "    schema:",
            "    example: {error: {code: failed}}\n    schema:",
            "example:",
            '"message" is a required property',
        ),
        (
            "components/schemas/CallId.yaml",
            "  - abc123",
            "  - abc123\n  - Abc",
            "  - Abc",
            '"Abc" does not match',
        ),
    ],
)
def test_an_invalid_example_is_found(
    contract: Contract, file: str, old: str, new: str, where: str, message: str
) -> None:
    contract.edit(file, old, new)
    finding = contract.finding()
    assert (finding.rule, str(finding.where)) == ("example-valid", contract.line(file, where))
    assert message in finding.message
    assert finding.hint


def test_an_example_may_be_a_document_elsewhere(contract: Contract) -> None:
    contract.write("components/examples/Call.yaml", "summary: A call.\nexternalValue: https://calls.test/call.json\n")
    assert contract.findings() == []


def test_an_invalid_default_is_found(contract: Contract) -> None:
    contract.edit("components/schemas/Start.yaml", "default: wav", "default: mp3")
    found = {(finding.rule, str(finding.where)) for finding in contract.findings()}
    assert ("example-valid", contract.line("components/schemas/Start.yaml", "default: mp3")) in found
