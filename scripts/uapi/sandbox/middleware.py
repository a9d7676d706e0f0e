"""What happens to every request before and after the application: in ASGI, so that any application can be wrapped."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Final

from uapi.sandbox.api_errors import ApiError, error_response, printable
from uapi.sandbox.api_errors.handlers import FAULT, credentials

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT: Final = 64 * 1024
"""The most bytes of a request body."""

access_log: Final = logging.getLogger("uapi.sandbox.access")
fault_log: Final = logging.getLogger("uapi.sandbox.fault")


class FaultGuard:
    """Ends every fault as 500 `internal_server_error` that tells nothing, and writes it to the log without tokens."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app: Final = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request; an exception never leaves this."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:  # noqa: BLE001 - whatever it is
            text = traceback.format_exc()
            for token in credentials(scope):
                text = text.replace(token, "[token]")
            fault_log.error("%s %s failed\n%s", scope["method"], printable(scope["path"]), text)
            if not started:
                await error_response(500, "internal_server_error", FAULT)(scope, receive, send)


class AccessLog:
    """Writes method, path and status of every request to the log: no query, no header, no body."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app: Final = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                access_log.info("%s %s %d", scope["method"], printable(scope["path"]), message["status"])
            await send(message)

        await self._app(scope, receive, noted if scope["type"] == "http" else send)


class BodyLimit:
    """Refuses a body that is too large with 413, as soon as that is known and without reading the rest."""

    def __init__(self, app: ASGIApp, limit: int = BODY_LIMIT) -> None:
        """Wrap an application; `limit` is in bytes."""
        self._app: Final = app
        self._limit: Final = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request. A body without a declared length is counted as the application reads it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        error = ApiError(
            413,
            "content_too_large",
            f"The body is larger than {self._limit} bytes.",
            headers={"Connection": "close"},  # What was not read cannot be told from a next request.
        )
        declared = [value for name, value in scope["headers"] if name == b"content-length"]
        if any(value.isdigit() and int(value[:20]) > self._limit for value in declared):
            response = error_response(error.status_code, error.code, error.detail, error.headers)
            await response(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit:
                raise error
            return message

        await self._app(scope, counted, send)
