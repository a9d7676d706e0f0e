"""Finds things in a contract: what stands at a place, behind references, and under which name its partner stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from uapi.contract.diff.view import reference
from uapi.contract.grammar import METHODS
from uapi.contract.location import resolve

if TYPE_CHECKING:
    from uapi.contract.diff.model import Contract
    from uapi.contract.location import Tokens

TEMPLATE: Final = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """An object of a contract, and where it stands; a reference to it was followed."""

    contract: Contract
    tokens: Tokens
    value: dict[str, Any]

    def named(self, key: str) -> dict[str, Place]:
        """Return the objects of a map, by name."""
        return {name: at(self.contract, (*self.tokens, key, name)) for name in self.value.get(key) or {}}

    def get(self, key: str) -> Place | None:
        """Return the object under a key."""
        return at(self.contract, (*self.tokens, key)) if isinstance(self.value.get(key), dict) else None


def at(contract: Contract, tokens: Tokens) -> Place:
    """Return the object at a place, or the one that its references lead to."""
    value = resolve(contract.bundle.document, tokens)
    while (target := reference(value)) is not None:
        tokens, value = target, resolve(contract.bundle.document, target)
    return Place(contract, tokens, value if isinstance(value, dict) else {})


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, and the path that it stands under."""

    place: Place
    path: str
    method: str
    item: Place

    @property
    def name(self) -> str:
        """The id, or method and path."""
        return str(self.place.value.get("operationId") or f"{self.method.upper()} {self.path}")

    @property
    def variables(self) -> list[str]:
        """The names of the path's parameters, in the order of the path."""
        return TEMPLATE.findall(self.path)

    def parameters(self) -> dict[tuple[str, str], Place]:
        """Return the parameters by location and name; those of the path are named by their position."""
        found: dict[tuple[str, str], Place] = {}
        for holder in (self.item, self.place):
            for index in range(len(holder.value.get("parameters") or ())):
                place = at(holder.contract, (*holder.tokens, "parameters", str(index)))
                where, name = str(place.value.get("in")), str(place.value.get("name"))
                if where == "path" and name in self.variables:
                    name = str(self.variables.index(name))
                found[where, name.lower() if where == "header" else name] = place
        return found

    def nearest(self, key: str) -> tuple[Any, Tokens]:
        """Return a value that the operation, the path or the document gives, the nearest one."""
        for place in (self.place, self.item, Place(self.place.contract, (), self.place.contract.bundle.document)):
            if key in place.value:
                return place.value[key], (*place.tokens, key)
        return None, ()


def operations(contract: Contract) -> dict[tuple[str, str], Operation]:
    """Return the operations by path and method; the names of path parameters are no part of it."""
    found: dict[tuple[str, str], Operation] = {}
    for path in contract.bundle.document.get("paths") or {}:
        item = at(contract, ("paths", path))
        for method in METHODS:
            if isinstance(item.value.get(method), dict):
                place = at(contract, (*item.tokens, method))
                found[TEMPLATE.sub("{}", path), method] = Operation(place, path, method, item)
    return found
