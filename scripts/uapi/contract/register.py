"""Gather the requirements of the contract: the rows of every `x-requirements`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from uapi.contract.errors import RegisterError
from uapi.contract.grammar import METHODS
from uapi.contract.location import to_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.contract.bundle import Bundle
    from uapi.contract.location import Location, Tokens

KEYWORD: Final = "x-requirements"
DEFAULT_PROFILE: Final = "recording"
LEVELS: Final = {
    "documented": ("MUST", "SHOULD", "MAY"),
    "documented-elsewhere": ("MUST", "SHOULD", "MAY"),
    "standard": ("MUST", "SHOULD", "MAY"),
    "observed": ("SHOULD", "MAY"),
    "inferred": ("MAY",),
}
"""The levels that each kind of evidence can carry."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is written, whether it is well-formed or not."""

    data: Any
    owner: Tokens
    at: Location
    operations: tuple[str, ...]

    @property
    def id(self) -> str | None:
        """The id, if there is one."""
        name = self.data.get("id") if isinstance(self.data, dict) else None
        return name if isinstance(name, str) else None


def schema_text(name: str = "requirements") -> str:
    """Return the JSON Schema of the register, or of another document that the room writes."""
    return (files("uapi.contract") / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")


def rows(bundle: Bundle) -> Iterator[Row]:
    """Yield the rows of the contract, in the order of the document."""
    for item in bundle.items:
        written = item.value.get(KEYWORD)
        if written is None:
            continue
        tokens = (*item.tokens, KEYWORD)
        for index, data in enumerate(written if isinstance(written, list) else [written]):
            at = bundle.locate((*tokens, str(index)))
            yield Row(data, item.tokens, at, _operations(bundle, item.tokens))


def problems(row: Row) -> Iterator[str]:
    """Yield what is wrong with the form of a row."""
    for error in _validator().iter_errors(row.data):
        place = ".".join(str(step) for step in error.instance_path)
        yield f"{place}: {error.message}" if place else error.message


def level_problem(row: Row) -> str | None:
    """Return what is wrong with the level of a row, given its evidence."""
    if not isinstance(row.data, dict):
        return None
    level, evidence = row.data.get("level"), row.data.get("evidence")
    allowed = LEVELS.get(str(evidence))
    if allowed is None or level in allowed or level not in LEVELS["documented"]:
        return None
    return f"{row.id} is a {level}, but what is {evidence} can be {' or '.join(allowed)} only"


def register(bundle: Bundle) -> dict[str, Any]:
    """Return the register; refuse rows that are malformed, and an id that is given twice."""
    registered: dict[str, dict[str, Any]] = {}
    for row in rows(bundle):
        problem = next(problems(row), None) or level_problem(row)
        if problem:
            raise RegisterError(f"the requirement is malformed: {problem}", where=str(row.at), hint="Mend the row.")
        name = row.data["id"]
        if name in registered:
            first = registered[name]
            message = f"the requirement {name} is there already, at {first['file']}:{first['line']}"
            raise RegisterError(message, where=str(row.at), hint="Give it an id that was never used.")
        registered[name] = _registered(row)
    info = bundle.document["info"]
    return {
        "$schema": "requirements.schema.json",
        "title": info["title"],
        "contract_version": info["version"],
        "requirements": [registered[name] for name in sorted(registered)],
    }


def _registered(row: Row) -> dict[str, Any]:
    order = ("id", "level", "text", "source", "evidence", "decision", "profile", "feature", "excluded")
    data = {"profile": DEFAULT_PROFILE, **row.data}
    return {
        **{key: data[key] for key in order if key in data},
        "pointer": to_pointer(row.owner),
        "operations": list(row.operations),
        "file": str(row.at.file),
        "line": row.at.line,
    }


def _operations(bundle: Bundle, tokens: Tokens) -> tuple[str, ...]:
    """Return the ids of the operations under which something stands."""
    if tokens[:1] != ("paths",):
        return ()
    within = tokens[:3] if tokens[2:3] and tokens[2] in METHODS else tokens[:2]
    named = (item.value.get("operationId") for item in bundle.operations if item.tokens[: len(within)] == within)
    return tuple(name for name in named if isinstance(name, str))


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    schema = json.loads(schema_text())
    return jsonschema_rs.Draft202012Validator(
        {"$schema": schema["$schema"], "$ref": "#/$defs/written", "$defs": schema["$defs"]}
    )
