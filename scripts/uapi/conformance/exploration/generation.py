"""The requests that schemathesis makes of the contract: at random, and by enumerating boundaries."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import schemathesis
from schemathesis import GenerationMode

from uapi.conformance.bundle import METHODS
from uapi.conformance.exploration.explored import explored
from uapi.conformance.place import UNKNOWN_METHOD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypothesis.strategies import SearchStrategy

MODES: Final = {"positive": GenerationMode.POSITIVE, "negative": GenerationMode.NEGATIVE}
HARMLESS: Final = frozenset({UNKNOWN_METHOD})
"""The methods outside of the explored operations that may be sent. DELETE and POST would hang up and place calls on a
real server; OPTIONS, HEAD and TRACE are often answered by a server in front of the API, with what is no JSON."""


@cache
def _schema() -> Any:  # noqa: ANN401 - schemathesis is typed, but not where its schemas are of OpenAPI
    """Return what is explored, without its security: credentials are the kit's own, and never generated."""
    document = {**explored(), "components": {**explored()["components"], "securitySchemes": {}}}
    document.pop("security", None)
    document["paths"] = {
        path: {name: _open(value) if name in METHODS else value for name, value in item.items()}
        for path, item in explored()["paths"].items()
    }
    schema = schemathesis.openapi.from_dict(document)
    schema.config.phases.coverage.unexpected_methods = set(HARMLESS)
    return schema


def _open(operation: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in operation.items() if name != "security"}


@cache
def _operation(operation: str) -> Any:  # noqa: ANN401 - the same
    for found in _schema().get_all_operations():
        if (offered := found.ok()).definition.raw["operationId"] == operation:
            return offered
    raise KeyError(operation)


def random_cases(operation: str, mode: str) -> SearchStrategy[Any]:
    """Return a strategy of cases that the contract allows (`positive`) or refuses (`negative`)."""
    strategy: SearchStrategy[Any] = _operation(operation).as_strategy(generation_mode=MODES[mode])
    return strategy


def enumerated_cases(operation: str) -> Iterator[Any]:
    """Yield the cases of the coverage phase: every boundary, and one violation of every keyword.

    A method of the schema yields them that has no underscore and no documentation: schemathesis documents the phase
    for its own runner and for its pytest decorator only, and neither lets the requests be grounded.
    """
    offered = _operation(operation)
    # Which methods were tried is remembered by the schema, across the runs of a process.
    offered.schema.coverage_unexpected_methods_seen.clear()
    generation = offered.schema.config.generation_for(operation=offered, phase="coverage")
    yield from offered.schema.iter_coverage_cases(
        operation=offered, generation_modes=list(MODES.values()), generation_config=generation
    )
