"""Sends requests over connections that are used again, each request within its time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from uapi.conformance.transport.answer import Answer, Origin, Outgoing
from uapi.conformance.transport.connection import Connection
from uapi.conformance.transport.fault import Deadline, Fault, Kind

if TYPE_CHECKING:
    from uapi.conformance.transport.pace import Pace
    from uapi.conformance.transport.route import Route

BODY_METHODS: Final = frozenset({"PUT", "POST", "PATCH"})
"""Methods whose requests say how long their body is even where they have none (RFC 9110, section 8.6)."""
DEFAULTS: Final = (("User-Agent", "uapi-conformance"), ("Accept", "*/*"), ("Accept-Encoding", "identity"))


class Transport:
    """Sends requests of any thread. Redirects are never followed, so that no token leaves the host it is meant for."""

    def __init__(self, route: Route, pace: Pace) -> None:
        """Open no connection yet."""
        self._route: Final = route
        self._pace: Final = pace
        self._idle: Final[dict[Origin, list[Connection]]] = {}
        self._lock: Final = threading.Lock()
        self._reuse = True

    def close(self) -> None:
        """Close the connections that wait to be used again."""
        with self._lock:
            for connections in self._idle.values():
                for connection in connections:
                    connection.close()
            self._idle.clear()

    def send(self, request: Outgoing, seconds: float, *, alone: bool = False) -> Answer:
        """Send a request, `alone` on a connection of its own; raise Fault where no whole answer comes in time."""
        self._pace.wait()
        deadline = Deadline(seconds)
        server = Origin.of(request.url)
        if not alone and (connection := self._reused(server)) is not None:
            try:
                return self._exchanged(connection, request, server, deadline, alone=False)
            except Fault as fault:
                if fault.kind is not Kind.CLOSED or deadline.answering:
                    raise
                # A server may close a connection between two requests (RFC 9112, section 9.3.1). One that does so
                # unannounced gets new connections only, so that a request which it drops is not overlooked.
                self._reuse = False
        connection = Connection(self._route.connect(server, deadline), str(server))
        return self._exchanged(connection, request, server, deadline, alone=alone)

    def _exchanged(
        self, connection: Connection, request: Outgoing, server: Origin, deadline: Deadline, *, alone: bool
    ) -> Answer:
        keep = False
        try:
            headers = tuple(self._headers(request, server, alone=alone))
            answer = connection.exchange(request, self._target(request, server), headers, deadline, alone=alone)
            keep = self._reuse and not alone and connection.is_fresh
        finally:
            if keep:
                with self._lock:
                    self._idle.setdefault(server, []).append(connection)
            else:
                connection.close()
        return answer

    def _reused(self, server: Origin) -> Connection | None:
        while True:
            with self._lock:
                waiting = self._idle.get(server)
                connection = waiting.pop() if waiting else None
            if connection is None or connection.is_fresh:
                return connection
            connection.close()

    def _target(self, request: Outgoing, server: Origin) -> str:
        """Return the request target: for a proxy, which does not know it otherwise, with the server before the path."""
        if self._route.proxy and server.scheme == "http":
            return f"http://{request.parts.netloc}{request.target}"
        return request.target

    def _headers(self, request: Outgoing, server: Origin, *, alone: bool) -> list[tuple[str, str]]:
        given = {name.lower() for name, _ in request.headers}
        headers = [("Host", request.parts.netloc)] if "host" not in given else []
        headers += [(name, value) for name, value in DEFAULTS if name.lower() not in given]
        if alone and "connection" not in given:
            headers.append(("Connection", "close"))
        if self._route.proxy and server.scheme == "http":
            headers += self._route.proxy_headers()
        headers += request.headers
        framed = given & {"content-length", "transfer-encoding"}
        if not framed and (request.body or request.method in BODY_METHODS):
            headers.append(("Content-Length", str(len(request.body))))
        return headers
