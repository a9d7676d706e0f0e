"""The command `uapi sandbox` as a process of a test's own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time
import tomllib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sandbox.desk import USER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = [sys.executable, "-m", "uapi.cli", "sandbox", "--port", "0"]
DEADLINE = 60


def environment(folder: Path) -> dict[str, str]:
    """Return an environment in which temporary files are in a folder of the test, and modules are found as here."""
    paths = os.pathsep.join(path for path in sys.path if path)
    return {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": paths, "PYTHONUNBUFFERED": "1"}


@contextmanager
def running(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Run the command; yield its process and the target that it writes, once it can be reached."""
    file = folder / "target.toml"
    temporary = folder / "temporary"
    temporary.mkdir(exist_ok=True)
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [*COMMAND, "--target-file", str(file), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(temporary),
    )
    try:
        deadline = time.monotonic() + DEADLINE
        while not file.exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        yield process, tomllib.loads(file.read_text())
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=DEADLINE)


def connect(target: dict[str, Any], *, verify: bool = True) -> http.client.HTTPConnection:
    """Return a connection to a sandbox; one that speaks HTTPS has to show a certificate that the target trusts."""
    parts = urlsplit(target["base_url"])
    assert parts.hostname
    if parts.scheme == "http":
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=DEADLINE)
    context = ssl.create_default_context(cafile=target.get("tls", {}).get("ca_file"))
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=DEADLINE, context=context)


def ask(target: dict[str, Any], method: str, path: str, body: object = None) -> tuple[int, Any]:
    connection = connect(target)
    headers = {"Authorization": f"Bearer {USER}", "Content-Type": "application/json"}
    try:
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content else None
    finally:
        connection.close()


def end(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> tuple[str, str]:
    """End a process by a signal and return what it printed; it has to end well."""
    process.send_signal(number)
    output, errors = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0, errors
    return output, errors
