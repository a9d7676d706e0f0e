"""The operations of the contract, each with everything that its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from uapi.docs.contract import name_of
from uapi.docs.failures import Failure, failures
from uapi.docs.samples import Sample, samples, variants
from uapi.docs.schemas import Member, Schema, Words, as_json, kind_of, member_of, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.docs.contract import Contract, Node, Row
    from uapi.docs.decisions import Decision

METHODS: Final = ("get", "post", "put", "delete", "patch", "head", "options", "trace")


@dataclass(frozen=True, slots=True)
class Example:
    """A named example, as JSON."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; `place` is `path`, `query` or `header`."""

    place: str
    member: Member
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """A request body: one schema, or several of which the sender chooses."""

    description: str
    required: bool
    media_type: str
    schema: str
    choices: tuple[Schema, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """A documented answer."""

    status: int
    phrase: str
    description: str
    media_type: str | None
    kind: tuple[Words, ...]
    headers: tuple[Member, ...]
    examples: tuple[Example, ...]
    links: tuple[tuple[str, str], ...]
    """What the answer leads to: the id of an operation, and what for."""


@dataclass(frozen=True, slots=True)
class Group:
    """Requirements that speak of the same thing."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation with everything that its page shows."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    body: Body | None
    responses: tuple[Response, ...]
    failures: tuple[Failure, ...]
    groups: tuple[Group, ...]
    decisions: tuple[Decision, ...]
    samples: tuple[Sample, ...]
    variants: dict[str, tuple[Sample, ...]]
    """Further samples, by the schema that the body of the request has in them."""


def operations(contract: Contract) -> Iterator[Operation]:
    """Yield the operations in the order of the contract."""
    for path, item in contract.document["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(contract, path, method, item)


def subject(contract: Contract, pointer: str) -> str:
    """Return what a row speaks of, as Markdown, by the component or the operation that it stands in."""
    _, area, name, *rest = pointer.split("/")
    if area == "paths":
        return f"`{contract.at('/'.join(pointer.split('/')[:4]))['operationId']}`"
    kind, component = name, rest[0]
    if kind == "parameters":
        parameter = contract.at("/".join(pointer.split("/")[:4]))
        return f"`{parameter['name']}` ({parameter['in']})"
    titles = {
        "schemas": f"`{component}`",
        "responses": f"Answer {component}",
        "requestBodies": f"Body {component}",
        "headers": f"Header {component}",
        "securitySchemes": f"Authentication by `{component}`",
    }
    return titles[kind]


def _operation(contract: Contract, path: str, method: str, item: Node) -> Operation:
    node = item[method]
    references = [*item.get("parameters", []), *node.get("parameters", [])]
    groups = tuple(_groups(contract, path, method, item))
    named = {row.decision for group in groups for row in group.rows}
    return Operation(
        id=node["operationId"],
        method=method.upper(),
        path=path,
        summary=node["summary"],
        description=node.get("description", ""),
        parameters=tuple(_parameter(contract, reference) for reference in references),
        body=_body(contract, node["requestBody"]) if "requestBody" in node else None,
        responses=tuple(_response(contract, int(status), part) for status, part in node["responses"].items()),
        failures=tuple(failures(contract, node, [contract.resolve(reference) for reference in references])),
        groups=groups,
        decisions=tuple(decision for decision in contract.decisions if decision.id in named),
        samples=samples(node["operationId"], contract.samples),
        variants=variants(node["operationId"], contract.samples),
    )


def _groups(contract: Contract, path: str, method: str, item: Node) -> Iterator[Group]:
    """Yield the requirements of the operation, of everything that it refers to, and of its authentication."""
    node = item[method]
    schemes = [f"/components/securitySchemes/{name}" for need in _security(contract, node) for name in need]
    own = f"/paths/{path.replace('~', '~0').replace('/', '~1')}/{method}"
    pointers = [own, *contract.reach([item.get("parameters", []), node]), *schemes]
    found = [(subject(contract, pointer), tuple(contract.rows_below(pointer))) for pointer in dict.fromkeys(pointers)]
    for title, parts in groupby(found, key=lambda pair: pair[0]):
        if rows := tuple(row for _, part in parts for row in part):
            yield Group(title, rows)


def _security(contract: Contract, node: Node) -> list[dict[str, Any]]:
    needs: list[dict[str, Any]] = node["security"] if "security" in node else contract.document["security"]
    return needs


def _parameter(contract: Contract, reference: Node) -> Parameter:
    node = contract.resolve(reference)
    pointer = reference.get("$ref", "").removeprefix("#")
    beside = {key: node[key] for key in ("description", "x-error-code") if key in node}
    member = member_of(contract, node["name"], node["schema"] | beside, pointer, required=node.get("required", False))
    return Parameter(node["in"], member, tuple(_examples(contract, node)))


def _body(contract: Contract, reference: Node) -> Body:
    node = contract.resolve(reference)
    ((media_type, content),) = node["content"].items()
    name = name_of(content["schema"]) or ""
    choices = [name_of(part) or "" for part in contract.resolve(content["schema"]).get("oneOf", [])]
    return Body(
        description=node.get("description", ""),
        required=node.get("required", False),
        media_type=media_type,
        schema=name,
        choices=tuple(schema_of(contract, choice) for choice in choices or [name]),
        examples=tuple(_examples(contract, content)),
    )


def _response(contract: Contract, status: int, reference: Node) -> Response:
    node = contract.resolve(reference)
    contents: Node = node.get("content", {})
    media_type = next(iter(contents), None)
    content: Node = contents[media_type] if media_type else {}
    links = [contract.resolve(link) for link in node.get("links", {}).values()]
    return Response(
        status=status,
        phrase=HTTPStatus(status).phrase,
        description=node["description"],
        media_type=media_type,
        kind=tuple(kind_of(content["schema"])) if content else (),
        headers=tuple(_header(contract, name, part) for name, part in node.get("headers", {}).items()),
        examples=tuple(_examples(contract, content)),
        links=tuple((link["operationId"], link["description"]) for link in links),
    )


def _header(contract: Contract, name: str, reference: Node) -> Member:
    node = contract.resolve(reference)
    schema = node["schema"] | {"description": node.get("description", "")}
    return member_of(contract, name, schema, reference["$ref"].removeprefix("#"), required=node.get("required", False))


def _examples(contract: Contract, node: Node) -> Iterator[Example]:
    for name, reference in node.get("examples", {}).items():
        example = contract.resolve(reference)
        value = example["value"]
        text = as_json(value, indent=2) if isinstance(value, dict | list) else str(value)
        yield Example(example.get("summary", name), text)
