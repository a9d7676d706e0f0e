"""Requests access tokens with client credentials (RFC 6749, section 4.4), as the Apps of a VoipNow server do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from uapi.conformance.errors import TargetError, UnreachableError
from uapi.conformance.redaction import redact
from uapi.conformance.target.values import TOKEN
from uapi.conformance.transport import Answer, Fault, Outgoing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uapi.conformance.target import OAuth

FORM: Final = ("Content-Type", "application/x-www-form-urlencoded")
JSON: Final = ("Accept", "application/json")
LONGEST_TOKEN: Final = 8192
"""How long a token may be, in characters: few servers take a longer header."""
SHOWN: Final = 200
OK: Final = 200


@dataclass(frozen=True, slots=True)
class Grant:
    """An access token, and for how many seconds it is good; None where the server does not say."""

    token: str
    seconds: float | None


def request_token(
    app: OAuth,
    send: Callable[[Outgoing], Answer],
    *,
    where: str,
    secrets: Mapping[str, str],
    headers: tuple[tuple[str, str], ...] = (),
) -> Grant:
    """Return a token for an App's own credentials; `secrets` stay out of what is said of an error.

    A redirect is not followed: the secret is for the configured endpoint alone. Raises TargetError where the endpoint
    refuses the credentials, UnreachableError where it does not answer as a token endpoint does.
    """
    form = {"grant_type": "client_credentials", "client_id": app.client_id, "client_secret": app.client_secret}
    optional = {"type": app.type, "redirect_uri": app.redirect_uri, "scope": app.scope}
    form |= {name: value for name, value in optional.items() if value}
    body = urlencode(form).encode("ascii")
    try:
        answer = send(Outgoing("POST", app.token_url, (FORM, JSON, *headers), body))
    except Fault as fault:
        hint = f"Is {where}.token_url right?"
        raise UnreachableError(f"{app.token_url} does not answer: {fault.message}", where=where, hint=hint) from fault
    value = _object(answer)
    if answer.status == OK and value is not None:
        return _grant(value, app, where)
    if value is not None and isinstance(value.get("error"), (str, dict)):
        said = redact(json.dumps(value["error"] if isinstance(value["error"], dict) else _said(value)), secrets)
        message = f"the token endpoint refuses the App ({answer.status}): {said[:SHOWN]}"
        raise TargetError(
            message, where=where, hint=f"Are {where}.client_id and client_secret right, and is it trusted?"
        )
    redirected = answer.status in range(300, 400)
    what = f"redirects ({answer.status}), which is not followed" if redirected else f"answers {answer.status}"
    hint = f"{where}.token_url must be the token endpoint itself, usually https://HOST/oauth/token.php."
    raise UnreachableError(f"{app.token_url} {what}, not as a token endpoint would", where=where, hint=hint)


def _object(answer: Answer) -> dict[str, Any] | None:
    try:
        value = json.loads(answer.body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _said(value: Mapping[str, Any]) -> str:
    about = value.get("error_description")
    return f"{value['error']}: {about}" if isinstance(about, str) else str(value["error"])


def _grant(value: Mapping[str, Any], app: OAuth, where: str) -> Grant:
    """Read the answer of RFC 6749, section 5.1. No message has it in it: it holds a token."""
    token, kind, seconds = value.get("access_token"), value.get("token_type", "Bearer"), value.get("expires_in")
    hint = f"Is {where}.token_url a token endpoint of OAuth 2.0?"
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN or not TOKEN.fullmatch(token):
        raise UnreachableError(f"{app.token_url} answers without an access_token", where=where, hint=hint)
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise UnreachableError(f"{app.token_url} gives tokens that are no Bearer tokens", where=where, hint=hint)
    try:
        lasting = float(seconds) if isinstance(seconds, (int, float, str)) and not isinstance(seconds, bool) else None
    except ValueError:
        lasting = None
    return Grant(token, lasting if lasting is not None and lasting > 0 else None)
