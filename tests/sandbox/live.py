"""A sandbox on a real socket of the loopback interface."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from uapi.sandbox.serving import base_url, listen, uvicorn_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an application in a thread, as the command does in a process; yield its base URL."""
    with listen("127.0.0.1", 0) as bound:
        server = uvicorn.Server(uvicorn_config(app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            yield base_url(bound)
        finally:
            while not server.started and thread.is_alive():
                time.sleep(0.001)  # A server that is told to stop before it has started does not listen.
            server.should_exit = True
            thread.join()


def exchange(url: str, *parts: bytes, then_close: bool = False) -> bytes:
    """Send bytes to the host of a URL, as they are, and return what comes back until the connection is closed."""
    host, _, port = url.removeprefix("http://").partition("/")[0].partition(":")
    received = b""
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                connection.sendall(part)
            if then_close:
                connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            while chunk := connection.recv(65536):
                received += chunk
    return received
