"""The token endpoint, `POST /oauth/token.php`: tokens for the credentials of a trusted App, and for refresh tokens.

Its errors are those of OAuth 2.0 (RFC 6749, section 5.2), where `error` is a string; so it is on a VoipNow server, too.
"""

from __future__ import annotations

import secrets
from base64 import b64decode
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote_plus

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from uapi.sandbox.api_errors.body import media_type

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from uapi.sandbox.store import Store

PATH: Final = "/oauth/token.php"
LIFETIME: Final = 3600
"""How long a token is valid, in seconds: an hour, as the documentation has it now."""
FORM: Final = "application/x-www-form-urlencoded"
NOT_STORED: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
API: Final = "unifiedapi"


class TokenError(Exception):
    """A token request is refused with an error of RFC 6749, section 5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        """Keep the answer."""
        super().__init__(description)
        self.error: Final = error
        self.description: Final = description
        self.status: Final = status


def token_endpoint(store: Store) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint that issues tokens of the Apps of a store (D-04)."""

    async def token(request: Request) -> Response:
        body = await request.body()
        try:
            form = _form(request, body)
            client = _client(request, form)
            answer = await run_in_threadpool(_issue, store, form, client)
        except TokenError as error:
            headers = dict(NOT_STORED)
            if error.status == 401:  # noqa: PLR2004 - the status
                headers["WWW-Authenticate"] = 'Basic realm="oauth"'
            content = {"error": error.error, "error_description": error.description}
            return JSONResponse(content, status_code=error.status, headers=headers)
        return JSONResponse(answer, headers=NOT_STORED)

    return token


def _issue(store: Store, form: Mapping[str, str], client: tuple[str, str]) -> dict[str, object]:
    """Return the token answer to a form, for the App of a client id and secret."""
    client_id = client[0]
    with store.writing():
        principal = store.app_principal(*client)
        if principal is None:
            raise TokenError("invalid_client", "The client_id is unknown, or the client_secret is wrong.", 401)
        match form.get("grant_type"):
            case None:
                raise TokenError("invalid_request", "The grant_type is missing.")
            case "client_credentials":
                if form.get("type", API) != API:
                    raise TokenError("invalid_request", f"The type is not {API}.")
            case "refresh_token":
                refresh = form.get("refresh_token", "")
                grant = store.grant(refresh, "refresh")
                if grant is None or grant.client_id != client_id:
                    raise TokenError("invalid_grant", "The refresh_token is unknown, or was used before.")
                store.revoke(refresh)  # A refresh token is good once (RFC 6749, section 10.4).
            case _:
                raise TokenError("unsupported_grant_type", "Send client_credentials or refresh_token.")
        access, renewal = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        store.issue(client_id, principal, access, renewal, seconds=LIFETIME)
    answer = {"access_token": access, "token_type": "Bearer", "expires_in": LIFETIME, "refresh_token": renewal}
    return answer | {name: form[name] for name in ("state",) if name in form}


def _form(request: Request, body: bytes) -> dict[str, str]:
    """Return the fields of the form in a body. A field is sent once (RFC 6749, section 3.2)."""
    if media_type(request.headers.get("content-type", "")) != FORM:
        raise TokenError("invalid_request", f"The body is not declared as {FORM}.")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=32)
    except ValueError:
        raise TokenError("invalid_request", "The body is not a form of percent-encoded UTF-8.") from None
    form = dict(pairs)
    if len(form) < len(pairs):
        raise TokenError("invalid_request", "A field of the form is sent twice.")
    return form


def _client(request: Request, form: Mapping[str, str]) -> tuple[str, str]:
    """Return client id and secret, from the form or from HTTP Basic, not from both (RFC 6749, section 2.3)."""
    header = request.headers.get("authorization")
    if header is None:
        if not form.get("client_id") or not form.get("client_secret"):
            raise TokenError("invalid_client", "The client_id or the client_secret is missing.", 401)
        return form["client_id"], form["client_secret"]
    if "client_secret" in form:
        raise TokenError("invalid_request", "The client_secret is in the header and in the form. Send it once.")
    scheme, _, encoded = header.partition(" ")
    try:
        name, _, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        name = secret = ""
    if scheme.lower() != "basic" or not name:
        raise TokenError("invalid_client", "The Authorization header is not HTTP Basic.", 401)
    return unquote_plus(name), unquote_plus(secret)
