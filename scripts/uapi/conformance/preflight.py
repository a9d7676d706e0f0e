"""Tells why a target cannot be tested, from its first answer or the lack of one, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.conformance.errors import UnreachableError
from uapi.conformance.exchange import JsonError
from uapi.conformance.redaction import redact
from uapi.conformance.transport import Fault, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uapi.conformance.exchange import Response
    from uapi.conformance.target import Target

PREFLIGHT_SECONDS: Final = 3.0
"""How long the first answer may take, unless timeout_seconds is set: a server that is not there is said soon."""
NO_CONTENT: Final = 204
IDENTITY: Final = "identity"
HTML: Final = "text/html"
SHOWN: Final = 200
WANTS_TLS: Final = b"HTTPS port"
"""What nginx and Apache say where they are asked without TLS on a port that has it."""
BASE_PATH: Final = "base_url must end with the base path of the API, usually /uapi."
HINTS: Final = {
    Kind.NAME: "Is the host in base_url spelled right, and does this machine's DNS know it?",
    Kind.REFUSED: "Is the server running, and are host and port in base_url right?",
    Kind.UNREACHABLE: "Is the host in base_url right, and does a firewall or VPN stand in between? "
    "A slow network needs a larger connect_timeout_seconds.",
    Kind.PROXY: "Is proxy right, with its user and password, and does it let you through to that server?",
    Kind.UNTRUSTED: "Name the authority that signed it with tls.ca_file, a file in PEM.",
    Kind.WRONG_NAME: "Use the name in base_url that the certificate is for.",
    Kind.EXPIRED: "Renew the certificate, or mend the clock of this machine.",
    Kind.CLIENT_CERTIFICATE: "Name a certificate that the server accepts with tls.client_certificate and client_key.",
    Kind.NO_TLS: "Use http:// in base_url if the server has no TLS, or the port that has.",
    Kind.TLS: "Does the server offer TLS 1.2 or newer on that port?",
    Kind.IS_TLS: "Use https:// in base_url.",
    Kind.TIMEOUT: "Is base_url right? If the server is only slow, set timeout_seconds.",
    Kind.CLOSED: "Is base_url right, and the server healthy?",
    Kind.NO_HTTP: "Is the port in base_url that of the HTTP server?",
    Kind.TOO_LARGE: BASE_PATH,
}
"""What to do about each kind of fault."""


def first_seconds(target: Target) -> float:
    """Return how long to wait for the first answer."""
    if "timeout_seconds" in target.model_fields_set:
        return target.timeout_seconds
    return min(PREFLIGHT_SECONDS, target.timeout_seconds)


def unanswered(fault: Fault, target: Target) -> UnreachableError:
    """Return the error of a target that does not answer."""
    return UnreachableError(
        f"the target does not answer: {fault.message}", where=target.base_url, hint=HINTS[fault.kind]
    )


def unusable(response: Response, target: Target, secrets: Mapping[str, str]) -> UnreachableError | None:
    """Return the error of a target whose answer is not that of this API, or None where it may be."""
    if (found := _complaint(response)) is None:
        return None
    message, hint = (redact(text, secrets) for text in found)
    return UnreachableError(message, where=target.base_url, hint=hint)


def _complaint(response: Response) -> tuple[str, str] | None:
    status = response.status
    json = _is_json(response)
    named = "JSON" if json else "HTML" if response.media_type == HTML else response.media_type or "no media type"
    match status:
        case _ if status in range(300, 400):
            location = (response.header("location") or "nowhere")[:SHOWN]
            hint = f"Set base_url to where it redirects to, if that is the server you mean: {location}."
            found = f"the target redirects ({status})", hint
        case 407:
            found = "the proxy wants to know who asks (407)", HINTS[Kind.PROXY]
        case _ if WANTS_TLS in response.body[:4096]:
            found = f"the port wants TLS ({status})", HINTS[Kind.IS_TLS]
        case 401 | 403 if named != "HTML":
            hint = "Is the caller's token (caller.token, token_command or oauth) right, and still valid?"
            found = f"the target refuses the caller's token ({status})", hint
        case 404:
            found = f"the target answers 404 with {named}", BASE_PATH
        case _ if (coding := response.header("content-encoding") or IDENTITY).lower() != IDENTITY:
            hint = "The kit says that it takes none compressed. Switch it off, on the server or on what is before it."
            found = f"the target answers {status} with a compressed body ({coding[:SHOWN]})", hint
        case _ if status != NO_CONTENT and not json:
            page = "That is a web page. " if named == "HTML" else ""
            found = f"the target answers {status} with {named}, not as the API would", f"{page}{BASE_PATH}"
        case _:
            return None
    return found


def _is_json(response: Response) -> bool:
    """Tell whether an answer is JSON by what it says or by what it is: that it is both, is for the checks to ask."""
    if response.media_type == "application/json":
        return True
    try:
        response.json()
    except JsonError:
        return False
    return True
