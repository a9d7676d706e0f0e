"""Serves a folder on the loopback, and holds the scripts that tests run in pages of the site."""

from __future__ import annotations

import functools
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPEN_ALL = "for (const one of document.querySelectorAll('details')) { one.removeAttribute('name'); one.open = true; }"
TYPE = """
  const type = (id, text) => {
    const input = document.getElementById(id);
    input.value = text;
    input.dispatchEvent(new Event("input", {bubbles: true}));
  };
"""
SEARCHED = """
  const seen = () => document.getElementById("search-found").textContent;
  while (!seen()) await new Promise((done) => setTimeout(done, 5));
  const found = [...document.querySelectorAll("#search-results a")].map((link) => link.textContent);
"""
"""The index is loaded when the search is opened first: the loop ends when what was typed was looked for."""


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder, and says nothing."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
