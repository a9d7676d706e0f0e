"""What a server can do to its clients, as scripts of a connection."""

from __future__ import annotations

import contextlib
import gzip
import threading
from functools import cache
from typing import TYPE_CHECKING, Final

from conformance.made import wire
from sandbox.live import exchange

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.loopback import Line, Received, Script

HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
GIGABYTE: Final = 1024**3


def closing(data: bytes) -> Script:
    """Send something, then close."""
    return repeating(lambda _: data)


def repeating(answer: Callable[[str], bytes]) -> Script:
    """Send an answer that is made of the request's credentials, then close."""

    def script(line: Line) -> None:
        request = line.receive()
        line.send(answer((request and request.header("authorization")) or ""))

    return script


def dripping(data: bytes, begin: bytes = b"", seconds: float = 1.0) -> Script:
    """Send something, then the rest byte by byte, some seconds long in all."""

    def script(line: Line) -> None:
        line.receive()
        line.send(begin)
        line.drip(data, seconds / len(data))

    return script


def silent(line: Line) -> None:
    line.receive()
    line.hold()


def resetting(line: Line) -> None:
    line.receive()
    line.reset()


def leaving(line: Line) -> None:
    """Take a request, and stop to be a server."""
    line.receive()
    line.leave()


@cache
def bomb() -> bytes:
    """Return an answer of some 50 KB, which is a thousand times as much once it is decompressed."""
    return wire(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")


def flooding(line: Line) -> None:
    """Send a gigabyte."""
    line.receive()
    line.send(HEAD + b"Content-Length: %d\r\n\r\n" % GIGABYTE)
    with contextlib.suppress(OSError):
        for _ in range(GIGABYTE // 65536):
            line.send(bytes(65536))


def crowded(credentials: str) -> bytes:
    """Return an answer with a thousand headers, each of which repeats the credentials."""
    return wire(**{f"X_{number}": credentials for number in range(1000)})


def dense(values: int) -> bytes:
    """Return an answer whose JSON takes some forty times as much memory as it is long."""
    return wire(b'{"entry": [' + b'{"":0},' * values + b"{}]}")


class Turncoat:
    """Passes requests on to a healthy server, and turns bad after a number of them."""

    def __init__(self, healthy: str, bad: Script, after: int) -> None:
        self.requests: list[Received] = []
        """Those that the healthy server answered."""
        self._healthy = healthy
        self._bad = bad
        self._after = after
        self._lock = threading.Lock()

    def __call__(self, line: Line) -> None:
        if len(self.requests) >= self._after:
            self._bad(line)
        else:
            relaying(self._healthy, self._note)(line)

    def _note(self, request: Received) -> None:
        with self._lock:
            self.requests.append(request)


def relaying(healthy: str, hear: Callable[[Received], None]) -> Script:
    """Pass each request on to another server; a listener hears of it before the client has the answer."""

    def script(line: Line) -> None:
        if (request := line.receive()) is not None:
            answer = exchange(healthy, passed_on(request))
            hear(request)
            line.send(answer)

    return script


def passed_on(request: Received) -> bytes:
    """Return a request as it is sent to another server, on a connection of its own."""
    kept = [(name, value) for name, value in request.headers if name.lower() != "connection"]
    lines = [f"{request.method} {request.path} HTTP/1.1", *(f"{name}: {value}" for name, value in kept)]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + request.body
