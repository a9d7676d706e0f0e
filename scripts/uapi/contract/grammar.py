"""What stands where in an OpenAPI 3.1 document, so that a walk knows a schema from a property that is named like one.

Only what the table names is visited: example values, defaults, `const`, `enum` and extensions are data, whatever they
look like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.contract.location import Tokens

Kind: TypeAlias = Literal[
    "callback",
    "components",
    "contact",
    "discriminator",
    "document",
    "encoding",
    "example",
    "externalDocs",
    "flow",
    "flows",
    "header",
    "info",
    "license",
    "link",
    "media",
    "operation",
    "parameter",
    "pathItem",
    "requestBody",
    "response",
    "responses",
    "schema",
    "securityScheme",
    "server",
    "serverVariable",
    "tag",
    "xml",
]
Shape: TypeAlias = Literal["one", "list", "map"]

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
COMPONENTS: Final[dict[str, Kind]] = {
    "schemas": "schema",
    "responses": "response",
    "parameters": "parameter",
    "examples": "example",
    "requestBodies": "requestBody",
    "headers": "header",
    "securitySchemes": "securityScheme",
    "links": "link",
    "callbacks": "callback",
    "pathItems": "pathItem",
}
"""The sections of `components`, which are the folders of `openapi/components` too."""

IN_PLACE: Final = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else"})
"""The keywords whose schemas apply to the same value as the schema they stand in."""

ANY: Final = "*"
"""In the table: every key that the object does not name otherwise, except extensions."""

ONE_OPERATION: Final[tuple[Shape, Kind]] = ("one", "operation")

GRAMMAR: Final[dict[Kind, dict[str, tuple[Shape, Kind]]]] = {
    "document": {
        "info": ("one", "info"),
        "servers": ("list", "server"),
        "paths": ("map", "pathItem"),
        "webhooks": ("map", "pathItem"),
        "components": ("one", "components"),
        "tags": ("list", "tag"),
        "externalDocs": ("one", "externalDocs"),
    },
    "info": {"contact": ("one", "contact"), "license": ("one", "license")},
    "contact": {},
    "license": {},
    "server": {"variables": ("map", "serverVariable")},
    "serverVariable": {},
    "components": {section: ("map", kind) for section, kind in COMPONENTS.items()},
    "pathItem": {
        **dict.fromkeys(METHODS, ONE_OPERATION),
        "servers": ("list", "server"),
        "parameters": ("list", "parameter"),
    },
    "operation": {
        "externalDocs": ("one", "externalDocs"),
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "requestBody"),
        "responses": ("one", "responses"),
        "callbacks": ("map", "callback"),
        "servers": ("list", "server"),
    },
    "externalDocs": {},
    "parameter": {"schema": ("one", "schema"), "content": ("map", "media"), "examples": ("map", "example")},
    "requestBody": {"content": ("map", "media")},
    "media": {"schema": ("one", "schema"), "examples": ("map", "example"), "encoding": ("map", "encoding")},
    "encoding": {"headers": ("map", "header")},
    "responses": {ANY: ("one", "response")},
    "response": {"headers": ("map", "header"), "content": ("map", "media"), "links": ("map", "link")},
    "callback": {ANY: ("one", "pathItem")},
    "example": {},
    "link": {"server": ("one", "server")},
    "header": {"schema": ("one", "schema"), "content": ("map", "media"), "examples": ("map", "example")},
    "tag": {"externalDocs": ("one", "externalDocs")},
    "securityScheme": {"flows": ("one", "flows")},
    "flows": {ANY: ("one", "flow")},
    "flow": {},
    "schema": {
        "$defs": ("map", "schema"),
        "additionalProperties": ("one", "schema"),
        "allOf": ("list", "schema"),
        "anyOf": ("list", "schema"),
        "contains": ("one", "schema"),
        "contentSchema": ("one", "schema"),
        "dependentSchemas": ("map", "schema"),
        "else": ("one", "schema"),
        "if": ("one", "schema"),
        "items": ("one", "schema"),
        "not": ("one", "schema"),
        "oneOf": ("list", "schema"),
        "patternProperties": ("map", "schema"),
        "prefixItems": ("list", "schema"),
        "properties": ("map", "schema"),
        "propertyNames": ("one", "schema"),
        "then": ("one", "schema"),
        "unevaluatedItems": ("one", "schema"),
        "unevaluatedProperties": ("one", "schema"),
        "discriminator": ("one", "discriminator"),
        "xml": ("one", "xml"),
        "externalDocs": ("one", "externalDocs"),
    },
    "discriminator": {},
    "xml": {},
}


@dataclass(frozen=True, slots=True)
class Item:
    """An object of the document: what it is, where it stands, and what it holds."""

    kind: Kind
    tokens: Tokens
    value: dict[str, object]

    @property
    def reference(self) -> str | None:
        """The `$ref` of the object, if it has one."""
        target = self.value.get("$ref")
        return target if isinstance(target, str) else None


def walk(value: object, kind: Kind = "document", tokens: Tokens = ()) -> Iterator[Item]:
    """Yield an object and every object in it, in the order they are written in; references are not followed."""
    if not isinstance(value, dict):
        return
    yield Item(kind, tokens, value)
    table = GRAMMAR[kind]
    for key, child in value.items():
        rule = table.get(key) or (None if key.startswith("x-") or key == "$ref" else table.get(ANY))
        if rule is None:
            continue
        shape, child_kind = rule
        here = (*tokens, key)
        if shape == "one":
            yield from walk(child, child_kind, here)
        elif shape == "list" and isinstance(child, list):
            for index, item in enumerate(child):
                yield from walk(item, child_kind, (*here, str(index)))
        elif shape == "map" and isinstance(child, dict):
            for name, item in child.items():
                yield from walk(item, child_kind, (*here, name))
