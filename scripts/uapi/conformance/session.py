"""Sends requests to the target and keeps every exchange."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Self

from uapi.conformance.credentials import Credentials
from uapi.conformance.exchange import NOT_SENT, READING, Exchange, Request, Response
from uapi.conformance.guard import Guard
from uapi.conformance.preflight import first_seconds, unanswered, unusable
from uapi.conformance.redaction import clipped
from uapi.conformance.transport import MAX_BODY_BYTES, Fault, Kind, Outgoing, Route, Transport
from uapi.conformance.transport.pace import WHOLE, Pace, Share
from uapi.conformance.transport.tls import tls_context

if TYPE_CHECKING:
    from uapi.conformance.target import Target
    from uapi.conformance.transport import Answer

__all__ = ["MAX_BODY_BYTES", "Session", "preflight"]

MAX_KEPT_BYTES: Final = 128 * 1024 * 1024
"""How much all the answers of a run may weigh, in bytes: they are kept for the checks that observe, which read them."""
MAX_FAULT: Final = 200
"""How much is told of how a request ended without an answer, in characters."""
MAX_FAULTS: Final = 5
"""How many requests in a row may stay without an answer before the target is asked whether it is still there."""
MAX_FAULT_SECONDS: Final = 60.0
"""How long a run waits in vain in all, or six times `timeout_seconds`, if that is longer."""
UNAUTHORIZED: Final = 401


class Session:
    """A connection to the target: it sends a `Request`, and returns and keeps the `Exchange`.

    Whatever the target does, `send` and `send_raw` end in time and raise nothing: a missing answer is a fault of the
    exchange. They raise UnsafeRequestError for a request that the kit must never send.
    """

    def __init__(self, target: Target, share: Share = WHOLE, *, telephony: bool = False) -> None:
        """Open no connection yet; raise TargetError for TLS files that do not hold what they should.

        `share` is what this session may spend of the requests in a second; `telephony` lets it place phone calls.
        """
        self.target = target
        self.exchanges: Final[list[Exchange]] = []
        self.phase = "checks"
        self.secrets: Final[dict[str, str]] = target.secrets()
        """Every secret that the kit knows, with the shell variable that stands for it; grows as tokens are got."""
        self.warnings: Final[list[str]] = target.warnings()
        """What a reader of the report has to know, beside the results."""
        self.guard: Final = Guard(telephony=telephony)
        self.gone: str | None = None
        """Why the target is not asked any more, None while it is. Requests are answered with that at once."""
        self.fault: Fault | None = None
        """The fault of the last request, None where it was answered."""
        route = Route(tls_context(target.tls), target.connect_timeout_seconds, target.proxy)
        self._transport: Final = Transport(route, Pace(target.max_requests_per_second, share=share))
        self.credentials: Final = Credentials(target, self.secrets, self._send_unrecorded)
        self._lock: Final = threading.RLock()
        self._faults = 0
        self._fault_seconds = 0.0
        self._kept_bytes = 0
        self._answered: Request | None = None

    def __enter__(self) -> Self:
        """Return the session itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._transport.close()

    def send(self, request: Request) -> Exchange:
        """Send a request and return the exchange; a missing answer is a fault of the exchange, no exception."""
        return self._exchanged(request, alone=False)

    def send_raw(self, request: Request) -> Exchange:
        """Send a request on a connection of its own, and take everything that follows the head for the body.

        An HTTP library hides the body of a 204, for it reads none.
        """
        return self._exchanged(request, alone=True)

    def keep(self, request: Request, response: Response | None, fault: str | None = None) -> Exchange:
        """Keep an exchange that another client, such as a property-based one, had with the target."""
        return self._kept(request, response, fault)

    def warn(self, text: str) -> None:
        """Tell the reader of the report something, once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def resume(self) -> None:
        """Ask a target that is gone once more; it is gone again with the first fault."""
        with self._lock:
            if self.gone is not None:
                self.gone, self._faults, self._answered = None, MAX_FAULTS - 1, None

    def first(self, request: Request) -> Exchange:
        """Send the first request, for which there is less time than for others."""
        return self._exchanged(request, alone=False, seconds=first_seconds(self.target))

    def _exchanged(self, request: Request, *, alone: bool, seconds: float | None = None) -> Exchange:
        self.guard.check(request, self.target)
        if self.gone is not None:
            return self._kept(request, None, f"{NOT_SENT}{self.gone}")
        exchange = self._sent(request, alone=alone, seconds=seconds)
        if exchange.status == UNAUTHORIZED and (renewed := self._renewed(request)) is not None:
            exchange = self._sent(renewed, alone=alone, seconds=seconds)
        if self.credentials.problem is not None:
            self._give_up(self.credentials.problem)
        self._count(request, exchange)
        return exchange

    def _sent(self, request: Request, *, alone: bool, seconds: float | None = None) -> Exchange:
        target = self.target
        started = time.monotonic()
        request = replace(request, headers=(*request.headers, *target.headers.items()))
        outgoing = Outgoing(request.method, request.url, request.headers, request.body)
        try:
            answer = self._transport.send(outgoing, seconds or target.timeout_seconds, alone=alone)
            self._weigh(answer)
        except Fault as fault:
            self.fault = told = self._told(fault)
            with self._lock:
                self._fault_seconds += time.monotonic() - started
            return self._kept(request, None, told.message)
        self.fault = None
        response = Response(answer.status, answer.headers, answer.body, time.monotonic() - started)
        return self._kept(request, response)

    def _weigh(self, answer: Answer) -> None:
        with self._lock:
            if self._kept_bytes + answer.weight > MAX_KEPT_BYTES:
                raise Fault(Kind.TOO_LARGE, "the answers of the run are more than can be kept in memory")
            self._kept_bytes += answer.weight

    def _send_unrecorded(self, outgoing: Outgoing) -> Answer:
        """Send a request that has secrets in its body, and whose answer has some."""
        try:
            return self._transport.send(outgoing, self.target.timeout_seconds, alone=True)
        except Fault as fault:
            raise self._told(fault) from None

    def _told(self, fault: Fault) -> Fault:
        """Return a fault that may be told: the server may have written a part of the message, and repeat secrets."""
        return Fault(fault.kind, clipped(fault.message, self.secrets, MAX_FAULT))

    def _renewed(self, request: Request) -> Request | None:
        """Return a request with a new token, where the one that it carried was refused and can be renewed."""
        if request.principal is None:
            return None
        carried = dict(request.headers).get("Authorization", "").removeprefix("Bearer ")
        token = self.credentials.after_refusal(request.principal, carried)
        if token is None:
            return None
        headers = [("Authorization", f"Bearer {token}") if n == "Authorization" else (n, v) for n, v in request.headers]
        return replace(request, headers=tuple(headers))

    def _count(self, request: Request, exchange: Exchange) -> None:
        """Notice that the target is gone: a server that fails on some requests still answers one that it answered."""
        with self._lock:
            if exchange.response is not None:
                self._faults = 0
                if request.method in READING:
                    self._answered = request
                return
            self._faults += 1
            if self._fault_seconds > max(MAX_FAULT_SECONDS, 6 * self.target.timeout_seconds):
                seconds = f"{self._fault_seconds:.0f} seconds in all"
                self._give_up(f"the target left requests without an answer for {seconds}")
                return
            if self._faults < MAX_FAULTS:
                return
            if self._answered is not None and self._sent(self._answered, alone=False).response is not None:
                self._faults = 0
                return
            self._give_up(f"the target stopped answering: {exchange.fault}")

    def _give_up(self, reason: str) -> None:
        self.gone = reason
        self.warn(reason)

    def _kept(self, request: Request, response: Response | None, fault: str | None = None) -> Exchange:
        with self._lock:
            exchange = Exchange(len(self.exchanges) + 1, self.phase, request, response, fault, self.secrets)
            self.exchanges.append(exchange)
            self.guard.note(exchange, self.target)
        return exchange


def preflight(session: Session, request: Request) -> None:
    """Get the tokens of all principals, and send a first request.

    Raises UnreachableError where the target does not answer it as this API would, and ConformanceError where a token
    cannot be got.
    """
    phase, session.phase = session.phase, "preflight"
    try:
        session.credentials.get_all()
        exchange = session.first(request)
    finally:
        session.phase = phase
    if exchange.response is None:
        raise unanswered(session.fault or Fault(Kind.CLOSED, str(exchange.fault)), session.target)
    if (error := unusable(exchange.response, session.target, session.secrets)) is not None:
        raise error
