"""Each schema of the contract as a JSON Schema document of its own."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from uapi.contract.bundle import bundle
from uapi.contract.location import resolve, to_tokens
from uapi.contract.schemas import documents

from .instances import CONTRACT, SCHEMAS, validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Contract

FOLDER = Path(__file__).parents[2] / "generated" / "schemas"
EXAMPLES = [example["value"] for example in CONTRACT["components"]["examples"].values()]


@cache
def document(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return loaded


@cache
def _alone(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(document(name), validate_formats=False)


def _references(value: object) -> Iterator[str]:
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _references(child)
    if isinstance(value, dict) and isinstance(value.get("$ref"), str):
        yield value["$ref"]


def test_every_schema_has_a_document() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.json" for name in SCHEMAS}
    version = CONTRACT["info"]["version"]
    assert [document(name)["$id"] for name in SCHEMAS] == [f"urn:uapi-phonecalls:{version}:{name}" for name in SCHEMAS]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_document_is_valid_and_needs_no_other(name: str) -> None:
    assert document(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(document(name))
    for reference in _references(document(name)):
        assert reference.startswith("#")
        assert isinstance(resolve(document(name), to_tokens(reference[1:])), dict)
    used = {reference.removeprefix("#/$defs/").split("/")[0] for reference in _references(document(name))}
    assert set(document(name).get("$defs", {})) == used - {"#"}


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_examples_fit_the_documents_that_they_fit(name: str) -> None:
    own = SCHEMAS[name].get("examples", [])
    assert [example for example in own if not _alone(name).is_valid(example)] == []
    fitting = [example for example in EXAMPLES if validator(name).is_valid(example)]
    assert [example for example in EXAMPLES if _alone(name).is_valid(example)] == fitting


def _in_json_schema(value: Any) -> Any:
    """Return a schema of the contract without what OpenAPI and the project add to JSON Schema."""
    if isinstance(value, list):
        return [_in_json_schema(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    added = {key for key in value if key.startswith("x-") or key == "discriminator"}
    return {key: _in_json_schema(child) for key, child in value.items() if key not in added}


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_document_says_what_the_contract_says(name: str) -> None:
    root = {key: value for key, value in document(name).items() if key not in {"$schema", "$id", "title", "$defs"}}
    for component, schema in {name: root, **document(name).get("$defs", {})}.items():
        text = json.dumps(schema).replace("#/$defs/", "#/components/schemas/")
        assert json.loads(text) == _in_json_schema(SCHEMAS[component]), component


def test_a_schema_that_holds_itself_and_one_with_definitions_keep_them(contract: Contract) -> None:
    made = documents(bundle(contract.project))
    assert made["Call"]["properties"]["parent"]["$ref"] == "#"
    assert set(made["Call"]["$defs"]) == {"CallId"}
    assert "x-requirements" not in made["Call"]
    assert made["Start"]["properties"]["at"]["$ref"] == "#/$defs/Time"
    assert made["Action"]["$defs"]["Start"]["properties"]["at"]["$ref"] == "#/$defs/Start/$defs/Time"
    assert "discriminator" not in made["Action"]
    start = jsonschema_rs.Draft202012Validator(made["Action"], validate_formats=True)
    assert start.is_valid({"action": "Start", "at": "2026-01-31T12:00:00Z"})
    assert not start.is_valid({"action": "Start", "at": "noon"})
    call = jsonschema_rs.Draft202012Validator(made["Call"])
    assert call.is_valid({"id": "a", "parent": {"id": "b"}})
    assert not call.is_valid({"id": "a", "parent": {"id": "B"}})
