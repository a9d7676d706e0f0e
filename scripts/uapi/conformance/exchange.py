"""One request and its answer, as they are kept for evidence: without secrets, and with the curl that repeats them."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHOWN_BYTES: Final = 16_384
"""How much of a body is kept in a report, in bytes."""

Headers = tuple[tuple[str, str], ...]


class JsonError(ValueError):
    """A body is not JSON as RFC 8259 wants it: the message says why."""


def parse_json(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON value of a body; raise JsonError where it is malformed, not UTF-8, or too deep."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        message = f"the body is not UTF-8 at byte {error.start}"
        raise JsonError(message) from error
    except RecursionError as error:
        message = "the body is nested too deep to be read"
        raise JsonError(message) from error
    except ValueError as error:
        message = f"the body is not JSON: {error}"
        raise JsonError(message) from error


def _refuse_constant(name: str) -> object:
    message = f"{name} is no JSON value"
    raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was sent. `principal` names whose token it carried, or is None."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""
    principal: str | None = None
    operation: str | None = None
    """The operationId of the contract that the request is meant for, None for a request outside of it."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer as it was received, its body decoded from transfer codings only."""

    status: int
    headers: Headers
    body: bytes
    seconds: float = 0.0

    def header(self, name: str) -> str | None:
        """Return the values of a header, joined by commas, or None."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def media_type(self) -> str | None:
        """The media type of the body in lower case, without its parameters, or None."""
        value = self.header("content-type")
        return value.partition(";")[0].strip().lower() if value else None

    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        """Return the body as JSON; raise JsonError where it is none."""
        return parse_json(self.body)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its answer. The answer is None where none came: then `fault` says what happened instead."""

    number: int
    phase: str
    request: Request
    response: Response | None
    fault: str | None = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def status(self) -> int | None:
        """The status of the answer, None where none came."""
        return self.response.status if self.response else None

    def redact(self, text: str) -> str:
        """Replace every secret in a text by the variable that stands for it."""
        for secret, variable in self.secrets.items():
            text = text.replace(secret, variable)
        return text

    @property
    def curl(self) -> str:
        """A shell command that sends the request again; tokens are taken from environment variables."""
        request = self.request
        words = ["curl", "--silent", "--show-error", "--include", "--path-as-is", "--globoff"]
        if request.method != "GET":
            words += ["--request", request.method]
        command = [shlex.quote(word) for word in words]
        command += [f"--header {self._quoted(f'{name}: {value}')}" for name, value in request.headers]
        if request.body:
            command.append(f"--data-binary {self._quoted(request.body.decode('utf-8', 'replace'))}")
        command.append(self._quoted(request.url))
        return " ".join(command)

    def _quoted(self, text: str) -> str:
        """Quote a word for the shell, leaving the variables of secrets open to expansion."""
        redacted = self.redact(text)
        if redacted == text:
            return shlex.quote(text)
        inner = redacted.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`").replace("$", "\\$")
        for variable in self.secrets.values():
            inner = inner.replace("\\" + variable, variable)
        return f'"{inner}"'

    def as_json(self) -> dict[str, Any]:
        """Return the exchange as it stands in a report, without secrets and with bodies clipped."""
        request, response = self.request, self.response
        return {
            "number": self.number,
            "phase": self.phase,
            "operation": request.operation,
            "principal": request.principal,
            "request": {
                "method": request.method,
                "url": self.redact(request.url),
                "headers": self._headers(request.headers),
                "body": self._body(request.body),
            },
            "response": None
            if response is None
            else {
                "status": response.status,
                "headers": self._headers(response.headers),
                "body": self._body(response.body),
                "milliseconds": round(response.seconds * 1000, 1),
            },
            "fault": self.redact(self.fault) if self.fault else None,
            "curl": self.curl,
        }

    def _headers(self, headers: Sequence[tuple[str, str]]) -> list[list[str]]:
        return [[name, self.redact(value)] for name, value in headers]

    def _body(self, body: bytes) -> str:
        text = body[:SHOWN_BYTES].decode("utf-8", "backslashreplace")
        clipped = f" … {len(body)} bytes in all" if len(body) > SHOWN_BYTES else ""
        return self.redact(text) + clipped
