"""Schemas in words: the members of an object, and what each of them may be."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from uapi.docs.contract import COMPONENTS, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.docs.contract import Contract, Node, Row

RANGES: Final = {
    "": ("minimum", "maximum"),
    "character": ("minLength", "maxLength"),
    "item": ("minItems", "maxItems"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of the description of a type; `schema` is the component that it names."""

    text: str
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object, or a parameter."""

    name: str
    required: bool
    kind: tuple[Words, ...]
    limits: tuple[str, ...]
    description: str
    default: str | None
    error_code: str | None
    rows: tuple[Row, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema: an object with members, or the values that it allows."""

    name: str
    kind: tuple[Words, ...]
    limits: tuple[str, ...]
    description: str
    members: tuple[Member, ...]
    examples: tuple[str, ...]
    rows: tuple[Row, ...]
    """Those of the schema itself; those of a member stand with the member."""


def schema_of(contract: Contract, name: str) -> Schema:
    """Return a component in words."""
    pointer = f"{COMPONENTS}schemas/{name}".removeprefix("#")
    node = contract.at(pointer)
    members = tuple(_members(contract, node, pointer))
    beside = {row.id for member in members for row in member.rows}
    return Schema(
        name=name,
        kind=tuple(kind_of(node)),
        limits=tuple(limits_of(node)),
        description=node.get("description", ""),
        members=members,
        examples=tuple(as_json(example) for example in node.get("examples", [])),
        rows=tuple(row for row in contract.rows_below(pointer) if row.id not in beside),
    )


def member_of(contract: Contract, name: str, node: Node, pointer: str, *, required: bool) -> Member:
    """Return a member in words; `pointer` is where it stands."""
    whole = contract.resolve(node)
    return Member(
        name=name,
        required=required,
        kind=tuple(kind_of(node)),
        limits=tuple(limits_of(whole, named=name_of(node) is not None)),
        description=whole.get("description", ""),
        default=as_json(whole["default"]) if "default" in whole else None,
        error_code=whole.get("x-error-code"),
        rows=tuple(contract.rows_below(pointer)),
        examples=tuple(as_json(example) for example in whole.get("examples", [])),
    )


def kind_of(node: Node) -> Iterator[Words]:
    """Yield what a value is, the names of components among the words."""
    if name := name_of(node):
        yield Words(name, name)
    elif "const" in node:
        yield Words(as_json(node["const"]))
    elif "allOf" in node:
        yield from _joined(node["allOf"], " with ")
    elif parts := node.get("oneOf") or node.get("anyOf"):
        yield from _joined(parts, " or ")
    else:
        kinds = node.get("type", "any value")
        yield Words(" or ".join(kinds) if isinstance(kinds, list) else kinds)
        if "items" in node:
            yield Words(" of ")
            yield from kind_of(node["items"])


def limits_of(node: Node, *, named: bool = False) -> Iterator[str]:
    """Yield what narrows a value, as Markdown; the pattern of a schema that is named stands where that is described."""
    if enum := node.get("enum"):
        plain = all(isinstance(value, str) for value in enum)
        yield "one of " + ", ".join(f"`{value if plain else as_json(value)}`" for value in enum)
    for noun, (least, most) in RANGES.items():
        if text := _range(node.get(least), node.get(most)):
            plural = "" if not noun or text.split()[-1] == "1" else "s"
            yield f"{text} {noun}{plural}".strip()
    if "format" in node:
        yield f"format `{node['format']}`"
    if "pattern" in node and not named:
        yield f"pattern `{node['pattern']}`"


def as_json(value: object, *, indent: int | None = None) -> str:
    """Return a value as it stands in JSON."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _range(least: int | None, most: int | None) -> str:
    if least is None:
        return "" if most is None else f"at most {most}"
    if most is None:
        return f"at least {least}"
    return f"{least}" if least == most else f"{least} to {most}"


def _joined(parts: list[Node], word: str) -> Iterator[Words]:
    for index, part in enumerate(parts):
        if index:
            yield Words(word)
        yield from kind_of(part)


def _members(contract: Contract, node: Node, pointer: str) -> Iterator[Member]:
    """Yield the members of an object, those of the objects that it is made of first."""
    for index, part in enumerate(node.get("allOf", [])):
        inner = part["$ref"].removeprefix("#") if "$ref" in part else f"{pointer}/allOf/{index}"
        yield from _members(contract, contract.resolve(part), inner)
    required = node.get("required", [])
    for name, value in node.get("properties", {}).items():
        place = f"{pointer}/properties/{name}"
        yield member_of(contract, name, value, place, required=name in required)
