"""Nothing is written that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.contract.lint.rule import Context, Problem, rule
from uapi.contract.location import Location, Tokens
from uapi.contract.project import DECISIONS, RELEASED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.contract.bundle import Bundle

COMPONENT = 3
"""The length of the tokens of a component: ("components", section, name)."""


@rule("file-used", hint="Delete it, or make it openapi/paths/….yaml or openapi/components/<kind>/<Name>.yaml.")
def file_used(context: Context) -> Iterator[Problem]:
    """Demand that every file is a part of the contract."""
    used = {mounted.path for mounted in context.bundle.mounts.values()} | {DECISIONS}
    for file in context.bundle.files:
        if file not in used and RELEASED not in file.parents:
            yield Problem(Location(file, 1), "the file is no part of the contract")


@rule("component-used", hint="Refer to it, or delete it.")
def component_used(context: Context) -> Iterator[Problem]:
    """Demand that every component is reached from a path."""
    reached = _reached(context.bundle)
    for section, named in context.bundle.document.get("components", {}).items():
        if not isinstance(named, dict) or section.startswith("x-"):
            continue
        for name in named:
            if ("components", section, name) not in reached:
                yield Problem(("components", section, name), f"no operation uses {section}/{name}")


def _reached(bundle: Bundle) -> set[Tokens]:
    """Return the components that the paths lead to, by references or by the names of security schemes."""
    steps: dict[Tokens, set[Tokens]] = {}
    for reference in bundle.references:
        steps.setdefault(_owner(reference.tokens), set()).add(_owner(reference.target))
    demanded = [bundle.document.get("security"), *(item.value.get("security") for item in bundle.operations)]
    schemes = {
        name
        for alternatives in demanded
        if isinstance(alternatives, list)
        for alternative in alternatives
        if isinstance(alternative, dict)
        for name in alternative
    }
    reached: set[Tokens] = {()}
    waiting = [(), *(("components", "securitySchemes", name) for name in schemes)]
    while waiting:
        here = waiting.pop()
        reached.add(here)
        waiting.extend(steps.get(here, set()) - reached)
    return reached


def _owner(tokens: Tokens) -> Tokens:
    """Return the component that something stands in; () for what stands in the rest of the document."""
    return tokens[:COMPONENT] if tokens[:1] == ("components",) else ()
