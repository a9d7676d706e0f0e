"""What the documentation prints is described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.contract.grammar import IN_PLACE
from uapi.contract.lint.rule import Context, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.contract.grammar import Item

DESCRIBED: Final = frozenset({"schema", "parameter", "header", "requestBody", "response", "securityScheme", "link"})


@rule("description-present", hint="Say in a sentence of our own what it means.")
def description_present(context: Context) -> Iterator[Problem]:
    """Demand a description of each schema, property, parameter, response and the like, where it is not a reference."""
    for item in context.bundle.items:
        if item.kind not in DESCRIBED or item.reference is not None or _is_assertion(item):
            continue
        text = item.value.get("description")
        if not isinstance(text, str) or not text.strip():
            yield Problem(item.tokens, f"the {_kind(item)} {item.tokens[-1]} has no description")


def _is_assertion(item: Item) -> bool:
    """Tell whether a schema is a branch of another one, which speaks for it."""
    return item.kind == "schema" and (item.tokens[-1] in IN_PLACE or item.tokens[-2] in IN_PLACE)


def _kind(item: Item) -> str:
    return "property" if item.kind == "schema" and item.tokens[-2] == "properties" else item.kind
