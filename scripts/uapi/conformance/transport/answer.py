"""What goes over the wire, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

MAX_BODY_BYTES: Final = 2 * 1024 * 1024
"""How much of an answer is read, in bytes. No answer of this API comes near it."""
BYTES_PER_VALUE: Final = 50
"""What a value of JSON takes in memory once it is read, however short it is written."""
BYTES_PER_HEADER: Final = 400
"""What a header takes in memory, and again in a report, beside its text."""
PORTS: Final = {"http": 80, "https": 443}

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a server is."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Origin:
        """Return the origin of an http or https URL."""
        parts = urlsplit(url)
        return cls(parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme])

    def __str__(self) -> str:
        """Return host and port, as they stand in messages and in a CONNECT."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request, all of its headers but those of the connection included."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""

    @property
    def parts(self) -> SplitResult:
        """The parts of the URL."""
        return urlsplit(self.url)

    @property
    def target(self) -> str:
        """The path and the query, as they are sent."""
        _, _, rest = self.url.partition("://")
        path = rest[len(self.parts.netloc) :].partition("#")[0]
        return path if path.startswith("/") else f"/{path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, its body decoded from transfer codings only."""

    status: int
    headers: Headers
    body: bytes

    @property
    def weight(self) -> int:
        """About how many bytes it takes to keep the answer and to read its body, as JSON if it is."""
        values = sum(map(self.body.count, (b",", b"[", b"{")))
        head = sum(len(name) + len(value) + BYTES_PER_HEADER for name, value in self.headers)
        return head + len(self.body) + BYTES_PER_VALUE * values
