"""The inputs of what is explored: what a value of each may be, and what an invalid one is answered with.

The error codes are those of `x-error-code` in the bundle (D-45). Which requirement an invalid value violates depends
on what is wrong with it, which no pointer tells: `REQUIREMENTS` says it, and a test holds it against the register.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from uapi.conformance.exploration.explored import BODY, explored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEYWORD: Final = "x-error-code"
Key = tuple[str, str]
"""Where an input stands (`path`, `query`, or the action whose body it is of), and its name."""


class Fault(StrEnum):
    """What is wrong with an invalid value."""

    MISSING = "missing"
    TYPE = "of another type"
    EMPTY = "empty"
    MALFORMED = "malformed"
    UNKNOWN = "well-formed, and names nothing"


def _any(requirement: str, *faults: Fault) -> Mapping[Fault, str]:
    return dict.fromkeys(faults, requirement)


REQUIREMENTS: Final[Mapping[Key, Mapping[Fault, str]]] = {
    ("path", "userId"): _any("ADDR-010", Fault.MALFORMED, Fault.UNKNOWN),
    ("path", "extension"): _any("ADDR-011", Fault.MALFORMED, Fault.UNKNOWN),
    ("path", "phoneCallId"): {Fault.MALFORMED: "ADDR-013", Fault.UNKNOWN: "ADDR-012"},
    ("query", "count"): _any("CALL-031", Fault.MALFORMED),
    ("query", "startIndex"): _any("CALL-033", Fault.MALFORMED),
    ("query", "filterBy"): _any("CALL-035", Fault.MALFORMED),
    ("query", "filterOp"): _any("CALL-036", Fault.MALFORMED),
    ("query", "filterValue"): _any("CALL-037", Fault.MALFORMED),
    ("query", "fields"): _any("CALL-039", Fault.MALFORMED),
    ("query", "sortOrder"): _any("CALL-041", Fault.MALFORMED),
    ("StartRecording", "format"): {
        **_any("REC-013", Fault.MALFORMED, Fault.EMPTY),
        Fault.TYPE: "REC-014",
    },
    ("StartRecording", "phoneCallViewId"): {
        Fault.MISSING: "REC-015",
        **_any("REC-016", Fault.MALFORMED, Fault.UNKNOWN),
        **_any("REC-017", Fault.TYPE, Fault.EMPTY),
    },
    ("StopRecording", "phoneCallViewId"): _any("REC-035", *Fault),
}


@dataclass(frozen=True, slots=True)
class Input:
    """A parameter of the path or of the query, or a member of a body."""

    key: Key
    pointer: str
    code: str | None
    """The `error.code` of an invalid value, None where none is documented."""
    validator: jsonschema_rs.Draft202012Validator

    def allows(self, value: object) -> bool:
        """Tell whether the schema allows a value."""
        return self.validator.is_valid(value)


@cache
def inputs() -> Mapping[Key, Input]:
    """Return every input by where it stands and its name."""
    return {found.key: found for found in _inputs()}


@cache
def coded() -> Mapping[str, str]:
    """Return every `x-error-code` of what is explored, by the JSON pointer of the object that it stands on."""
    return dict(_coded(explored(), ""))


def _coded(node: object, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        if isinstance(node.get(KEYWORD), str):
            yield pointer, node[KEYWORD]
        for name, value in node.items():
            yield from _coded(value, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _coded(value, f"{pointer}/{index}")


def _inputs() -> Iterator[Input]:
    components = explored()["components"]
    for name, parameter in components["parameters"].items():
        key = (str(parameter["in"]), str(parameter["name"]))
        yield _input(key, f"/components/parameters/{name}", parameter, parameter["schema"])
    for action in components["schemas"][BODY]["discriminator"]["mapping"]:
        for name, member in components["schemas"][action]["properties"].items():
            yield _input((action, name), f"/components/schemas/{action}/properties/{name}", member, member)


def _input(key: Key, pointer: str, stands_on: Mapping[str, Any], schema: Mapping[str, Any]) -> Input:
    document = {"allOf": [schema], "components": explored()["components"]}
    validator = jsonschema_rs.Draft202012Validator(document, validate_formats=True)
    return Input(key, pointer, stands_on.get(KEYWORD), validator)
