"""The contract in OpenAPI 3.0: what it says in other words means the same, and what it cannot say is kept."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import OpenAPIV30SpecValidator
from ruamel.yaml import YAML
from schemathesis import GenerationMode

from uapi.contract.bundle import bundle
from uapi.contract.downgrade import downgrade
from uapi.contract.lint.redocly import CLI, QUIET

from .instances import CONTRACT, LISTS, SCHEMAS, for_each, validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Contract

ROOT = Path(__file__).parents[2]
FILE = ROOT / "generated" / "openapi-3.0.yaml"
REDOCLY = ROOT / "scripts" / "node" / CLI / "bin" / "cli.js"
EXAMPLES = {name: example["value"] for name, example in CONTRACT["components"]["examples"].items()}
PROBES = [
    *(None, True, False, 0, 1, 1.5, 2, 5, -1, 10, "", "a", "1", "abc", "null"),
    *([], [1], ["a"], [1, "a"], {}, {"a": 1}, {"a": "b"}, {"b": None}),
]


@cache
def converted() -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE.read_text("utf-8"))
    return document


@cache
def validator_30(name: str) -> jsonschema_rs.Draft4Validator:
    """Return a validator of the draft on which 3.0 rests, to which what stands beside a `$ref` is nothing."""
    registry = jsonschema_rs.Registry([("urn:converted", converted())], draft=jsonschema_rs.Draft4)
    return jsonschema_rs.Draft4Validator(
        {"$ref": f"urn:converted#/components/schemas/{name}"}, registry=registry, validate_formats=False
    )


def _convert(schema: dict[str, Any]) -> dict[str, Any]:
    document = {"openapi": "3.1.1", "components": {"schemas": {"Probe": schema}}}
    result: dict[str, Any] = downgrade(document)["components"]["schemas"]["Probe"]
    return result


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"const": "Start"}, {"enum": ["Start"]}),
        ({"type": "string", "examples": ["a"]}, {"type": "string", "example": "a"}),
        ({"examples": ["a", "b"], "title": "T"}, {"example": "a", "x-examples": ["a", "b"], "title": "T"}),
        ({"type": ["string", "null"], "maxLength": 2}, {"type": "string", "nullable": True, "maxLength": 2}),
        ({"exclusiveMinimum": 1, "minimum": 0}, {"exclusiveMinimum": True, "minimum": 1}),
        ({"exclusiveMaximum": 9, "maximum": 5}, {"exclusiveMaximum": False, "maximum": 5}),
        ({"type": "array"}, {"type": "array", "items": {}}),
        ({"prefixItems": [{}], "x-own": 1}, {"x-prefixItems": [{}], "x-own": 1}),
        ({"type": ["integer", "string"], "enum": [1, 5]}, {"anyOf": [{"type": "integer", "enum": [1, 5]}]}),
        (
            {"type": ["integer", "boolean"], "enum": [1, True]},
            {"anyOf": [{"type": "integer", "enum": [1]}, {"type": "boolean", "enum": [True]}]},
        ),
        (
            {"$ref": "#/a", "description": "D", "allOf": [{"minLength": 1}]},
            {"allOf": [{"$ref": "#/a"}, {"minLength": 1}], "description": "D"},
        ),
        (
            {"type": ["integer", "string"], "description": "D", "minimum": 1, "pattern": "^1$", "enum": [1, "1"]},
            {
                "anyOf": [
                    {"type": "integer", "minimum": 1, "enum": [1]},
                    {"type": "string", "pattern": "^1$", "enum": ["1"]},
                ],
                "description": "D",
            },
        ),
    ],
)
def test_a_schema_is_said_in_the_words_of_3_0(schema: dict[str, Any], expected: dict[str, Any]) -> None:
    assert _convert(schema) == expected


@pytest.mark.parametrize(
    "schema",
    [
        {"const": 1},
        {"const": None},
        {"type": "null"},
        {"type": ["string", "null"]},
        {"type": ["string", "null"], "enum": ["a", None]},
        {"type": ["string", "null"], "enum": ["a"]},
        {"type": ["integer", "string", "null"], "minimum": 1, "maxLength": 1},
        {"type": ["integer", "string", "null"], "enum": [1, "1", None]},
        {"type": ["integer", "string"], "enum": [1, 5]},
        {"type": ["number", "boolean"], "exclusiveMinimum": 1},
        {"type": ["array", "object"], "items": {"type": "integer"}, "required": ["a"]},
        {"type": ["string", "integer"], "anyOf": [{"const": "a"}, {"minimum": 2}]},
        {"exclusiveMinimum": 1, "exclusiveMaximum": 5},
        {"minimum": 2, "exclusiveMinimum": 1},
        {"anyOf": [{"type": "null"}, {"type": "integer"}]},
    ],
    ids=json.dumps,
)
def test_a_schema_means_the_same_as_before(schema: dict[str, Any]) -> None:
    before, after = jsonschema_rs.Draft202012Validator(schema), OAS30Validator(_convert(schema))
    assert [probe for probe in PROBES if before.is_valid(probe)] == [
        probe
        for probe in PROBES
        if after.is_valid(probe)  # type: ignore[no-untyped-call] # a library without types
    ]


def test_definitions_become_components(contract: Contract) -> None:
    document = downgrade(bundle(contract.project).document)
    schemas = document["components"]["schemas"]
    assert schemas["Start"]["properties"]["at"] == {"$ref": "#/components/schemas/Start_Time"}
    assert schemas["Start_Time"]["format"] == "date-time"
    assert "$defs" not in schemas["Start"]
    OpenAPIV30SpecValidator(document).validate()


def test_the_document_that_is_converted_stays_as_it_is() -> None:
    before = json.dumps(CONTRACT)
    downgrade(CONTRACT)
    assert json.dumps(CONTRACT) == before


def test_the_contract_is_valid_openapi_3_0() -> None:
    assert converted()["openapi"].startswith("3.0.")
    assert list(OpenAPIV30SpecValidator(converted()).iter_errors()) == []


@pytest.mark.skipif(
    shutil.which("node") is None or not REDOCLY.is_file(),
    reason="redocly is not installed: it needs Node.js 20.19 or newer, then 'npm ci' in scripts/node",
)
def test_redocly_accepts_the_contract_as_openapi_3_0(tmp_path: Path) -> None:
    shutil.copyfile(FILE, tmp_path / "openapi.yaml")
    private = dict.fromkeys(("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "TMPDIR", "TEMP", "TMP"), str(tmp_path))
    done = subprocess.run(  # noqa: S603 - pinned
        ["node", str(REDOCLY), "lint", "openapi.yaml", "--extends", "recommended", "--format=json"],  # noqa: S607 - of PATH
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]} | QUIET | private,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert json.loads(done.stdout)["problems"] == [], done.stderr


def _pointers(value: object, keyword: str, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every member of a name, wherever it is, with the pointer of what holds it."""
    for key, child in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key == keyword:
            yield pointer, child
        yield from _pointers(child, keyword, f"{pointer}/{key}")


def _extensions(value: object) -> set[str]:
    if isinstance(value, list):
        return set(chain.from_iterable(map(_extensions, value)))
    if not isinstance(value, dict):
        return set()
    return {key for key in value if key.startswith("x-")}.union(*map(_extensions, value.values()))


def test_what_3_0_cannot_say_is_kept() -> None:
    """A keyword that comes in here is a part of the contract that tools of 3.0 do not see: think twice."""
    assert _extensions(converted()) - _extensions(CONTRACT) == {"x-examples", "x-identifier", "x-summary"}
    assert converted()["info"]["x-summary"] == CONTRACT["info"]["summary"]
    assert converted()["info"]["license"] == {
        "name": "MIT",
        "x-identifier": "MIT",
        "url": "https://spdx.org/licenses/MIT.html",
    }
    assert dict(_pointers(converted(), "x-examples")) == {
        f"/components/schemas/{name}": schema["examples"]
        for name, schema in SCHEMAS.items()
        if len(schema.get("examples", [])) > 1
    }


@pytest.mark.parametrize("keyword", ["x-requirements", "x-error-code", "description", "operationId", "default"])
def test_what_3_0_can_say_is_where_it_was(keyword: str) -> None:
    assert dict(_pointers(converted(), keyword)) == dict(_pointers(CONTRACT, keyword))


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_examples_fit_the_converted_schemas_that_they_fit(name: str) -> None:
    examples = [*EXAMPLES.values(), *SCHEMAS[name].get("examples", [])]
    fitting = [example for example in examples if validator(name).is_valid(example)]
    assert [example for example in examples if validator_30(name).is_valid(example)] == fitting


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.thorough] * (name in LISTS)) for name in sorted(SCHEMAS)]
)
def test_the_converted_schemas_accept_what_the_contract_accepts(name: str, mode: GenerationMode) -> None:
    def agree(body: object) -> None:
        valid = validator(name).is_valid(body)
        assert validator_30(name).is_valid(body) == valid, f"{json.dumps(body)} is {'valid' if valid else 'invalid'}"

    for_each(name, mode, agree)
