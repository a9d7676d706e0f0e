"""How a request can end without an answer."""

from __future__ import annotations

import ssl
import time
from enum import StrEnum
from typing import Final

EXPIRED: Final = 10
NOT_YET_VALID: Final = 9
WRONG_NAME: Final = frozenset({62, 64})
"""Reasons of OpenSSL not to trust a certificate: X509_V_ERR_CERT_HAS_EXPIRED and so on."""
CLIENT_REFUSED: Final = ("CERTIFICATE_REQUIRED", "ALERT_HANDSHAKE_FAILURE", "BAD_CERTIFICATE", "ALERT_UNKNOWN_CA")
"""How a server says that it does not accept the client's certificate."""
SPOKEN_OTHERWISE: Final = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"})
"""How OpenSSL names what is no TLS record."""


class Kind(StrEnum):
    """The kinds of faults, as far as the way out of them differs."""

    NAME = "name"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    PROXY = "proxy"
    UNTRUSTED = "untrusted"
    WRONG_NAME = "wrong name"
    EXPIRED = "expired"
    CLIENT_CERTIFICATE = "client certificate"
    NO_TLS = "no tls"
    TLS = "tls"
    IS_TLS = "is tls"
    TIMEOUT = "timeout"
    CLOSED = "closed"
    NO_HTTP = "no http"
    TOO_LARGE = "too large"


class Fault(Exception):  # noqa: N818 - what a server did, not an error of the kit
    """A request ended without an answer; the message says how."""

    def __init__(self, kind: Kind, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.kind: Final = kind
        self.message: Final = message


class Deadline:
    """The time that is left for one request, over all that it takes."""

    def __init__(self, seconds: float) -> None:
        """Start the clock."""
        self._seconds: Final = seconds
        self._end: Final = time.monotonic() + seconds
        self.answering = False
        """Whether an answer has begun."""

    def left(self) -> float:
        """Return the seconds that are left; raise Fault where there are none."""
        if (left := self._end - time.monotonic()) > 0:
            return left
        raise self.passed()

    def passed(self) -> Fault:
        """Return the fault of a server that took too long."""
        return Fault(Kind.TIMEOUT, f"no {'whole ' if self.answering else ''}answer in {self._seconds:g} seconds")


def of_tls(error: OSError, server: str) -> Fault:
    """Return the fault of a TLS handshake that failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _of_certificate(error, server)
    reason = getattr(error, "reason", None) or ""
    if any(alert in reason for alert in CLIENT_REFUSED):
        return Fault(Kind.CLIENT_CERTIFICATE, f"TLS: {server} refuses the kit's certificate, or the lack of one")
    if reason in SPOKEN_OTHERWISE:
        return Fault(Kind.NO_TLS, f"TLS: {server} does not speak TLS on that port")
    if isinstance(error, (ssl.SSLEOFError, ConnectionError)):
        return Fault(Kind.NO_TLS, f"TLS: {server} closed the connection in the handshake")
    said = reason.replace("_", " ").lower() or str(error) or type(error).__name__
    return Fault(Kind.TLS, f"TLS: no connection to {server}: {said}")


def _of_certificate(error: ssl.SSLCertVerificationError, server: str) -> Fault:
    if error.verify_code == EXPIRED:
        return Fault(Kind.EXPIRED, f"TLS: the certificate of {server} has expired")
    if error.verify_code == NOT_YET_VALID:
        return Fault(Kind.EXPIRED, f"TLS: the certificate of {server} is not valid yet")
    if error.verify_code in WRONG_NAME:
        return Fault(Kind.WRONG_NAME, f"TLS: the certificate is not for {server}: {error.verify_message}")
    return Fault(Kind.UNTRUSTED, f"TLS: the certificate of {server} is not trusted: {error.verify_message}")
