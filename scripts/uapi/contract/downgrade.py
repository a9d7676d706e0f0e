"""Say the contract in OpenAPI 3.0, for tools that stop there.

What 3.0 says in other words is said so, and means the same: `const`, arrays of types, numeric exclusive bounds,
keywords beside a `$ref`, `$defs`. What it cannot say at all stays, under its name with `x-` before it, so that nothing
is lost to a reader; a validator of 3.0 takes no notice of it.
"""

from __future__ import annotations

import copy
from typing import Any, Final

from uapi.contract import grammar
from uapi.contract.location import to_pointer

VERSION: Final = "3.0.3"
"""Not 3.0.4, which says the same, and which some tools that stop at 3.0 do not know."""
SPDX: Final = "https://spdx.org/licenses/{}.html"
MOVED: Final = {
    "document": ("webhooks", "jsonSchemaDialect"),
    "components": ("pathItems",),
    "info": ("summary",),
}
"""By kind of object, what 3.0 has no word for."""
NUMERIC: Final = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
ONE_TYPE: Final = {
    "integer": NUMERIC,
    "number": NUMERIC,
    "string": frozenset({"minLength", "maxLength", "pattern"}),
    "array": frozenset({"items", "minItems", "maxItems", "uniqueItems"}),
    "object": frozenset({"properties", "additionalProperties", "required", "minProperties", "maxProperties"}),
    "boolean": frozenset[str](),
}
"""By type, the keywords that concern values of the type alone."""
NUMBER_FORMATS: Final = frozenset({"int32", "int64", "float", "double"})
KEYWORDS: Final = frozenset[str]().union(
    *ONE_TYPE.values(),
    ("$ref", "title", "description", "type", "format", "enum", "default", "example", "nullable", "deprecated"),
    ("allOf", "anyOf", "oneOf", "not", "discriminator", "externalDocs", "readOnly", "writeOnly", "xml"),
)
"""What the Schema Object of 3.0 knows."""


def downgrade(document: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI 3.1 document in OpenAPI 3.0; the document itself stays as it is."""
    result = copy.deepcopy(document)
    result["openapi"] = VERSION
    _lift_definitions(result)
    for item in list(grammar.walk(result)):
        value: dict[str, Any] = item.value
        if item.kind == "schema":
            _convert(value)
        elif item.kind == "license" and "identifier" in value:
            value.setdefault("url", SPDX.format(value["identifier"]))
            _keep(value, ("identifier",))
        else:
            _keep(value, MOVED.get(item.kind, ()))
    return result


def _lift_definitions(document: dict[str, Any]) -> None:
    """Make components of the `$defs` of the schemas, and lead the references to them there."""
    items = list(grammar.walk(document))
    lifted: dict[str, str] = {}
    for item in items:
        for name, schema in item.value.pop("$defs", {}).items() if item.kind == "schema" else ():  # type: ignore[attr-defined] # the meta-schema says that it is a map
            component = "_".join((*item.tokens[2:], name))
            lifted["#" + to_pointer((*item.tokens, "$defs", name))] = f"#/components/schemas/{component}"
            document["components"]["schemas"][component] = schema
    for item in items:
        if item.reference in lifted:
            item.value["$ref"] = lifted[item.reference]


def _convert(schema: dict[str, Any]) -> None:
    """Turn a schema into one of 3.0; the schemas in it are turned by themselves."""
    if "const" in schema:
        _replace(schema, "const", {"enum": [schema["const"]]})
    examples = schema.get("examples")
    if isinstance(examples, list):
        more = {"x-examples": examples} if len(examples) != 1 else {}
        _replace(schema, "examples", {"example": examples[0], **more} if examples else more)
    for bound, exclusive, stricter in (
        ("minimum", "exclusiveMinimum", max),
        ("maximum", "exclusiveMaximum", min),
    ):
        limit = schema.get(exclusive)
        if limit is not None:
            schema[bound] = stricter(limit, schema.get(bound, limit))
            schema[exclusive] = schema[bound] == limit
    _keep(schema, tuple(key for key in schema if key not in KEYWORDS and not key.startswith("x-")))
    if isinstance(schema.get("type"), list):
        _split_types(schema)
    elif schema.get("type") == "null":
        schema.update(_of_type({"enum": [None]}, "string", nullable=True))
    elif schema.get("type") == "array":
        schema.setdefault("items", {})
    if "$ref" in schema and len(schema) > 1:
        own = schema.pop("allOf", [])
        _replace(schema, "$ref", {"allOf": [{"$ref": schema["$ref"]}, *own]})


def _split_types(schema: dict[str, Any]) -> None:
    """Turn an array of types into one type, or into a choice of schemas that have one type each."""
    nullable = "null" in schema["type"]
    types = [name for name in schema["type"] if name != "null"]
    choice = [_of_type(schema, name, nullable=nullable) for name in types or ["string"]]
    choice = [branch for branch in choice if branch.get("enum") != []] or choice[:1]
    if len(types) == 1:
        _replace(schema, "type", {key: choice[0][key] for key in ("type", "nullable") if key in choice[0]})
        return
    moved = {key for branch in choice for key in branch}
    added = {"anyOf": choice}
    if "anyOf" in schema:
        added = {"allOf": [*schema.pop("allOf", []), added]}
    _replace(schema, "type", added)
    for key in moved & schema.keys():
        del schema[key]


def _of_type(schema: dict[str, Any], name: str, *, nullable: bool) -> dict[str, Any]:
    """Return what a schema says of the values of one type, and of null."""
    branch: dict[str, Any] = {"type": name} | ({"nullable": True} if nullable else {})
    branch |= {key: value for key, value in schema.items() if key in ONE_TYPE[name]}
    if (schema.get("format") in NUMBER_FORMATS) == (name in {"integer", "number"}) and "format" in schema:
        branch["format"] = schema["format"]
    if "enum" in schema:
        branch["enum"] = [value for value in schema["enum"] if _is_a(value, name) or (nullable and value is None)]
    if name == "array":
        branch.setdefault("items", {})
    return branch


def _is_a(value: object, name: str) -> bool:
    """Tell whether a value has a type, in the sense of JSON Schema."""
    match name:
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return (isinstance(value, int) and not isinstance(value, bool)) or (
                isinstance(value, float) and value.is_integer()
            )
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, {"string": str, "array": list, "object": dict}[name])


def _keep(value: dict[str, Any], keys: tuple[str, ...]) -> None:
    """Put `x-` before some of the keys."""
    for key in keys:
        if key in value:
            _replace(value, key, {f"x-{key}": value[key]})


def _replace(value: dict[str, Any], key: str, new: dict[str, Any]) -> None:
    """Put other members in the place of one, so that the order of the document stays."""
    pairs = list(value.items())
    value.clear()
    for name, member in pairs:
        value.update(new if name == key else {name: member})
