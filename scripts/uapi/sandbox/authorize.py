"""Who is asking: the principal of the token that a request sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from fastapi.security import HTTPAuthorizationCredentials
from starlette.requests import Request  # noqa: TC002 - FastAPI resolves the annotations of a dependency

from uapi.sandbox.api_errors import ApiError
from uapi.sandbox.api_errors.error import CHALLENGE

if TYPE_CHECKING:
    from uapi.sandbox.store import Store
    from uapi.sandbox.world import Principal
    from uapi_phonecalls.server import Credentials, RequirementSets

INVALID_TOKEN: Final = {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
"""The challenge to a request whose token is of no use (RFC 6750, section 3.1)."""


class Authorize:
    """The authorize callback of the generated server: finds the principal of the credentials of a request.

    A token is taken from `Authorization: Bearer` (AUTH-001), or from the query parameter `accessRequestToken`, bare
    or after the word Bearer (AUTH-002, D-03). One that is unknown or has expired is refused with 401 `access_denied`
    (AUTH-004, AUTH-005, D-10); a request without one never comes here, and is refused in the same way (AUTH-003).
    """

    def __init__(self, store: Store) -> None:
        """Look up tokens in a store, by their digests."""
        self._store: Final = store

    def __call__(self, _requirement_sets: RequirementSets, credentials: Credentials) -> Principal:
        """Return the principal of the credentials. Raises ApiError 401."""
        tokens = {_token(credential) for credential in credentials.values()}
        if len(tokens) > 1:
            _refuse("The request has different tokens in its header and its query. Send one.")
        grant = self._store.grant(tokens.pop())
        if grant is None:
            _refuse("The token is not known. Request one from /oauth/token.php.")
        if grant.expired(self._store.now()):
            _refuse("The token has expired. Request a new one from /oauth/token.php.")
        return grant.principal


async def one_credential(request: Request) -> None:
    """Refuse a request that sends a credential twice, of which servers and proxies might each read another one.

    A dependency of every operation, since what is read of a repeated header or parameter is one value only. Raises
    ApiError 401.
    """
    if len(request.headers.getlist("authorization")) > 1 or len(request.query_params.getlist("accessRequestToken")) > 1:
        _refuse("The request has a credential twice. Send one.")


def _token(credential: object) -> str:
    if isinstance(credential, HTTPAuthorizationCredentials):
        return credential.credentials
    scheme, _, token = str(credential).partition(" ")
    return token.strip() if scheme.lower() == "bearer" else str(credential)


def _refuse(message: str) -> NoReturn:
    raise ApiError(401, "access_denied", message, headers=INVALID_TOKEN)
