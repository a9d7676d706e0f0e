"""A contract that has one of everything, and a way to change one thing of it."""

from __future__ import annotations

import copy
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from uapi.contract.bundle import Bundle
from uapi.contract.diff import read
from uapi.contract.diff.compare import compare
from uapi.contract.location import to_tokens
from uapi.contract.source import SourceFile

if TYPE_CHECKING:
    from uapi.contract.diff.model import Contract, Diff

GONE: Final = object()
"""In an edit: the value is removed."""
PATH: Final = "/paths/~1calls~1{id}"
SCHEMAS: Final = "/components/schemas"
CALL: Final = f"{SCHEMAS}/Call/properties"
START: Final = f"{SCHEMAS}/Start/properties"
BODY: Final = f"{PATH}/put/requestBody"
ANSWER: Final = f"{PATH}/get/responses/200"

Edit: TypeAlias = tuple[str, object]


def _row(name: str, level: str) -> dict[str, str]:
    return {"id": name, "level": level, "text": f"The text of {name}.", "source": "A page", "evidence": "documented"}


def _media(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


BASE: Final[dict[str, Any]] = {
    "openapi": "3.1.1",
    "info": {"title": "Calls", "version": "1.4.2", "description": "About calls."},
    "servers": [
        {"url": "https://{host}/a", "variables": {"host": {"default": "x.test", "enum": ["x.test", "y.test"]}}},
        {"url": "https://b.test"},
    ],
    "security": [{"token": []}, {"oauth": ["read"]}],
    "tags": [{"name": "Calls", "description": "Calls."}],
    "paths": {
        "/calls/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"$ref": "#/components/schemas/Id"}}
            ],
            "get": {
                "operationId": "getCall",
                "tags": ["Calls"],
                "summary": "Get a call",
                "parameters": [
                    {"name": "fields", "in": "query", "schema": {"type": "string"}, "x-error-code": "bad_fields"},
                    {"name": "view", "in": "query", "required": True, "schema": {"type": "string"}},
                ],
                "responses": {
                    "200": {
                        "description": "The call.",
                        "headers": {
                            "X-Rate": {"schema": {"type": "integer"}},
                            "X-Id": {"required": True, "schema": {"type": "string"}},
                        },
                        "content": _media("Call"),
                        "x-requirements": [_row("GET-001", "MUST"), _row("GET-002", "MAY")],
                    },
                    "204": {"description": "It is over."},
                    "404": {"description": "No such call."},
                },
            },
            "put": {
                "operationId": "updateCall",
                "requestBody": {"required": True, "content": _media("Action"), "x-error-code": "bad_body"},
                "responses": {"200": {"description": "The call.", "content": _media("Call")}},
            },
            "delete": {
                "operationId": "endCall",
                "requestBody": {"content": _media("Shared")},
                "responses": {"200": {"description": "What ended.", "content": _media("Shared")}},
            },
        }
    },
    "components": {
        "schemas": {
            "Id": {"type": "string", "minLength": 1, "maxLength": 32, "pattern": "^[a-z]+$"},
            "Call": {
                "type": "object",
                "description": "A call.",
                "required": ["id"],
                "properties": {
                    "id": {"$ref": "#/components/schemas/Id"},
                    "state": {"type": "string", "enum": ["ringing", "talking"]},
                    "seconds": {"type": "integer", "minimum": 0, "maximum": 100},
                    "party": {"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/Party"}]},
                    "parent": {"$ref": "#/components/schemas/Call"},
                    "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1},
                    "note": {"type": ["string", "null"]},
                    "begun": {"type": "string", "format": "date-time"},
                },
            },
            "Party": {"type": "object", "properties": {"name": {"type": "string"}}, "additionalProperties": False},
            "Action": {
                "oneOf": [{"$ref": "#/components/schemas/Start"}, {"$ref": "#/components/schemas/Stop"}],
                "discriminator": {
                    "propertyName": "action",
                    "mapping": {"Start": "#/components/schemas/Start", "Stop": "#/components/schemas/Stop"},
                },
            },
            "Start": {
                "type": "object",
                "required": ["action"],
                "properties": {
                    "action": {"const": "Start"},
                    "format": {"type": "string", "enum": ["wav", "wav49"], "default": "wav", "x-error-code": "bad"},
                    "at": {"type": "string", "description": "When."},
                    "loud": {"type": "integer", "minimum": 0, "maximum": 9, "multipleOf": 3},
                },
            },
            "Stop": {
                "type": "object",
                "required": ["action", "view"],
                "properties": {"action": {"const": "Stop"}, "view": {"$ref": "#/components/schemas/Id"}},
                "x-requirements": [_row("ACT-001", "SHOULD")],
            },
            "Shared": {"type": "object", "properties": {"name": {"type": "string"}}},
        },
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "oauth": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "https://x.test/t", "scopes": {"read": "", "write": ""}}},
            },
        },
    },
}


def edited(*edits: Edit, base: dict[str, Any] = BASE) -> dict[str, Any]:
    """Return a copy of the contract; a pointer that ends with `/-` appends to a list."""
    document = copy.deepcopy(base)
    for pointer, value in edits:
        *way, last = to_tokens(pointer)
        target: Any = document
        for token in way:
            target = target[int(token) if isinstance(target, list) else token]
        if last == "-":
            target.append(value)
        elif value is GONE:
            del target[int(last) if isinstance(target, list) else last]
        else:
            target[int(last) if isinstance(target, list) else last] = value
    return document


def contract(document: dict[str, Any], name: str = "contract.yaml") -> Contract:
    """Return a document as if it was read from a file, of which all stands on line 1."""
    path = PurePosixPath(name)
    return read.checked(name, Bundle(document, {(): SourceFile(path, document, {(): 1})}, (), ()))


def difference(old: dict[str, Any], new: dict[str, Any]) -> Diff:
    """Return the comparison of two documents."""
    return compare(contract(old, "old.yaml"), contract(new, "new.yaml"))
