"""An error as the contract has it: a status, a code for programs and a message for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

CHALLENGE: Final = 'Bearer realm="uapi"'
"""How a client is asked for a token (RFC 6750, section 3; AUTH-006, AUTH-007)."""
SHOWN: Final = 80
"""How much of a value a message quotes."""


class ApiError(HTTPException):
    """A request is refused, or failed, with a status, an `error.code` and an `error.message`.

    Raise it anywhere in a service, an authorize callback or a dependency.
    """

    def __init__(self, status_code: int, code: str, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        """Keep the answer; `message` says what happened and the way out, and quotes values by `printable` only."""
        super().__init__(status_code, message, headers)
        self.code: Final = code


def error_response(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the answer `{"error": {"code": …, "message": …}}` (ERR-001 to ERR-004).

    A 401 has a challenge even where the caller gives none (AUTH-006).
    """
    given = dict(headers or {})
    if status == 401 and not any(name.lower() == "www-authenticate" for name in given):  # noqa: PLR2004 - the status
        given["WWW-Authenticate"] = CHALLENGE
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status, headers=given)


def printable(value: object) -> str:
    """Return a value as a message may quote it: in printable ASCII, and not longer than a line.

    Text of a client may hold control characters, or lone surrogates, which no UTF-8 body can carry.
    """
    text = value if isinstance(value, str) else repr(value)
    shown = text[:SHOWN].encode("unicode_escape").decode("ascii")
    return shown if len(text) <= SHOWN else f"{shown}..."
