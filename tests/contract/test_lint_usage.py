"""Nothing is written that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Contract


@pytest.mark.parametrize(
    ("rule", "file", "text", "message"),
    [
        ("file-used", "components/schemas/Call.yml", "type: object\n", "the file is no part of the contract"),
        ("file-used", "components/schema/Call.yaml", "type: object\n", "the file is no part of the contract"),
        ("file-used", "paths/other.yaml", "get: {}\n", "the file is no part of the contract"),
        ("file-used", "notes.txt", "x\n", "the file is no part of the contract"),
        ("component-used", "components/schemas/Other.yaml", "description: x\n", "no operation uses schemas/Other"),
        (
            "component-used",
            "components/schemas/Other.yaml",
            "description: x\nitems:\n  $ref: Other.yaml\n",
            "no operation uses schemas/Other",
        ),
        (
            "component-used",
            "components/securitySchemes/basic.yaml",
            "type: http\nscheme: basic\ndescription: x\n",
            "no operation uses securitySchemes/basic",
        ),
    ],
)
def test_what_nothing_uses_is_found(contract: Contract, rule: str, file: str, text: str, message: str) -> None:
    contract.write(file, text)
    finding = contract.finding()
    assert (finding.rule, str(finding.where), finding.message) == (rule, f"openapi/{file}:1", message)
    assert finding.hint


@pytest.mark.parametrize("file", ["samples/listCalls/curl.sh", "released/1.0.0.json"])
def test_what_belongs_to_the_contract_without_being_a_part_of_it_is_left_alone(contract: Contract, file: str) -> None:
    contract.write(file, "curl: [\n")
    assert contract.findings() == []


@pytest.mark.parametrize("file", ["paths/samples/curl.sh", "samples.yaml"])
def test_only_those_folders_are_left_alone(contract: Contract, file: str) -> None:
    contract.write(file, "x\n")
    assert contract.finding().rule == "file-used"
