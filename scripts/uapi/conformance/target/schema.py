"""The JSON Schema of a target file, for editors and for those who write such files with programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.target.model import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
SUBSTITUTED: Final = {"type": "string", "pattern": r"\$\{[A-Za-z_][A-Za-z0-9_]*\}"}
"""A value, also a number or true and false, can come from an environment variable."""
ONE_KIND: Final = {"oneOf": [{"required": [name]} for name in ("token", "token_command", "oauth")]}
TOGETHER: Final[dict[str, dict[str, Any]]] = {
    "Account": ONE_KIND,
    "User": ONE_KIND,
    "Expired": {"oneOf": ONE_KIND["oneOf"][:2]},
    "Tls": {"dependentRequired": {"client_key": ["client_certificate"]}},
    "PhoneCall": {
        "if": {"required": ["source"], "properties": {"source": {"enum": ["discover", "command"]}}},
        "then": {"if": {"properties": {"source": {"const": "command"}}}, "then": {"required": ["place"]}},
        "else": {"required": ["id", "view_id"]},
    },
}
"""What the models check of several settings together."""


def target_schema() -> dict[str, Any]:
    """Return the JSON Schema of a whole target file: one that leaves nothing to the environment and to options."""
    schema = Target.model_json_schema()
    definitions: dict[str, Any] = schema.pop("$defs")
    for name, definition in {**definitions, "": schema}.items():
        definition["properties"] = {key: _setting(value) for key, value in definition["properties"].items()}
        definition.update(TOGETHER.get(name, {}))
        definition.pop("title", None)
    definitions["PhoneCall"]["properties"]["source"]["enum"] = ["given", "discover", "command"]
    return {"$schema": DIALECT, "title": "Target of uapi conformance", **schema, "$defs": definitions}


def _setting(field: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of one setting: without null, which TOML has not, and with `${NAME}` for a value."""
    about = {key: field[key] for key in ("description", "default") if field.get(key) is not None}
    kinds = list(_kinds(field))
    if any("$ref" in kind for kind in kinds) or any(kind.get("type") == "object" for kind in kinds):
        return {**about, **kinds[0]}
    if all(kind == {"type": "string"} for kind in kinds):
        return {**about, "type": "string"}
    if any("enum" in kind for kind in kinds):
        return {**about, **kinds[0]}
    return {**about, "anyOf": [*kinds, dict(SUBSTITUTED)]}


def _kinds(field: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for kind in field.get("anyOf", [field]):
        if kind.get("type") == "null":
            continue
        found = {key: value for key, value in kind.items() if key not in {"title", "description", "default"}}
        if "anyOf" in found:
            yield from _kinds(found)
        else:
            yield found
