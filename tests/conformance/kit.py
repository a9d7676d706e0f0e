"""`uapi conformance` as a process of its own: what it wrote, how it ended, and how much memory it took."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

COMMAND: Final = (sys.executable, "-m", "uapi.cli", "conformance")
SAFETY: Final = 300.0
"""After how many seconds a process is killed. It has to end by itself; this only keeps the tests from hanging."""
WATCHER: Final = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code if code >= 0 else 128 - code)
"""
"""Runs a command and writes down its peak memory. A process counts the memory of the one that started it as its own
until it becomes another program, so this one is small."""
KIB: Final = 1024


@dataclass(frozen=True)
class Ended:
    """A process that ended by itself."""

    code: int
    out: str
    err: str
    folder: Path
    peak: float
    """Its peak memory in MiB."""

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "reports" / "report.json").read_text("utf-8"))
        return found

    @property
    def files(self) -> dict[str, str]:
        """The reports by name, as text."""
        return {file.name: file.read_text("utf-8") for file in sorted((self.folder / "reports").iterdir())}

    @property
    def written(self) -> str:
        """Everything that the process told, on the terminal and in its files."""
        files = [file.read_text("utf-8", "replace") for file in sorted(self.folder.rglob("*")) if file.is_file()]
        return "".join([self.out, self.err, *files])


def surroundings() -> dict[str, str]:
    """Return an environment that sets nothing of a target, and in which modules are found as here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UAPI_", "COLUMNS"))}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def run_kit(folder: Path, *arguments: object) -> Ended:
    """Run the kit in a folder until it ends."""
    peak = folder.with_name(f"{folder.name}.peak")
    with started([sys.executable, "-c", WATCHER, str(peak), *COMMAND, *map(str, arguments)], folder) as process:
        out, err = process.communicate(timeout=SAFETY)
    return Ended(process.returncode, out, err, folder, int(peak.read_text()) / KIB)


@contextmanager
def started(words: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a command in a folder; end it with all that it started where the context is left before it ended."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        words,
        cwd=folder,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
