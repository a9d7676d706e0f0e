"""A server that does to a connection whatever a script says, which no server library would do."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.made import head_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Script = Callable[["Line"], None]

PATIENCE = 30.0
"""How long a script may wait for the client, in seconds: longer only where the client is wrong."""


@dataclass(frozen=True)
class Received:
    """A request as it came over the wire, byte for byte."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def is_last(self) -> bool:
        """Whether the client wants the connection to be closed."""
        return (self.header("connection") or "").lower() == "close"

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass
class Line:
    """One connection, as a script handles it."""

    socket: socket.socket
    closing: threading.Event
    leave: Callable[[], None]
    """Have the server stop listening."""
    _rest: bytes = b""

    def receive(self) -> Received | None:
        """Return the next request, None where the client hung up."""
        while b"\r\n\r\n" not in self._rest:
            if not self._more():
                return None
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        first, headers = head_of(head)
        length = int(next((value for name, value in headers if name.lower() == "content-length"), "0"))
        while len(self._rest) < length and self._more():
            pass
        body, self._rest = self._rest[:length], self._rest[length:]
        method, path, _ = first.split(" ", 2)
        return Received(method, path, headers, body)

    def _more(self) -> bool:
        data = self.socket.recv(65536)
        self._rest += data
        return bool(data)

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def drip(self, data: bytes, every: float) -> None:
        """Send byte by byte, and end early where the server is closed."""
        for index in range(len(data)):
            if self.closing.wait(every):
                return
            self.send(data[index : index + 1])

    def hold(self) -> None:
        """Say nothing more, until the server is closed."""
        self.closing.wait(PATIENCE)

    def reset(self) -> None:
        """Close the connection with a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


@dataclass
class Loopback:
    """A server that keeps what it received."""

    script: Script
    received: list[Received] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    host: str = "127.0.0.1"
    port: int = 0

    @property
    def base_url(self) -> str:
        return f"http://{self.host}:{self.port}/uapi"


@contextlib.contextmanager
def serving(script: Script, host: str = "127.0.0.1") -> Iterator[Loopback]:
    """Serve a script on a free port; every connection gets a thread of its own."""
    loopback = Loopback(script, host=host)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(PATIENCE)
            with contextlib.suppress(OSError):  # the client is gone, which is what some of the tests are about
                script(Line(self.request, loopback.closing, leave))

    class Threads(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 64

        def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
            with contextlib.suppress(OSError):
                super().shutdown_request(request)

    def leave() -> None:
        server.shutdown()
        server.server_close()

    with Threads((host, 0), Handler) as server:
        loopback.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield loopback
        finally:
            loopback.closing.set()
            server.shutdown()
            thread.join()


def answering(*answers: bytes) -> Script:
    """Make a script that answers the first request with the first answer, and so on; the last one for all others."""
    left = list(answers)
    lock = threading.Lock()

    def script(line: Line) -> None:
        while (request := line.receive()) is not None:
            with lock:
                answer = left.pop(0) if len(left) > 1 else left[0]
            line.send(answer)
            if request.is_last:
                return

    return script


def recording(answer: bytes, received: list[Received]) -> Script:
    """Make a script that keeps each request and answers all alike."""

    def script(line: Line) -> None:
        while (request := line.receive()) is not None:
            received.append(request)
            line.send(answer)
            if request.is_last:
                return

    return script
