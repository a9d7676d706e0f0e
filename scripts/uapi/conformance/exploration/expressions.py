"""Evaluates the runtime expressions of OpenAPI links, of a request and of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.bundle import METHODS, contract

if TYPE_CHECKING:
    from collections.abc import Mapping

OF_PATH: Final = "$request.path."
OF_BODY: Final = "$response.body#"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the contract: from the answer of one operation to another operation."""

    name: str
    operation: str
    parameters: Mapping[str, str]

    def values(self, path: Mapping[str, str], body: object) -> dict[str, Any]:
        """Return the parameters of the path that the link leads to, by name; None for what the answer has not."""
        return {
            name.removeprefix("path."): evaluated(expression, path, body)
            for name, expression in self.parameters.items()
        }


def evaluated(expression: str, path: Mapping[str, str], body: object) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of a runtime expression, None where there is none; raise ValueError for a kind unknown here."""
    if expression.startswith(OF_PATH):
        return path.get(expression.removeprefix(OF_PATH))
    if expression.startswith(OF_BODY):
        return _pointed(expression.removeprefix(OF_BODY), body)
    message = f"a link of the contract has the expression {expression!r}"
    raise ValueError(message)


def _pointed(pointer: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


@cache
def links(operation: str, status: int) -> Mapping[str, Link]:
    """Return the links of an operation's answer with a status, by the operation that each leads to."""
    for item in contract()["paths"].values():
        for method in METHODS:
            if item.get(method, {}).get("operationId") == operation:
                response = _followed(item[method]["responses"][str(status)])
                found = (_link(name, _followed(link)) for name, link in response.get("links", {}).items())
                return {link.operation: link for link in found}
    raise KeyError(operation)


def _link(name: str, link: Mapping[str, Any]) -> Link:
    return Link(name, link["operationId"], link["parameters"])


def _followed(node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        found: Any = contract()
        for part in node["$ref"].split("/")[1:]:
            found = found[part.replace("~1", "/").replace("~0", "~")]
        node = found
    return node
