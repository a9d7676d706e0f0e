"""The way to a server: its name, a connection, a proxy in between, and TLS."""

from __future__ import annotations

import base64
import queue
import socket
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

import h11

from uapi.conformance.transport.answer import Origin
from uapi.conformance.transport.fault import Deadline, Fault, Kind, of_tls

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

Address = tuple[socket.AddressFamily, Any]
"""A family and an address of it, as `socket.getaddrinfo` returns them."""
MAX_PROXY_HEAD: Final = 65_536


@dataclass(frozen=True)
class Route:
    """How connections are made."""

    tls: ssl.SSLContext
    connect_seconds: float
    proxy: str | None = None
    _addresses: dict[Origin, Sequence[Address]] = field(default_factory=dict, repr=False)

    def next_hop(self, server: Origin) -> Origin:
        """Return who is connected to for a server: the proxy, where there is one."""
        return Origin.of(self.proxy) if self.proxy else server

    def connect(self, server: Origin, deadline: Deadline) -> socket.socket:
        """Return a connection to a server, TLS and all; raise Fault where there is none in time."""
        within = Deadline(min(self.connect_seconds, deadline.left()))
        hop = self.next_hop(server)
        connection = None
        try:
            connection = self._plain(hop, within)
            if self.proxy and server.scheme == "https":
                self._tunnel(connection, server, within)
            return self._encrypted(connection, server, within) if server.scheme == "https" else connection
        except (Fault, OSError) as error:
            if connection is not None:
                connection.close()
            if isinstance(error, TimeoutError) or (isinstance(error, Fault) and error.kind is Kind.TIMEOUT):
                message = f"no connection to {hop} in {self.connect_seconds:g} seconds"
                raise Fault(Kind.UNREACHABLE, message) from None
            if isinstance(error, Fault):
                raise
            raise Fault(Kind.UNREACHABLE, f"no connection to {hop}: {error.strerror or error}") from error

    def proxy_headers(self) -> list[tuple[str, str]]:
        """Return what tells the proxy who is asking."""
        parts = urlsplit(self.proxy or "")
        if parts.username is None:
            return []
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return [("Proxy-Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}")]

    def _plain(self, hop: Origin, within: Deadline) -> socket.socket:
        refused: OSError | None = None
        for family, address in self._resolved(hop, within):
            connection = socket.socket(family, socket.SOCK_STREAM)
            try:
                connection.settimeout(within.left())
                connection.connect(address)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except (Fault, OSError) as error:
                connection.close()
                if isinstance(error, (Fault, TimeoutError)):
                    raise
                refused = error
            else:
                return connection
        if isinstance(refused, ConnectionRefusedError):
            raise Fault(Kind.REFUSED, f"nothing listens at {hop}")
        raise refused or Fault(Kind.NAME, f"the name {hop.host} has no address")

    def _resolved(self, hop: Origin, within: Deadline) -> Sequence[Address]:
        """Return the addresses of a host. The system's resolver knows no timeout, so it runs in a thread of its own."""
        if hop in self._addresses:
            return self._addresses[hop]
        found: queue.SimpleQueue[Sequence[Address] | OSError | UnicodeError] = queue.SimpleQueue()

        def resolve() -> None:
            try:
                entries = socket.getaddrinfo(hop.host, hop.port, type=socket.SOCK_STREAM)
                found.put([(family, address) for family, _, _, _, address in entries])
            except (OSError, UnicodeError) as error:
                found.put(error)

        threading.Thread(target=resolve, daemon=True, name="resolver").start()
        try:
            result = found.get(timeout=within.left())
        except (queue.Empty, Fault):
            raise Fault(Kind.NAME, f"the name {hop.host} was not resolved in time") from None
        if isinstance(result, (OSError, UnicodeError)):
            raise Fault(Kind.NAME, f"the name {hop.host} cannot be resolved")
        self._addresses[hop] = result
        return result

    def _encrypted(self, connection: socket.socket, server: Origin, within: Deadline) -> ssl.SSLSocket:
        try:
            connection.settimeout(within.left())
            return self.tls.wrap_socket(connection, server_hostname=server.host)
        except TimeoutError:
            raise Fault(Kind.TLS, f"TLS: {server} did not end the handshake in time") from None
        except (OSError, ValueError) as error:  # ValueError: a name that no certificate can have
            raise of_tls(error if isinstance(error, OSError) else OSError(str(error)), str(server)) from error

    def _tunnel(self, connection: socket.socket, server: Origin, within: Deadline) -> None:
        """Have the proxy connect through to a server."""
        proxy = self.next_hop(server)
        client = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_PROXY_HEAD)
        headers = [("Host", str(server)), *self.proxy_headers()]
        request = h11.Request(method="CONNECT", target=str(server), headers=headers)
        try:
            connection.settimeout(within.left())
            connection.sendall((client.send(request) or b"") + (client.send(h11.EndOfMessage()) or b""))
            while not isinstance(event := client.next_event(), h11.Response):
                if event is h11.NEED_DATA:
                    connection.settimeout(within.left())
                    client.receive_data(connection.recv(4096))
        except (h11.RemoteProtocolError, ConnectionError) as error:
            raise Fault(Kind.PROXY, f"the proxy {proxy} does not answer as a proxy does") from error
        if event.status_code not in range(200, 300):
            raise Fault(Kind.PROXY, f"the proxy {proxy} does not connect to {server}: it answers {event.status_code}")
