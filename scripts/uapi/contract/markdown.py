"""Pieces of Markdown, as GitHub reads it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

PREFIX: Final = "#/components/schemas/"
NO_PART_OF_A_SLUG: Final = re.compile(r"[^\w\- ]")
RANGES: Final = (
    ("minimum", "maximum", "", ""),
    ("exclusiveMinimum", "exclusiveMaximum", ", excluded", ", both excluded"),
    ("minLength", "maxLength", " character", " characters"),
    ("minItems", "maxItems", " entry", " entries"),
)
"""The keywords of a lower and an upper bound, and what they count: one, and several."""


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives to a heading, where no other heading has the same."""
    return NO_PART_OF_A_SLUG.sub("", heading.lower()).replace(" ", "-")


def cell(text: str) -> str:
    """Return a text so that it stands in one cell of a table."""
    return " ".join(text.split()).replace("|", r"\|")


def code(text: str) -> str:
    """Return a text as code."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def value(data: object) -> str:
    """Return a value of JSON as code; a string is in quotes where it would be taken for something else."""
    if isinstance(data, str):
        try:
            json.loads(data)
        except ValueError:
            return code(data)
    return code(json.dumps(data, ensure_ascii=False))


def type_of(schema: dict[str, Any], link: Callable[[str], str]) -> str:
    """Say in words what values a schema takes; `link` makes a link of the path of a schema."""
    if "$ref" in schema:
        return link(schema["$ref"].removeprefix(PREFIX))
    if "const" in schema:
        return value(schema["const"])
    if "enum" in schema:
        return _either([value(allowed) for allowed in schema["enum"]])
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema and "type" not in schema:
            return _either([type_of(option, link) for option in schema[keyword]])
    if "allOf" in schema:
        return " with ".join(type_of(part, link) for part in schema["allOf"])
    types = schema.get("type", "any value")
    words = types if isinstance(types, str) else _either(types)
    if types == "array":
        words = f"array of {type_of(schema.get('items', {}), link)}"
    return words


def limits_of(schema: dict[str, Any]) -> list[str]:
    """Say in words what else a schema demands of a value."""
    said = []
    for lowest, highest, one, several in RANGES:
        first, last = schema.get(lowest), schema.get(highest)
        if first is None and last is None:
            continue
        bounds = f"up to {last}" if first is None else f"{first} or more" if last is None else f"{first} to {last}"
        said.append(f"{first}{one if first == 1 else several}" if first == last else bounds + several)
    if "format" in schema:
        said.append(f"format {code(schema['format'])}")
    if "pattern" in schema:
        said.append(f"pattern {code(schema['pattern'])}")
    return said


def _either(options: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(options[:-1]), *options[-1:])))
