"""One request and its answer, as they are kept for evidence: without secrets, and with the curl that repeats them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.curl import curl
from uapi.conformance.redaction import clipped, reach, redact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SHOWN_BYTES: Final = 16_384
"""How much of a body is kept in a report, in bytes."""
SHOWN_HEADERS: Final = 100
SHOWN_VALUE: Final = 1000
"""How many headers of an answer are kept in a report, and how much of each, in characters."""
READING: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that change nothing."""
NOT_SENT: Final = "not sent: "
"""How the fault of an exchange begins whose request was not sent."""
MAX_DIGITS: Final = 4000
"""Up to how many digits a whole number is read exactly."""

Headers = tuple[tuple[str, str], ...]


class JsonError(ValueError):
    """A body is not JSON as RFC 8259 wants it: the message says why."""


def parse_json(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON value of a body; raise JsonError where it is malformed, not UTF-8, or too deep."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant, parse_int=_integer)
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


def _integer(digits: str) -> int | float:
    # Python reads no integer of more digits than this; JSON sets no limit, and a reader may lose precision.
    return int(digits) if len(digits) <= MAX_DIGITS else float(digits)


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
    irregular: bool = False
    """Whether it breaks the rules of HTTP: then it may be a server in front of the API that answers."""


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
    def was_sent(self) -> bool:
        """Whether the request left the kit: none does once the target is gone."""
        return self.response is not None or not (self.fault or "").startswith(NOT_SENT)

    @property
    def status(self) -> int | None:
        """The status of the answer, None where none came."""
        return self.response.status if self.response else None

    def redact(self, text: str) -> str:
        """Replace every secret in a text by the variable that stands for it."""
        return redact(text, self.secrets)

    @property
    def curl(self) -> str:
        """A shell command that sends the request again; tokens are taken from environment variables."""
        return curl(self.request, self.secrets)

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
                "headers": [[name, self.redact(value)] for name, value in request.headers],
                "body": self._body(request.body),
            },
            "response": None
            if response is None
            else {
                "status": response.status,
                "headers": list(self._clipped(response.headers)),
                "body": self._body(response.body),
                "milliseconds": round(response.seconds * 1000, 1),
            },
            "fault": self.redact(self.fault) if self.fault else None,
            "curl": self.curl,
        }

    def _clipped(self, headers: Sequence[tuple[str, str]]) -> Iterator[list[str]]:
        for pair in headers[:SHOWN_HEADERS]:
            yield [clipped(text, self.secrets, SHOWN_VALUE) for text in pair]
        if (more := len(headers) - SHOWN_HEADERS) > 0:
            yield ["…", f"{more} more"]

    def _body(self, body: bytes) -> str:
        if len(body) <= SHOWN_BYTES:
            return self.redact(body.decode("utf-8", "backslashreplace"))
        # A secret that a cut runs through is not recognized, so the text is cut again, before where it would begin.
        beyond = reach(self.secrets)
        text = self.redact(body[: SHOWN_BYTES + beyond].decode("utf-8", "backslashreplace"))
        end = len(text) - (beyond if len(body) > SHOWN_BYTES + beyond else 0)
        return f"{text[: min(end, SHOWN_BYTES)]} … {len(body)} bytes in all"


def telling(exchanges: Sequence[Exchange], limit: int) -> list[Exchange]:
    """Return the exchanges that tell most, as many as there may be: the last ones, and what asks before what looks."""
    asking = [exchange for exchange in exchanges if exchange.request.method not in READING][-limit:]
    looking = [exchange for exchange in exchanges if exchange.request.method in READING]
    kept = {exchange.number for exchange in (*asking, *looking[len(looking) - (limit - len(asking)) :])}
    return [exchange for exchange in exchanges if exchange.number in kept]
