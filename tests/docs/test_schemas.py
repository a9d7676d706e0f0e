"""Schemas in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from uapi.docs.contract import Contract, Row
from uapi.docs.schemas import kind_of, limits_of, schema_of


def contract(schemas: dict[str, Any], *pointers: str) -> Contract:
    rows = tuple(
        Row(f"ABC-{number:03}", "MUST", "", "", "", "", pointer, None, None, None)
        for number, pointer in enumerate(pointers, 1)
    )
    return Contract({"components": {"schemas": schemas}}, rows, (), "", None, Path(), Path())


@pytest.mark.parametrize(
    ("node", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": ["integer", "string"]}, "integer or string"),
        ({"$ref": "#/components/schemas/Count"}, "Count"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Count"}}, "array of Count"),
        ({"const": "OnHold"}, '"OnHold"'),
        ({"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "string"}]}, "A or string"),
        ({"allOf": [{"$ref": "#/components/schemas/A"}, {"type": "object"}]}, "A with object"),
        ({}, "any value"),
    ],
)
def test_what_a_value_is(node: dict[str, Any], words: str) -> None:
    assert "".join(word.text for word in kind_of(node)) == words


@pytest.mark.parametrize(
    ("node", "limits"),
    [
        ({"minLength": 1, "maxLength": 255}, ["1 to 255 characters"]),
        ({"minLength": 2}, ["at least 2 characters"]),
        ({"maxItems": 9}, ["at most 9 items"]),
        ({"minItems": 1, "maxItems": 1}, ["1 item"]),
        ({"minimum": 0, "maximum": 5}, ["0 to 5"]),
        ({"minimum": 0}, ["at least 0"]),
        ({"enum": ["wav", "wav49"]}, ["one of `wav`, `wav49`"]),
        ({"maxLength": 1}, ["at most 1 character"]),
        ({"minLength": 2, "maxLength": 11}, ["2 to 11 characters"]),
        ({"enum": [2, "2"]}, ['one of `2`, `"2"`']),
        ({"format": "date-time", "pattern": "^a$"}, ["format `date-time`", "pattern `^a$`"]),
        ({}, []),
    ],
)
def test_what_narrows_a_value(node: dict[str, Any], limits: list[str]) -> None:
    assert list(limits_of(node)) == limits


def test_a_member_says_what_stands_beside_its_reference() -> None:
    count = {"type": "integer", "maximum": 9, "pattern": "^[0-9]$", "description": "A number."}
    beside = {
        "$ref": "#/components/schemas/Count",
        "description": "How many.",
        "default": 3,
        "x-error-code": "count_invalid",
    }
    thing = {"type": "object", "required": ["count"], "properties": {"count": beside}}
    pointer = "/components/schemas/Thing"
    found = schema_of(contract({"Count": count, "Thing": thing}, pointer, f"{pointer}/properties/count"), "Thing")
    (member,) = found.members
    assert (member.name, member.required, member.description) == ("count", True, "How many.")
    assert (member.limits, member.default, member.error_code) == (("at most 9",), "3", "count_invalid")
    assert [row.id for row in member.rows] == ["ABC-002"]
    assert [row.id for row in found.rows] == ["ABC-001"]


def test_an_object_that_is_made_of_others_has_their_members() -> None:
    part = {"type": "object", "properties": {"a": {"type": "string"}}}
    whole = {
        "allOf": [
            {"$ref": "#/components/schemas/Part"},
            {"properties": {"b": {"type": "integer"}}, "required": ["b"]},
        ]
    }
    pointers = "/components/schemas/Part/properties/a", "/components/schemas/Whole/allOf/1/properties/b"
    found = schema_of(contract({"Part": part, "Whole": whole}, *pointers), "Whole")
    assert [(one.name, one.required, [row.id for row in one.rows]) for one in found.members] == [
        ("a", False, ["ABC-001"]),
        ("b", True, ["ABC-002"]),
    ]
    assert found.rows == ()
