"""The error codes and the methods of a contract, looked up in its bundle.

A parameter, a property of a request body, or a request body says by `x-error-code` with which code an invalid value
of it is refused (decision D-45). FastAPI says where a value was invalid by a location such as `("query", "count")`,
`("path", "userId")` or `("body", "StartRecording", "format")`. Here the one leads to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
MALFORMED: Final = "request_malformed"
"""The code where the contract has none for the input: it documents none, so any will do (decision D-13)."""

Location = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """What the error layer needs to know of an operation: its id, and the codes of its inputs by location."""

    id: str
    codes: Mapping[Location, str]


class ErrorCodes:
    """The codes of a contract's inputs, and the methods of its paths."""

    def __init__(self, contract: Mapping[str, Any], *, prefix: str = "") -> None:
        """Read an OpenAPI document, one without references to other files; `prefix` goes before its paths."""
        self._contract: Final = contract
        self._operations: Final = {operation.id: operation for operation in self._read()}
        paths = sorted(contract["paths"].items(), key=lambda item: item[0].count("{"))
        self._paths: Final = [
            ((prefix + path).split("/"), [method.upper() for method in METHODS if method in item])
            for path, item in paths
        ]

    def code(self, operation: str | None, location: Sequence[object]) -> str:
        """Return the code of an invalid value: the longest known part of its location decides.

        So `("query", "fields", 1)`, the second of the fields, has the code of `fields`.
        """
        known = self._operations.get(operation or "")
        parts = tuple(str(part) for part in location)
        while known and parts:
            if (found := known.codes.get(parts)) is not None:
                return found
            parts = parts[:-1]
        return MALFORMED

    def query_names(self, operation: str | None) -> set[str]:
        """Return the names of the operation's query parameters that have a code."""
        known = self._operations.get(operation or "")
        return {location[1] for location in known.codes if location[0] == "query"} if known else set()

    def allowed(self, path: str) -> str | None:
        """Return the methods of a decoded path as `Allow` lists them, `GET, PUT`, or None for an unknown path.

        Of the paths of the contract that match, the one with the fewest parameters counts, as OpenAPI has it.
        """
        segments = path.split("/")
        for template, methods in self._paths:
            if len(template) == len(segments) and all(
                part and (pattern.startswith("{") or pattern == part) if pattern else not part
                for pattern, part in zip(template, segments, strict=True)
            ):
                return ", ".join(methods)
        return None

    def _read(self) -> Iterator[Operation]:
        for item in self._contract["paths"].values():
            for method in METHODS:
                if (operation := item.get(method)) is None:
                    continue
                codes: dict[Location, str] = {}
                for reference in (*item.get("parameters", ()), *operation.get("parameters", ())):
                    parameter = self._resolved(reference)
                    if (code := parameter.get("x-error-code")) is not None:
                        codes[parameter["in"], parameter["name"]] = code
                codes.update(self._body_codes(self._resolved(operation.get("requestBody", {}))))
                yield Operation(operation["operationId"], codes)

    def _body_codes(self, body: Mapping[str, Any]) -> Iterator[tuple[Location, str]]:
        """Yield the codes of a request body and of its members, located as FastAPI locates a body that is one model.

        Where the body is one of several, told apart by a discriminator, the value of it stands before the member.
        """
        if (code := body.get("x-error-code")) is not None:
            yield ("body",), code
        for media in body.get("content", {}).values():
            schema = self._resolved(media.get("schema", {}))
            variants = schema.get("discriminator", {}).get("mapping", {})
            for tag, reference in variants.items():
                yield from self._member_codes(self._resolved({"$ref": reference}), ("body", tag))
            yield from self._member_codes(schema, ("body",))

    def _member_codes(self, schema: Mapping[str, Any], location: Location) -> Iterator[tuple[Location, str]]:
        for name, member in schema.get("properties", {}).items():
            # The reference's own keywords are beside it, since OpenAPI 3.1.
            if (code := member.get("x-error-code")) is not None:
                yield (*location, name), code
        for part in schema.get("allOf", ()):
            yield from self._member_codes(self._resolved(part), location)

    def _resolved(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what a reference within the document refers to; anything else as it is."""
        while isinstance(reference := value.get("$ref"), str):
            target: Any = self._contract
            for part in reference.removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            value = target
        return value
