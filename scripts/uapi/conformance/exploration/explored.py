"""The part of the contract that requests are generated for: reading, and the recording of a phone call.

The other operations place phone calls and hang them up, and the other actions change whom somebody talks to. On a real
server that must not happen at random: their requirements have checks, which know what they do and take it back.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.bundle import METHODS, contract
from uapi.conformance.exploration.request import GET, LIST, UPDATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OPERATIONS: Final[Mapping[str, str | None]] = {UPDATE: None, GET: "get", LIST: "list"}
"""The operations to explore, each with the feature that offers it."""
ACTIONS: Final = ("StartRecording", "StopRecording")
"""The actions that an update is generated with."""
BODY: Final = "PhoneCallAction"
"""The name of the body of an update, and of its schema."""


@cache
def explored() -> Mapping[str, Any]:
    """Return the bundle as if the service had nothing but the explored operations and actions."""
    document = deepcopy(dict(contract()))
    document["paths"] = dict(_paths(document["paths"]))
    components = document["components"]
    used = {reference.rpartition("/")[2] for reference in _parameters(document["paths"])}
    components["parameters"] = {name: value for name, value in components["parameters"].items() if name in used}
    _narrow(components)
    return document


def _paths(paths: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for path, item in paths.items():
        left_out = [name for name in METHODS if name in item and item[name]["operationId"] not in OPERATIONS]
        kept = {name: value for name, value in item.items() if name not in left_out}
        if any(name in METHODS for name in kept):
            yield path, kept


def _parameters(paths: Mapping[str, Any]) -> Iterator[str]:
    """Yield the references to parameters in paths and their operations."""
    for item in paths.values():
        for holder in (item, *(item[name] for name in METHODS if name in item)):
            yield from (parameter["$ref"] for parameter in holder.get("parameters", ()))


def _narrow(components: dict[str, Any]) -> None:
    """Leave no action in the body of an update, in its schemas and in its examples, but the explored ones."""
    schemas = components["schemas"]
    mapping = schemas[BODY]["discriminator"]["mapping"]
    for name in mapping.keys() - set(ACTIONS):
        del schemas[name]
    schemas[BODY]["discriminator"]["mapping"] = {name: mapping[name] for name in ACTIONS}
    schemas[BODY]["oneOf"] = [{"$ref": mapping[name]} for name in ACTIONS]
    for media_type in components["requestBodies"][BODY]["content"].values():
        media_type["examples"] = {
            name: example
            for name, example in media_type["examples"].items()
            if components["examples"][example["$ref"].rpartition("/")[2]]["value"]["action"] in ACTIONS
        }
