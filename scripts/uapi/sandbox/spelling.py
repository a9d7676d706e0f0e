"""Takes the spellings of a request that clients in the field use for the usual one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from uapi.sandbox.addresses import PREFIX

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

SERVICE: Final = f"{PREFIX}/".encode()
LEGACY: Final = b"/unifiedapi/"
"""What the paths of the service begin with in the vendor's older clients."""
ABSOLUTE: Final = re.compile(rb"https?://([^/]*)", re.IGNORECASE)
FIELDS: Final = re.compile(rb"(?<![^&])fields=[^&]*")


class Spelling:
    """The middleware that takes some spellings of a request for the usual one.

    A target with scheme and host, as clients send it to a proxy and a server has to accept it (RFC 9112, section
    3.2.2), is split; its host counts, and not that of the header. A slash at the end of the path is left out (ADDR-009,
    D-27), without a redirect, since clients do not follow one. A percent-encoded comma in `fields` is taken for a
    comma: what builds query strings encodes it, and no name of a field has one. With `legacy_prefix`, `/unifiedapi` is
    taken for `/uapi`; the links in answers keep `/uapi`, which the clients that follow them know as well.
    """

    def __init__(self, app: ASGIApp, *, legacy_prefix: bool = False) -> None:
        """Wrap an application."""
        self._app: Final = app
        self._legacy_prefix: Final = legacy_prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request in its usual spelling."""
        if scope["type"] == "http":
            if absolute := ABSOLUTE.match(scope["raw_path"]):
                scope = _without_origin(scope, absolute)
            path, raw = scope["path"], scope["raw_path"]
            if path != "/" and raw.endswith(b"/"):
                path, raw = path[:-1], raw[:-1]
            if self._legacy_prefix and raw.startswith(LEGACY):
                path, raw = SERVICE.decode() + path[len(LEGACY) :], SERVICE + raw[len(LEGACY) :]
            scope = {**scope, "path": path, "raw_path": raw}
            if b"%2" in (query := scope["query_string"]):
                scope["query_string"] = FIELDS.sub(_with_commas, query)
        await self._app(scope, receive, send)


def _without_origin(scope: Scope, absolute: re.Match[bytes]) -> Scope:
    raw = absolute.string[absolute.end() :] or b"/"
    headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
    headers.append((b"host", absolute[1]))
    return {**scope, "path": unquote(raw.decode("ascii")), "raw_path": raw, "headers": headers}


def _with_commas(match: re.Match[bytes]) -> bytes:
    return match[0].replace(b"%2C", b",").replace(b"%2c", b",")
