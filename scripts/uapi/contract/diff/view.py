"""A schema as a whole: what it says itself, behind its `$ref` and in its `allOf`, put together.

A part that moves into a component, or out of one, changes nothing of the whole.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from uapi.contract.grammar import GRAMMAR
from uapi.contract.location import resolve, to_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.contract.diff.model import Contract
    from uapi.contract.location import Tokens

Places: TypeAlias = "tuple[Tokens, ...]"
"""Where the schemas stand that a value has to satisfy, all of them."""
Found: TypeAlias = "tuple[Any, Tokens]"
"""The value of a keyword, and where it stands."""

TYPES: Final = {
    "null": {"null"},
    "boolean": {"boolean"},
    "object": {"object"},
    "array": {"array"},
    "string": {"string"},
    "integer": {"integer"},
    "number": {"integer", "fraction"},
}
"""The types of JSON Schema in parts that do not overlap: each integer is a number."""
WORDS: Final = frozenset(
    {"title", "description", "examples", "example", "$comment", "externalDocs", "xml", "$defs", "$id", "$anchor"}
)
"""The keywords of a schema that say nothing about values."""
ROUND: Final = {"$circle": True}


def reference(value: object) -> Tokens | None:
    """Return where the `$ref` of an object leads."""
    target = value.get("$ref") if isinstance(value, dict) else None
    return to_tokens(target.removeprefix("#")) if isinstance(target, str) else None


class View:
    """What all the schemas at some places say together."""

    def __init__(self, contract: Contract, places: Places) -> None:
        """Follow the references and the `allOf` of the schemas at these places."""
        self.contract: Final = contract
        self.places: Final = places
        seen: set[Tokens] = set()
        self.parts: Final = tuple(part for tokens in places for part in self._collect(tokens, seen))

    def _collect(self, tokens: Tokens, seen: set[Tokens]) -> Iterator[tuple[dict[str, Any], Tokens]]:
        if tokens in seen:
            return
        seen.add(tokens)
        value = resolve(self.contract.bundle.document, tokens)
        if not isinstance(value, dict):
            yield ({} if value else {"not": {}}), tokens
            return
        yield value, tokens
        target = reference(value)
        if target is not None:
            yield from self._collect(target, seen)
        for index in range(len(value.get("allOf", ()))):
            yield from self._collect((*tokens, "allOf", str(index)), seen)

    def all(self, keyword: str) -> list[Found]:
        """Return every value of a keyword, the nearest first."""
        return [(value[keyword], (*tokens, keyword)) for value, tokens in self.parts if keyword in value]

    def first(self, keyword: str) -> Found:
        """Return the nearest value of a keyword; None where it is not used."""
        return next(iter(self.all(keyword)), (None, self.place))

    @cached_property
    def schemas(self) -> frozenset[Tokens]:
        """Where the schemas stand that it is put together from."""
        return frozenset(tokens for _, tokens in self.parts)

    @property
    def place(self) -> Tokens:
        """Where the schema stands."""
        return self.places[0]

    @cached_property
    def types(self) -> frozenset[str]:
        """The types of the values that are allowed."""
        allowed = frozenset().union(*TYPES.values())
        for written, _ in self.all("type"):
            names = [written] if isinstance(written, str) else written
            allowed &= frozenset[str]().union(*(TYPES[name] for name in names))
        return allowed

    @cached_property
    def values(self) -> dict[str, Any] | None:
        """The values that `enum` and `const` leave, by their JSON; None where any is allowed."""
        lists = [values for values, _ in self.all("enum")] + [[value] for value, _ in self.all("const")]
        if not lists:
            return None
        keyed = [{canonical(value): value for value in values} for values in lists]
        return {key: value for key, value in keyed[0].items() if all(key in other for other in keyed)}

    @cached_property
    def required(self) -> dict[str, Tokens]:
        """The properties that have to be there, and where that is said."""
        return {name: tokens for names, tokens in reversed(self.all("required")) for name in names}

    @cached_property
    def properties(self) -> dict[str, Places]:
        """The properties, and the places of the schemas of each."""
        found: dict[str, Places] = {}
        for properties, tokens in self.all("properties"):
            for name in properties:
                found[name] = (*found.get(name, ()), (*tokens, name))
        return found

    @cached_property
    def closed(self) -> bool:
        """Whether no other properties are allowed."""
        return any(
            value is False for key in ("additionalProperties", "unevaluatedProperties") for value, _ in self.all(key)
        )

    def children(self, keyword: str) -> Places:
        """Return the places of the schemas that a keyword holds."""
        return tuple(tokens for _, tokens in self.all(keyword))

    @cached_property
    def meaning(self) -> str:
        """What the schema allows, in a form in which schemas that are written differently can be equal."""
        parts = [expand(self.contract, value, (tokens,)) for value, tokens in self.parts]
        return canonical(sorted({canonical(part) for part in parts if part}))


def homes(old: View, new: View, *keywords: str) -> tuple[Tokens, Tokens]:
    """Return the schemas in which a keyword stands on both sides; where it is on one side only, the same on the other.

    A component that is used in many places so has one change, not one in each place.
    """
    found: list[Tokens | None] = []
    for view in (old, new):
        stand = [tokens[:-1] for keyword in keywords for _, tokens in view.all(keyword)]
        found.append(stand[0] if stand else None)
    before, after = found
    if before is None:
        before = after if after is not None and after in old.schemas else old.place
    if after is None:
        after = before if before in new.schemas else new.place
    return before, after


def expand(contract: Contract, value: object, stack: tuple[Tokens, ...]) -> Any:  # noqa: ANN401 - JSON
    """Return a schema without words, its nested references replaced by what they lead to."""
    if not isinstance(value, dict):
        return value
    result: dict[str, Any] = {}
    for key, child in value.items():
        if key in WORDS or key in {"$ref", "allOf"} or key.startswith("x-"):
            continue
        shape, kind = GRAMMAR["schema"].get(key, ("", ""))
        if kind != "schema":
            result[key] = sorted(child, key=canonical) if key in {"required", "enum"} else child
        elif shape == "one":
            result[key] = _nested(contract, child, (*stack[-1], key), stack)
        elif shape == "list":
            nested = [_nested(contract, one, (*stack[-1], key, str(index)), stack) for index, one in enumerate(child)]
            result[key] = nested if key == "prefixItems" else sorted(nested, key=canonical)
        else:
            result[key] = {name: _nested(contract, one, (*stack[-1], key, name), stack) for name, one in child.items()}
    return result


def _nested(contract: Contract, value: object, tokens: Tokens, stack: tuple[Tokens, ...]) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(value, dict):
        return value
    found: list[str] = []
    waiting = [(value, tokens)]
    seen: set[Tokens] = set(stack)
    while waiting:
        part, at = waiting.pop(0)
        if at in seen:
            found.append(canonical(ROUND))
            continue
        seen.add(at)
        inner = expand(contract, part, (*stack, at))
        if inner:
            found.append(canonical(inner))
        target = reference(part)
        if target is not None:
            waiting.append((_schema(contract, target), target))
        waiting.extend((one, (*at, "allOf", str(index))) for index, one in enumerate(part.get("allOf", ())))
    return sorted(set(found))


def _schema(contract: Contract, tokens: Tokens) -> dict[str, Any]:
    value = resolve(contract.bundle.document, tokens)
    return value if isinstance(value, dict) else ({} if value else {"not": {}})


def canonical(value: object) -> str:
    """Return the JSON of a value, in which neither the order of keys nor that of the file matters."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
