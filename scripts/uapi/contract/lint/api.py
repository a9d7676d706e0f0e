"""What several rules ask of the bundle: its operations, and what belongs to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.contract.grammar import Item, walk

if TYPE_CHECKING:
    from uapi.contract.bundle import Bundle


def operations(bundle: Bundle) -> dict[str, Item]:
    """Return the operations by their ids."""
    return {str(item.value["operationId"]): item for item in bundle.operations if "operationId" in item.value}


def parameters(bundle: Bundle, operation: Item) -> list[Item]:
    """Return the parameters of an operation, those of its path among them, with references followed."""
    path = operation.tokens[:-1]
    return [
        bundle.follow(item)
        for item in bundle.items
        if item.kind == "parameter" and item.tokens[:-1] in {(*path, "parameters"), (*operation.tokens, "parameters")}
    ]


def responses(bundle: Bundle, operation: Item) -> dict[str, Item]:
    """Return the responses of an operation by their status, with references followed."""
    found = walk(operation.value.get("responses"), "responses", (*operation.tokens, "responses"))
    return {
        item.tokens[-1]: bundle.follow(item)
        for item in found
        if item.kind == "response" and item.tokens[:-1] == (*operation.tokens, "responses")
    }
