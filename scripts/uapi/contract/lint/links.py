"""Links lead from a response to an operation that exists, with parameters that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.contract.lint.api import operations, parameters
from uapi.contract.lint.rule import Context, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.contract.grammar import Item


@rule("link-operation", hint="Name the operationId of an operation.")
def link_operation(context: Context) -> Iterator[Problem]:
    """Demand that the operation of a link exists."""
    for item in _links(context):
        name = item.value.get("operationId")
        if name is None and "operationRef" not in item.value:
            yield Problem(item.tokens, "the link names no operation")
        elif name is not None and str(name) not in operations(context.bundle):
            yield Problem((*item.tokens, "operationId"), f"there is no operation {name}")


@rule("link-parameters", hint="Name parameters of the operation, as path.userId or userId.")
def link_parameters(context: Context) -> Iterator[Problem]:
    """Demand that the parameters of a link are those of its operation."""
    for item in _links(context):
        operation = operations(context.bundle).get(str(item.value.get("operationId")))
        given = item.value.get("parameters")
        if operation is None or not isinstance(given, dict):
            continue
        named = [parameter.value for parameter in parameters(context.bundle, operation)]
        known = {str(value.get("name")) for value in named}
        known |= {f"{value.get('in')}.{value.get('name')}" for value in named}
        for name in given:
            if name not in known:
                message = f"the operation {operation.value['operationId']} has no parameter {name}"
                yield Problem((*item.tokens, "parameters", name), message)


def _links(context: Context) -> Iterator[Item]:
    return (item for item in context.bundle.items if item.kind == "link" and item.reference is None)
