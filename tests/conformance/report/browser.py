"""Shows a page in headless Chromium, and drives it by the DevTools protocol over a pipe."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from base64 import b64decode
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
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
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
START = """
import fcntl, os, sys
reads, writes = (fcntl.fcntl(int(one), fcntl.F_DUPFD, 10) for one in sys.argv[1:3])
os.dup2(reads, 3)
os.dup2(writes, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""The browser reads from descriptor 3 and writes to 4; Python gives a child its descriptors by other numbers."""
TIMEOUT = 30
KEYS = {
    "Tab": {"code": "Tab", "windowsVirtualKeyCode": 9},
    "Enter": {"code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"},
    " ": {"code": "Space", "windowsVirtualKeyCode": 32, "text": " "},
    "/": {"code": "Slash", "windowsVirtualKeyCode": 191, "text": "/"},
    "Escape": {"code": "Escape", "windowsVirtualKeyCode": 27},
    "ArrowDown": {"code": "ArrowDown", "windowsVirtualKeyCode": 40},
    "ArrowUp": {"code": "ArrowUp", "windowsVirtualKeyCode": 38},
}


def chromium() -> str:
    """Return the browser that `CHROMIUM` names or that PATH has; skip the test where there is none."""
    found = next(filter(None, map(shutil.which, filter(None, (os.environ.get("CHROMIUM"), *NAMES)))), None)
    if found is None:
        pytest.skip(f"no browser: set CHROMIUM, or have one of {', '.join(NAMES)} on PATH")
    return found


class Browser:
    """A browser with a profile of its own, which each page shares with no other."""

    def __init__(self, program: str, folder: Path) -> None:
        self._folder = folder
        self._ids = count(1)
        self._buffer = b""
        self._events: list[dict[str, Any]] = []
        reads, self._commands = os.pipe()
        self._messages, writes = os.pipe()
        command = [sys.executable, "-c", START, str(reads), str(writes), program, *FLAGS]
        self._process = subprocess.Popen(  # noqa: S603 - the browser
            [*command, f"--user-data-dir={folder / 'profile'}"],
            pass_fds=(reads, writes),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(reads)
        os.close(writes)

    def close(self) -> None:
        """End the browser, and wait for its end."""
        os.close(self._commands)
        os.close(self._messages)
        try:
            self._process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @contextmanager
    def page(
        self, text: str, *, fragment: str = "", width: int = 1280, height: int = 900, dark: bool = False
    ) -> Iterator[Page]:
        """Show a page that is made of a text, as `shown` does."""
        file = self._folder / f"{next(self._ids)}.html"
        file.write_text(text, "utf-8")
        with self.shown(f"{file.as_uri()}{fragment}", width=width, height=height, dark=dark) as page:
            yield page

    @contextmanager
    def shown(self, url: str, *, width: int = 1280, height: int = 900, dark: bool = False) -> Iterator[Page]:
        """Show a page in a window of its own that has a size in CSS pixels; yield it once it is loaded."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        page.call("Emulation.setEmulatedMedia", features=scheme)
        page.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        page.call("Network.enable")
        page.call("Page.enable")
        page.call("Page.navigate", url=url)
        self.wait(session, "Page.loadEventFired")
        yield page
        self.call("Target.disposeBrowserContext", browserContextId=context)
        self._events.clear()

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Send a command, and return what it returns."""
        number = next(self._ids)
        command = {"id": number, "method": method, "params": parameters}
        os.write(self._commands, json.dumps(command | ({"sessionId": session} if session else {})).encode() + b"\0")
        while (message := self._receive()).get("id") != number:
            self._events.append(message)
        assert "error" not in message, message["error"]
        result: dict[str, Any] = message["result"]
        return result

    def wait(self, session: str, method: str) -> None:
        """Wait for an event of a page."""
        while not self.events(session, method):
            self._events.append(self._receive())

    def events(self, session: str, method: str) -> list[dict[str, Any]]:
        """Return the events of a kind that a page has told so far."""
        return [event for event in self._events if (event.get("sessionId"), event["method"]) == (session, method)]

    def _receive(self) -> dict[str, Any]:
        deadline = time.monotonic() + TIMEOUT
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._messages], [], [], max(deadline - time.monotonic(), 0))
            data = os.read(self._messages, 1 << 20) if ready else b""
            assert data, "the browser does not answer"
            self._buffer += data
        message, _, self._buffer = self._buffer.partition(b"\0")
        received: dict[str, Any] = json.loads(message)
        return received


class Page:
    """A page that is shown. Its own policy stays in force: what a test runs in it does not come from the page."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser = browser
        self._session = session

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **parameters)

    def run(self, script: str) -> Any:
        """Run the body of an async function in the page, and return its value."""
        done = self.call(
            "Runtime.evaluate",
            expression=f"(async () => {{ {script} }})()",
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def load(self, library: str) -> None:
        """Run a script as it stands."""
        assert "exceptionDetails" not in self.call("Runtime.evaluate", expression=library)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as a keyboard does."""
        for key in keys:
            self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **KEYS[key])
            self.call("Input.dispatchKeyEvent", type="keyUp", key=key, **KEYS[key])

    def printed(self) -> bytes:
        """Print the page, and return the PDF."""
        return b64decode(self.call("Page.printToPDF", printBackground=False, preferCSSPageSize=True)["data"])

    def picture(self, *, whole: bool = True) -> bytes:
        """Return what the page looks like, as PNG."""
        return b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=whole)["data"])

    @property
    def requested(self) -> list[str]:
        """The URLs that were asked for since the page was asked for, it among them."""
        sent = self._browser.events(self._session, "Network.requestWillBeSent")
        return [event["params"]["request"]["url"] for event in sent]
