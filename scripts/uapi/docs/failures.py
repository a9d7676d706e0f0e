"""The errors of an operation: which code, why, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.docs.contract import Contract, Node

FIRST_ERROR: Final = 400
INVENTED: Final = "The code is an example"

MENDING: Final = {
    400: "Send one JSON object with the members that the request needs, in their types.",
    401: "Obtain a token from the token endpoint, and send it as `Authorization: Bearer <token>`.",
    403: "Obtain a new token, and ask only for what its user may reach.",
    405: "Use one of the methods that the header `Allow` lists.",
    413: "Send a smaller body.",
    415: "Declare the body as `Content-Type: application/json`.",
    500: "Nothing is wrong with the request. See by a GET what became of it before it is sent again.",
    501: "Do without the request: this server does not offer it.",
}
"""What mends an error that no single input causes, by status, as Markdown."""


@dataclass(frozen=True, slots=True)
class Input:
    """A parameter or a member of a body whose value an error is about."""

    name: str
    place: str
    """`path`, `query` or `body`."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error code of an operation."""

    status: int
    code: str
    documented: bool
    """Whether the code is documented, and not only an example of one."""
    cause: str
    message: str
    mending: str
    inputs: tuple[Input, ...]


def failures(contract: Contract, operation: Node, parameters: list[Node]) -> Iterator[Failure]:
    """Yield the errors of an operation in the order of its responses."""
    inputs = _inputs(contract, operation, parameters)
    for status, response in operation["responses"].items():
        if int(status) < FIRST_ERROR:
            continue
        for content in contract.resolve(response).get("content", {}).values():
            for reference in content.get("examples", {}).values():
                yield _failure(contract.resolve(reference), int(status), inputs)


def _failure(example: Node, status: int, inputs: dict[str, list[Input]]) -> Failure:
    error = example["value"]["error"]
    return Failure(
        status=status,
        code=error["code"],
        documented=not example.get("description", "").startswith(INVENTED),
        cause=example.get("summary", ""),
        message=error["message"],
        mending="" if error["code"] in inputs else MENDING[status],
        inputs=tuple(inputs.get(error["code"], ())),
    )


def _inputs(contract: Contract, operation: Node, parameters: list[Node]) -> dict[str, list[Input]]:
    """Return the inputs whose invalid values yield a code, by code."""
    found: dict[str, list[Input]] = {}
    for parameter in parameters:
        if code := parameter.get("x-error-code"):
            found.setdefault(code, []).append(Input(parameter["name"], parameter["in"]))
    body: Any = operation.get("requestBody", {})
    for pointer in [*contract.reach(body)]:
        for name, member in contract.at(pointer).get("properties", {}).items():
            place = Input(name, "body")
            if (code := member.get("x-error-code")) and place not in found.setdefault(code, []):
                found[code].append(place)
    return found
