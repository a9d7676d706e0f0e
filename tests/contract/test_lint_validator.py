"""The OpenAPI specification itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Contract

PATH = "paths/calls@{callId}.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "message"),
    [
        (PATH, "  summary: Get a call", "  summary: Get a call\n  sumary: x", "get:", "'sumary'"),
        (PATH, "operationId: updateCall", "operationId: getCall", "put:", "Operation ID 'getCall'"),
        ("components/schemas/CallId.yaml", "minLength: 1", "minLength: one", "minLength", "'one' is not of type"),
        ("openapi.yaml", "    identifier: MIT\n", "    identifier: 4\n", "identifier", '4 is not of type "string"'),
    ],
)
def test_what_is_not_openapi_is_found(
    contract: Contract, file: str, old: str, new: str, where: str, message: str
) -> None:
    contract.edit(file, old, new)
    finding = contract.finding()
    assert (finding.rule, str(finding.where)) == ("openapi-valid", contract.line(file, where))
    assert message in finding.message
    assert "\n" not in finding.message
    assert finding.hint


def test_a_path_parameter_that_is_not_declared_is_found(contract: Contract) -> None:
    contract.rename(PATH, "paths/calls@{callId}@{n}.yaml")
    contract.edit(
        "openapi.yaml",
        "  /calls/{callId}:\n    $ref: paths/calls@{callId}",
        "  /calls/{callId}/{n}:\n    $ref: paths/calls@{callId}@{n}",
    )
    contract.edit(
        "paths/calls@{callId}@{n}.yaml",
        "put:\n",
        "put:\n  parameters:\n    - {name: n, in: path, required: true, description: x, schema: {description: x}}\n",
    )
    finding = contract.finding()
    where = contract.line("paths/calls@{callId}@{n}.yaml", "get:")
    assert (finding.rule, str(finding.where)) == ("openapi-valid", where)
    assert "Path parameter 'n'" in finding.message


def test_a_bundle_that_reads_differently_is_found(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uapi.contract.emit.to_yaml", lambda _document: "openapi: 3.1.0\n")
    finding = contract.finding()
    assert (finding.rule, str(finding.where)) == ("bundle-faithful", "openapi/openapi.yaml:1")
