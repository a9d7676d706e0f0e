"""Runs a page in headless Chromium, with a script of the test's added, and returns what the script found."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--dump-dom",
    "--virtual-time-budget=10000",
)
DARK = "--blink-settings=preferredColorScheme=0"
TIMEOUT = 30
RUN = """(async () => {
  let found;
  try { found = await (async () => { %s })(); } catch (error) { found = {error: String(error), stack: error.stack}; }
  const told = document.createElement("pre");
  told.id = "found-by-the-test";
  told.textContent = JSON.stringify(found);
  document.body.append(told);
})();"""


def chromium() -> str:
    """Return the browser that `CHROMIUM` names or that PATH has; skip the test where there is none."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no browser: set CHROMIUM, or have one of {', '.join(NAMES)} on PATH")
    return found


class Browser:
    """A browser with a profile of its own for each page."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._count = 0

    def run(self, page: str, script: str, *, fragment: str = "", dark: bool = False, library: str = "") -> Any:
        """Load a page, run the body of an async function in it, and return its value.

        The page's policy stays in force; it is told to allow the two scripts that are added.
        """
        run = RUN % script
        for added in filter(None, (library, run)):
            digest = base64.b64encode(hashlib.sha256(added.encode()).digest()).decode()
            page = page.replace("script-src ", f"script-src 'sha256-{digest}' ", 1)
            page = page.replace("</body>", f"<script>{added}</script>\n</body>")
        return self.read(page, fragment=fragment, dark=dark)

    def read(self, page: str, *, fragment: str = "", dark: bool = False) -> Any:
        """Load a page that tells by itself what it found."""
        self._count += 1
        file = self._folder / f"{self._count}.html"
        file.write_text(page, "utf-8")
        profile = f"--user-data-dir={self._folder / f'profile-{self._count}'}"
        command = [self._program, *FLAGS, *([DARK] if dark else []), profile, f"{file.as_uri()}{fragment}"]
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=True)  # noqa: S603 - our own
        told = re.search(r'<pre id="found-by-the-test">(.*?)</pre>', done.stdout.decode("utf-8"), re.DOTALL)
        assert told is not None, done.stderr.decode("utf-8", "replace")[-2000:]
        return json.loads(html.unescape(told[1]))


def framed(page: str, *, width: int, script: str) -> str:
    """Return a page that shows another one in a frame of a width, which a window may be too wide for."""
    return (
        f'<!doctype html><title>x</title><body><iframe width="{width}" height="700" srcdoc="{html.escape(page)}">'
        "</iframe><script>const frame = document.querySelector('iframe'); frame.onload = () => {"
        f"const inner = frame.contentDocument; {RUN % script} }};</script></body>"
    )
