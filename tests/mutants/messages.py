"""A request and an answer of the sandbox, as a mutant sees and changes them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, unquote, urlencode

if TYPE_CHECKING:
    from collections.abc import Callable

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    method: str
    raw_path: str
    query: str
    headers: Headers
    body: bytes
    connection: int = field(default=0, compare=False)
    """Which connection of the server it came on."""
    turn: int = field(default=1, compare=False)
    """How many requests have come on that connection, with this one."""

    @property
    def segments(self) -> list[str]:
        """The decoded path below /uapi/phoneCalls: user, extension and, for one call, its id."""
        return [unquote(part) for part in self.raw_path.split("/")[3:]]

    @property
    def call(self) -> str | None:
        return self.segments[2] if len(self.segments) > 2 else None

    @property
    def token(self) -> str | None:
        values = [value for name, value in self.headers if name.lower() == "authorization"]
        return values[0].removeprefix("Bearer ") if values else None

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def action(self) -> object:
        return self.json.get("action") if isinstance(self.json, dict) else None

    @property
    def parameters(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))

    def with_segment(self, index: int, value: str) -> Self:
        parts = self.raw_path.split("/")
        parts[3 + index] = value
        return replace(self, raw_path="/".join(parts))

    def with_header(self, name: str, value: str | None) -> Self:
        kept = tuple(item for item in self.headers if item[0].lower() != name.lower())
        return replace(self, headers=kept if value is None else (*kept, (name, value)))

    def with_token(self, token: str) -> Self:
        return self.with_header("Authorization", f"Bearer {token}")

    def with_json(self, value: object) -> Self:
        body = json.dumps(value).encode()
        return replace(self.with_header("Content-Length", str(len(body))), body=body)

    def with_members(self, **members: object) -> Self:
        return self.with_json({**self.json, **members})

    def without_members(self, *names: str) -> Self:
        return self.with_json({name: value for name, value in self.json.items() if name not in names})

    def with_parameters(self, **parameters: str) -> Self:
        return replace(self, query=urlencode({**self.parameters, **parameters}))

    def without_parameters(self, *names: str) -> Self:
        kept = {name: value for name, value in self.parameters.items() if name not in names}
        return replace(self, query=urlencode(kept))


@dataclass(frozen=True)
class Response:
    status: int
    headers: Headers
    body: bytes
    closes: bool = False
    """Whether the server closes the connection after it, announced or not."""

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> object:
        """The code of an error body, None of anything else."""
        if self.status < 400 or not self.body:
            return None
        return self.json["error"]["code"]

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def with_status(self, status: int) -> Self:
        return replace(self, status=status)

    def with_code(self, code: object) -> Self:
        """Change the code of an error body."""
        return self.with_json({"error": {**self.json["error"], "code": code}})

    def with_body(self, body: bytes) -> Self:
        return replace(self.with_header("content-length", str(len(body))), body=body)

    def with_json(self, value: object) -> Self:
        return self.with_body(json.dumps(value).encode())

    def with_header(self, name: str, value: str | None) -> Self:
        kept = tuple(item for item in self.headers if item[0].lower() != name.lower())
        return replace(self, headers=kept if value is None else (*kept, (name, value)))

    def with_calls(self, change: Callable[[dict[str, Any]], object]) -> Self:
        """Change each phone call of a 200 answer in place."""
        if self.status != 200:
            return self
        value = self.json
        for call in value.get("entry", [value]) if isinstance(value, dict) else value:
            change(call)
        return self.with_json(value)

    def with_views(self, change: Callable[[dict[str, Any]], object]) -> Self:
        """Change each view of each phone call of a 200 answer in place."""

        def each(call: dict[str, Any]) -> None:
            for view in call.get("phoneCallView", []):
                change(view)

        return self.with_calls(each)


def error(status: int, code: str, **headers: str) -> Response:
    """Make a refusal with the error body."""
    body = json.dumps({"error": {"code": code, "message": "No."}}).encode()
    made = (("content-type", "application/json"), ("content-length", str(len(body))))
    return Response(status, (*made, *headers.items()), body)
