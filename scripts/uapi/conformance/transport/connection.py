"""One connection, and the exchanges on it, one after the other."""

from __future__ import annotations

import contextlib
import re
import select
import ssl
import time
from typing import TYPE_CHECKING, Final

import h11

from uapi.conformance.transport.answer import MAX_BODY_BYTES, Answer, Outgoing
from uapi.conformance.transport.fault import Deadline, Fault, Kind, of_tls

if TYPE_CHECKING:
    import socket

    from uapi.conformance.transport.answer import Headers

MAX_HEAD_BYTES: Final = 128 * 1024
"""How long the head of an answer may be: more than any server sends, and little enough to hold."""
MAX_HEADERS: Final = 2000
"""How many headers an answer may have."""
MAX_READ_BYTES: Final = MAX_BODY_BYTES + 2 * MAX_HEAD_BYTES
"""How much is read from the socket for one answer, the framing of chunks included."""
GRACE_SECONDS: Final = 0.5
"""How long to wait for what may follow an answer, where the server leaves the connection open."""
MAX_IDLE_SECONDS: Final = 1.0
"""For how long a connection is used again. Servers close idle ones, and that may cross with a request."""
READ: Final = 65_536
QUOTED: Final = re.compile(r"bytearray\(b(.*)\)", re.DOTALL)
"""How h11 quotes a line that it cannot read."""
TLS_RECORD: Final = (b"\x15\x03", b"\x16\x03")
"""How an alert and a handshake of TLS begin."""


class Connection:
    """A connection to a server, or to the proxy before it."""

    def __init__(self, connected: socket.socket, name: str) -> None:
        """Take over a socket."""
        self._socket: Final = connected
        self._name: Final = name
        self._http: Final = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._idle_since = time.monotonic()
        self._read = 0
        self._closed = False

    def close(self) -> None:
        """Close the connection."""
        self._closed = True
        self._socket.close()

    @property
    def is_fresh(self) -> bool:
        """Whether another request can be sent: the server has neither closed the connection nor said more on it."""
        if (
            self._closed
            or self._http.our_state is not h11.IDLE
            or time.monotonic() - self._idle_since > MAX_IDLE_SECONDS
        ):
            return False
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return not poll.poll(0)

    def exchange(self, request: Outgoing, target: str, headers: Headers, deadline: Deadline, *, alone: bool) -> Answer:
        """Send a request, and return the answer; raise Fault where none comes.

        Where a request is `alone` on its connection, whatever follows the answer is taken for a part of its body.
        """
        self._read = 0
        head = h11.Request(
            method=request.method,
            target=target,
            headers=[(name.encode("latin-1"), _encoded(value)) for name, value in headers],
        )
        data = self._http.send(head) or b""
        if request.body:
            data += self._http.send(h11.Data(data=request.body)) or b""
        data += self._http.send(h11.EndOfMessage()) or b""
        self._socket.settimeout(deadline.left())
        try:
            self._socket.sendall(data)
        except TimeoutError:
            raise deadline.passed() from None
        except OSError:
            pass  # a server may answer and hang up before it has read all; what there is to read tells
        answer, body = self._received(deadline)
        if alone:
            body += self._rest(deadline)
        elif self._http.trailing_data[0]:
            self.close()
        with contextlib.suppress(h11.LocalProtocolError):  # it says when the connection is not to be used again
            self._http.start_next_cycle()
        self._idle_since = time.monotonic()
        names = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw_items())
        return Answer(answer.status_code, names, bytes(body))

    def _received(self, deadline: Deadline) -> tuple[h11.Response, bytearray]:
        answer, body = None, bytearray()
        while True:
            deadline.left()
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                raise self._no_http(error, answer) from error
            if event is h11.NEED_DATA:
                self._http.receive_data(self._more(deadline))
            elif isinstance(event, h11.Response):
                if len(event.headers) > MAX_HEADERS:
                    raise Fault(Kind.TOO_LARGE, f"the answer has more than {MAX_HEADERS} headers")
                answer = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > MAX_BODY_BYTES:
                    raise Fault(Kind.TOO_LARGE, f"the answer is larger than {MAX_BODY_BYTES} bytes")
            elif isinstance(event, h11.EndOfMessage) and answer is not None:
                return answer, body
            elif isinstance(event, h11.ConnectionClosed):
                raise Fault(Kind.CLOSED, "the connection was closed before an answer came")

    def _more(self, deadline: Deadline) -> bytes:
        self._socket.settimeout(deadline.left())
        try:
            data = self._socket.recv(READ)
        except TimeoutError:
            raise deadline.passed() from None
        except ssl.SSLError as error:
            raise of_tls(error, self._name) from error
        except OSError as error:
            when = "in the middle of" if deadline.answering else "before"
            reason = "reset" if isinstance(error, ConnectionResetError) else "lost"
            raise Fault(Kind.CLOSED, f"the connection was {reason} {when} the answer") from error
        if not data and not deadline.answering:
            raise Fault(Kind.CLOSED, "the connection was closed before an answer came")
        if self._read == 0 and data.startswith(TLS_RECORD):
            raise Fault(Kind.IS_TLS, f"{self._name} speaks TLS on that port")
        deadline.answering = True
        self._read += len(data)
        if self._read > MAX_READ_BYTES:
            raise Fault(Kind.TOO_LARGE, f"the answer is larger than {MAX_BODY_BYTES} bytes")
        return data

    def _no_http(self, error: h11.RemoteProtocolError, answer: h11.Response | None) -> Fault:
        said = QUOTED.sub(r"\1", str(error))
        if said.startswith("peer closed connection"):
            return Fault(Kind.CLOSED, "the connection was closed in the middle of the answer")
        if said == "Receive buffer too long":
            return Fault(Kind.TOO_LARGE, f"the head of the answer is larger than {MAX_HEAD_BYTES} bytes")
        where = "the body of the answer" if answer is not None else "the answer"
        return Fault(Kind.NO_HTTP, f"{where} is no HTTP: {said}")

    def _rest(self, deadline: Deadline) -> bytes:
        """Read on after the end of an answer, until the server closes, says nothing more, or says too much."""
        rest = bytearray(self._http.trailing_data[0])
        until = Deadline(min(GRACE_SECONDS, deadline.left()))
        with contextlib.suppress(Fault, OSError):
            while len(rest) < MAX_BODY_BYTES:
                self._socket.settimeout(until.left())
                if not (data := self._socket.recv(READ)):
                    break
                rest += data
        return bytes(rest)


def _encoded(value: str) -> bytes:
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8")
