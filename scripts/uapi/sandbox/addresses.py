"""The URLs in answers: absolute, on the host that the client asked, or on the one that `--public-url` gives."""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX: Final = "/uapi"
"""The base path of the service (`servers` of the contract)."""
LONGEST: Final = 8192
"""The most characters of a URL in an answer, by the contract."""
HOST: Final = re.compile(r"[A-Za-z0-9._-]{1,255}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")

_origin: ContextVar[str] = ContextVar("origin", default="http://127.0.0.1")


class Origin:
    """The middleware that notes scheme and host of a request for `url`."""

    def __init__(self, app: ASGIApp, public_url: str | None = None) -> None:
        """Wrap an application; `public_url`, without `/uapi`, is what the service is reached by through a proxy."""
        self._app: Final = app
        self._public: Final = public_url.rstrip("/") if public_url else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request with its origin noted."""
        if scope["type"] == "http":
            token = _origin.set(self._public or _requested(scope))
            try:
                await self._app(scope, receive, send)
            finally:
                _origin.reset(token)
        else:
            await self._app(scope, receive, send)


def url(*segments: str, query: Mapping[str, object] | None = None) -> str:
    """Return the URL of a path below the prefix, with `*` and `@` as they are (D-20, D-26)."""
    path = "/".join(quote(segment, safe="*@:") for segment in segments)
    tail = f"?{urlencode(query, safe='*@:,')}" if query else ""
    return f"{_origin.get()}{PREFIX}/{path}{tail}"


def _requested(scope: Scope) -> str:
    """Return scheme and host of a request; a `Host` that is none, or missing, gives way to the server's address."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if len(hosts) == 1 and HOST.fullmatch(hosts[0]):
        return f"{scope['scheme']}://{hosts[0]}"
    host, port = scope.get("server") or ("127.0.0.1", None)
    return f"{scope['scheme']}://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}"
