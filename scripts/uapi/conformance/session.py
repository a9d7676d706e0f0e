"""Sends requests to the target and keeps every exchange."""

from __future__ import annotations

import socket
import ssl
import time
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

import h11
import httpx2

from uapi.conformance.errors import UnreachableError
from uapi.conformance.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from uapi.conformance.target import Target

MAX_BODY_BYTES: Final = 8 * 1024 * 1024
"""How much of an answer is read, in bytes. No answer of this API comes near it."""
USER_AGENT: Final = "uapi-conformance"


class Session:
    """A connection to the target: it sends a `Request`, and returns and keeps the `Exchange`."""

    def __init__(self, target: Target) -> None:
        """Open no connection yet; redirects are never followed, so that no token leaves the target's host."""
        self.target: Final = target
        self.exchanges: Final[list[Exchange]] = []
        self.phase = "checks"
        self._secrets = target.secrets()
        self._client = httpx2.Client(timeout=target.timeout_seconds, follow_redirects=False, trust_env=False)

    def __enter__(self) -> Self:
        """Return the session itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._client.close()

    def send(self, request: Request) -> Exchange:
        """Send a request and return the exchange; a missing answer is a fault of the exchange, no exception."""
        started = time.monotonic()
        sent = self._client.build_request(
            request.method,
            request.url,
            headers=[("User-Agent", USER_AGENT), ("Accept-Encoding", "identity"), *request.headers],
            content=request.body or None,
        )
        try:
            answer = self._client.send(sent, stream=True)
            try:
                body = bytearray()
                for chunk in answer.iter_raw():
                    body += chunk
                    if len(body) > MAX_BODY_BYTES:
                        return self._kept(request, None, f"the answer is larger than {MAX_BODY_BYTES} bytes")
                    if time.monotonic() - started > self.target.timeout_seconds:
                        return self._kept(request, None, f"no whole answer in {self.target.timeout_seconds} seconds")
            finally:
                answer.close()
        except httpx2.TransportError as error:
            return self._kept(request, None, _reason(error, self.target.timeout_seconds))
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw)
        response = Response(answer.status_code, headers, bytes(body), time.monotonic() - started)
        return self._kept(request, response)

    def send_raw(self, request: Request) -> Exchange:
        """Send a request on a connection of its own, and take everything that follows the head for the body.

        An HTTP library hides the body of a 204, for it reads none. Raises nothing: a missing answer is a fault.
        """
        started = time.monotonic()
        parts = urlsplit(request.url)
        connection = h11.Connection(our_role=h11.CLIENT)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = [("Host", parts.netloc), ("User-Agent", USER_AGENT), ("Connection", "close"), *request.headers]
        if request.body:
            headers.append(("Content-Length", str(len(request.body))))
        try:
            data = connection.send(h11.Request(method=request.method, target=path, headers=headers)) or b""
            if request.body:
                data += connection.send(h11.Data(data=request.body)) or b""
            data += connection.send(h11.EndOfMessage()) or b""
            received = self._received(parts.hostname or "", parts.port, data, tls=parts.scheme == "https")
            connection.receive_data(received)
            head = connection.next_event()
        except (OSError, h11.ProtocolError) as error:
            return self._kept(request, None, _reason(error, self.target.timeout_seconds))
        if not isinstance(head, h11.Response):
            return self._kept(request, None, "the connection was closed before an answer came")
        _, _, body = received.partition(b"\r\n\r\n")
        names = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers)
        return self._kept(request, Response(head.status_code, names, body, time.monotonic() - started))

    def _received(self, host: str, port: int | None, data: bytes, *, tls: bool) -> bytes:
        deadline = time.monotonic() + self.target.timeout_seconds
        address = (host, port or (443 if tls else 80))
        with socket.create_connection(address, timeout=self.target.timeout_seconds) as plain:
            connection = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if tls else plain
            connection.sendall(data)
            received = bytearray()
            while len(received) < MAX_BODY_BYTES:
                connection.settimeout(max(0.01, deadline - time.monotonic()))
                chunk = connection.recv(65536)
                if not chunk:
                    break
                received += chunk
            return bytes(received)

    def keep(self, request: Request, response: Response | None, fault: str | None = None) -> Exchange:
        """Keep an exchange that another client, such as a property-based one, had with the target."""
        return self._kept(request, response, fault)

    def _kept(self, request: Request, response: Response | None, fault: str | None = None) -> Exchange:
        exchange = Exchange(len(self.exchanges) + 1, self.phase, request, response, fault, self._secrets)
        self.exchanges.append(exchange)
        return exchange


def preflight(session: Session, request: Request) -> None:
    """Send a first request; raise UnreachableError where the target does not answer it as this API would."""
    exchange = session.send(request)
    base_url = session.target.base_url
    if exchange.response is None:
        hint = "Is the server running, and is base_url right?"
        raise UnreachableError(f"the target does not answer: {exchange.fault}", where=base_url, hint=hint)
    status, media_type = exchange.response.status, exchange.response.media_type
    if status in range(300, 400):
        location = exchange.response.header("location")
        hint = f"Set base_url to where it redirects to, if that is the server you mean: {location}."
        raise UnreachableError(f"the target redirects ({status})", where=base_url, hint=hint)
    if status == 404 or (status != 204 and media_type != "application/json"):  # noqa: PLR2004 - HTTP statuses
        hint = "base_url must end with the base path of the API, usually /uapi."
        message = f"the target answers {status} with {media_type or 'no media type'}, not as the API would"
        raise UnreachableError(message, where=base_url, hint=hint)
    if status in {401, 403}:
        hint = "Is caller.token right, and still valid?"
        raise UnreachableError(f"the target refuses the caller's token ({status})", where=base_url, hint=hint)


def _reason(error: Exception, timeout: float) -> str:
    if isinstance(error, (httpx2.TimeoutException, TimeoutError)):
        return f"no answer in {timeout:g} seconds"
    return str(error) or type(error).__name__
