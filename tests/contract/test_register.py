"""Gathering the requirements."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from uapi.contract.bundle import bundle
from uapi.contract.errors import RegisterError
from uapi.contract.register import register, schema_text

if TYPE_CHECKING:
    from .conftest import Contract

PATH = "paths/calls@{callId}.yaml"


def _rows(contract: Contract) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in register(bundle(contract.project))["requirements"]}


def test_the_register_has_every_row_with_its_place(contract: Contract) -> None:
    made = register(bundle(contract.project))
    assert {key: made[key] for key in ("$schema", "title", "contract_version")} == {
        "$schema": "requirements.schema.json",
        "title": "Small",
        "contract_version": "1.2.3",
    }
    assert [row["id"] for row in made["requirements"]] == ["ACT-001", "CALL-001", "CALL-002"]
    assert made["requirements"][0] == {
        "id": "ACT-001",
        "level": "MUST",
        "text": "An action on a call is answered with the call.",
        "source": "Page, Response",
        "evidence": "documented",
        "decision": "D-01",
        "profile": "recording",
        "pointer": "/paths/~1calls~1{callId}/put",
        "operations": ["updateCall"],
        "file": "openapi/" + PATH,
        "line": int(contract.line(PATH, "ACT-001").rpartition(":")[2]),
    }


def test_a_row_keeps_its_profile_feature_and_reason(contract: Contract) -> None:
    rows = _rows(contract)
    assert (rows["CALL-001"]["profile"], rows["CALL-001"]["feature"]) == ("phone-calls", "get")
    assert rows["CALL-002"]["profile"] == "recording"
    assert rows["CALL-002"]["excluded"] == "No test can make such a call."


def test_a_row_of_a_component_stands_under_no_operation(contract: Contract) -> None:
    row = _rows(contract)["CALL-001"]
    assert (row["pointer"], row["operations"]) == ("/components/parameters/CallId", [])


def test_a_row_of_a_path_stands_under_all_its_operations(contract: Contract) -> None:
    text = contract.path(PATH).read_text()
    row = "{id: ACT-002, level: MAY, text: It is said of both., source: x, evidence: inferred}"
    contract.write(PATH, f"x-requirements: [{row!s}]\n{text}".replace("x, evid", '"x", evid'))
    assert _rows(contract)["ACT-002"]["operations"] == ["getCall", "updateCall"]


def test_the_register_is_valid_against_its_schema(contract: Contract) -> None:
    validator = jsonschema_rs.Draft202012Validator(json.loads(schema_text()))
    made = register(bundle(contract.project))
    validator.validate(made)
    made["requirements"][0]["more"] = 1
    assert not validator.is_valid(made)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: ACT-001", "id: CALL-002", "CALL-002 is there already, at openapi/paths/calls@{callId}.yaml:"),
        ("id: ACT-001", "id: act-1", "id: "),
        ("level: MUST", "level: must", "level: "),
        ("      decision: D-01", "      other: x", "Unevaluated properties"),
        ("evidence: documented", "evidence: observed", "ACT-001 is a MUST, but what is observed can be SHOULD or MAY"),
        ("evidence: documented", "evidence: inferred", "what is inferred can be MAY only"),
        ("    - id: ACT-001", "    - ACT-001\n    - id: ACT-002", "is not of type"),
    ],
)
def test_rows_that_make_no_register_are_refused(contract: Contract, old: str, new: str, message: str) -> None:
    contract.edit(PATH, old, new)
    with pytest.raises(RegisterError) as caught:
        register(bundle(contract.project))
    assert message in caught.value.message
    assert (caught.value.where or "").startswith("openapi/")
    assert caught.value.hint


def test_rows_in_data_are_data(contract: Contract) -> None:
    contract.append("components/examples/Call.yaml", "  x-requirements: nonsense\n")
    assert len(_rows(contract)) == 3
