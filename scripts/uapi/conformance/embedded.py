"""Starts a sandbox of one's own for a run. It is a program like any other: known by its URL and its target file."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from uapi.conformance.errors import UnreachableError
from uapi.conformance.interruption import interruptible

if TYPE_CHECKING:
    from collections.abc import Iterator

START_SECONDS: Final = 30.0


@contextmanager
def sandbox(calls: int = 1) -> Iterator[Path]:
    """Run `uapi sandbox` on a free port; yield the target file that it writes, and end it afterwards.

    The file names as many phone calls as are asked for, one for each worker.

    Raises UnreachableError where it does not start.
    """
    with interruptible(), tempfile.TemporaryDirectory(prefix="uapi-conformance-") as folder:
        file = Path(folder) / "target.toml"
        errors = Path(folder) / "stderr"
        command = [sys.executable, "-P", "-m", "uapi.cli", "sandbox", "--port", "0", "--target-calls", str(calls)]
        command += ["--target-file", str(file)]
        with errors.open("wb") as stderr:
            process = subprocess.Popen(  # noqa: S603 - our own
                command,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,  # Ctrl-C is for the kit, which stops what it started before the sandbox ends
            )
        try:
            _await(process, file, errors)
            yield file
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await(process: subprocess.Popen[bytes], file: Path, errors: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            reason = errors.read_text("utf-8", "replace").strip() or "it said nothing"
            hint = "Try 'uapi sandbox' by itself to see why."
            raise UnreachableError(f"the embedded sandbox did not start: {reason}", where="--sandbox", hint=hint)
        time.sleep(0.02)
