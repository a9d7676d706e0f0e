"""Pieces of Markdown."""

from __future__ import annotations

from typing import Any

import pytest

from uapi.contract import markdown


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("Error codes", "error-codes"),
        ("Parameter UserId", "parameter-userid"),
        ("D-11 Somebody else's phone call", "d-11-somebody-elses-phone-call"),
        ("D-32 A GET of one phone call: 200, 204 or 400", "d-32-a-get-of-one-phone-call-200-204-or-400"),
        ("`fields` of a_list", "fields-of-a_list"),
    ],
)
def test_a_slug_is_the_one_that_github_makes(heading: str, slug: str) -> None:
    assert markdown.slug(heading) == slug


def test_a_cell_is_one_line_whose_bars_are_no_borders() -> None:
    assert markdown.cell("one\n two | `a|b`\n") == r"one two \| `a\|b`"


@pytest.mark.parametrize(
    ("data", "text"),
    [("wav", "`wav`"), ("5", '`"5"`'), (5, "`5`"), (True, "`true`"), ("true", '`"true"`'), ("a`b", "``a`b``")],
)
def test_a_string_is_not_taken_for_a_number(data: object, text: str) -> None:
    assert markdown.value(data) == text


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"$ref": "#/components/schemas/Call"}, "<Call>"),
        ({"type": "string"}, "string"),
        ({"type": ["integer", "string", "null"]}, "integer, string or null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Call"}}, "array of <Call>"),
        ({"const": "Start"}, "`Start`"),
        ({"enum": [2, "2"]}, '`2` or `"2"`'),
        ({"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/Call"}]}, "string or <Call>"),
        ({"allOf": [{"$ref": "#/components/schemas/Call"}, {"type": "object"}]}, "<Call> with object"),
        ({"type": "object", "anyOf": [{"required": ["a"]}]}, "object"),
        ({}, "any value"),
    ],
)
def test_a_type_is_said_in_words(schema: dict[str, Any], text: str) -> None:
    assert markdown.type_of(schema, "<{}>".format) == text


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"minimum": 0, "maximum": 5}, ["0 to 5"]),
        ({"minimum": 0}, ["0 or more"]),
        ({"maxLength": 255}, ["up to 255 characters"]),
        ({"minLength": 1, "maxLength": 1}, ["1 character"]),
        ({"minItems": 2, "maxItems": 2}, ["2 entries"]),
        ({"minItems": 1}, ["1 or more entries"]),
        ({"exclusiveMinimum": 0, "exclusiveMaximum": 9}, ["0 to 9, both excluded"]),
        ({"format": "uri", "pattern": "^a|b$"}, ["format `uri`", "pattern `^a|b$`"]),
        ({"type": "string"}, []),
    ],
)
def test_limits_are_said_in_words(schema: dict[str, Any], said: list[str]) -> None:
    assert markdown.limits_of(schema) == said
