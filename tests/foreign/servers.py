"""Starts servers that other people's tools made, each on a free port of loopback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
BUNDLE: Final = HERE.parents[1] / "generated" / "openapi.json"
PRISM: Final = HERE / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
START_SECONDS: Final = 60.0
LISTENING: Final = re.compile(r"(?:listening|running) on (http://127\.0\.0\.1:[1-9]\d*)")


@dataclass(frozen=True)
class Server:
    """A program that serves the API, and the folder with what is known of it."""

    command: tuple[str, ...]
    folder: Path

    @property
    def target(self) -> Path:
        return self.folder / "target.toml"

    @property
    def failures(self) -> Path:
        return self.folder / "failures.toml"

    @property
    def warnings(self) -> Path:
        return self.folder / "warnings.toml"

    @contextmanager
    def running(self, log: Path) -> Iterator[str]:
        """Serve until the context ends; yield the base URL. What the program prints goes to a file."""
        with log.open("wb") as stream:
            process = subprocess.Popen(self.command, stdout=stream, stderr=subprocess.STDOUT)  # noqa: S603 - pinned
        try:
            yield _address(process, log)
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while (found := LISTENING.search(log.read_text("utf-8", "replace"))) is None:
        ended = process.poll()
        said = log.read_text("utf-8", "replace")
        assert ended is None, f"the server ended with {ended}: {said}"
        assert time.monotonic() < deadline, f"the server does not listen: {said}"
        time.sleep(0.05)
    return found[1]


MOCK: Final = Server(
    ("node", str(PRISM), "mock", "--host", "127.0.0.1", "--port", "0", str(BUNDLE)),
    HERE / "prism",
)
"""Prism's mock of the bundle: it answers with the examples of the contract, and keeps nothing."""
GENERATED: Final = Server(
    (
        *(sys.executable, "-m", "uvicorn", "foreign.fastapi_codegen.generated.main:app"),
        *("--app-dir", str(HERE.parent), "--host", "127.0.0.1", "--port", "0", "--no-access-log"),
    ),
    HERE / "fastapi_codegen",
)
"""A server whose routes, models and validation fastapi-code-generator wrote."""


def conformance(server: Server, base_url: str, output: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the whole kit on a server as a process of its own, with the failures that are known of it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UAPI_")}
    command = [
        *(sys.executable, "-P", "-m", "uapi.cli", "conformance", "--target", str(server.target)),
        *("--base-url", base_url, "--output", str(output), *more),
    ]
    return subprocess.run(  # noqa: S603 - our own command
        command, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
