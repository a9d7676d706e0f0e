"""Carries requests to a server over HTTP/1.1, and survives whatever the server does.

Written on h11 and not on an HTTP library, since those time each read and not the answer, hide what follows a 204,
rewrite paths, and keep no bound on what a server may send.
"""

from __future__ import annotations

from uapi.conformance.transport.answer import MAX_BODY_BYTES, Answer, Outgoing
from uapi.conformance.transport.fault import Fault, Kind
from uapi.conformance.transport.route import Route
from uapi.conformance.transport.transport import Transport

__all__ = ["MAX_BODY_BYTES", "Answer", "Fault", "Kind", "Outgoing", "Route", "Transport"]
