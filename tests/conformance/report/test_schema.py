from __future__ import annotations

import copy
import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from uapi.conformance.report.document import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = json.loads(files("uapi.conformance.report").joinpath("report.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a JSON value."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from objects(item)


def test_the_schema_is_one() -> None:
    jsonschema_rs.meta.validate(SCHEMA)
    assert SCHEMA["properties"]["schema_version"]["const"] == SCHEMA_VERSION


def test_real_reports_are_valid(any_report: dict[str, Any]) -> None:
    assert [f"{list(error.instance_path)}: {error.message}" for error in VALIDATOR.iter_errors(any_report)] == []


def test_every_field_is_described_and_no_other_is_allowed() -> None:
    for schema in objects(SCHEMA):
        if "properties" not in schema or "type" not in schema:
            continue
        assert schema["additionalProperties"] is False
        assert sorted(schema["required"]) == sorted(schema["properties"])
        for name, field in schema["properties"].items():
            described = field if "$ref" not in field else SCHEMA["$defs"][field["$ref"].rpartition("/")[2]] | field
            assert described.get("description"), name


def test_a_missing_field_is_refused(failing: dict[str, Any]) -> None:
    """No field of the report, at any depth, may be left out."""
    free = {"budget", "features", "libraries"}
    seen: set[tuple[str, ...]] = set()

    def check(value: Any, where: tuple[str, ...], whole: Any) -> None:
        if isinstance(value, list):
            for item in value[:1]:
                check(item, where, whole)
        elif isinstance(value, dict) and not free & set(where):
            for name in list(value):
                kept = value.pop(name)
                assert not VALIDATOR.is_valid(whole), (*where, name)
                value[name] = kept
                seen.add((*where, name))
                check(kept, (*where, name), whole)

    report = copy.deepcopy(failing)
    check(report, (), report)
    assert ("results", "violated") in seen
    assert ("exchanges", "request", "url") in seen


def test_another_field_is_refused(failing: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(failing | {"more": 1})
    assert not VALIDATOR.is_valid(failing | {"tool": failing["tool"] | {"host": "here"}})


@pytest.mark.parametrize(("name", "value"), [("verdict", "fine"), ("seed", -1), ("started", "today"), ("results", {})])
def test_a_wrong_value_is_refused(failing: dict[str, Any], name: str, value: Any) -> None:
    assert not VALIDATOR.is_valid(failing | {name: value})
