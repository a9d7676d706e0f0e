"""Runs a program of the user's: without a shell, within its time, and with all that it started."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from uapi.conformance.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


MAX_BYTES: Final = 1024 * 1024
"""How much a program may write: it is asked for a token, or for the ids of a phone call."""
READ: Final = 65_536


class _FloodError(Exception):
    """A program writes on and on."""


@dataclass(frozen=True, slots=True)
class Output:
    """What a program wrote before it ended well."""

    text: str
    errors: str


def run_program(
    command: Sequence[str], seconds: float, where: str, variables: Mapping[str, str] | None = None
) -> Output:
    """Run a program and return its output; raise TargetError where it cannot run, fails, or takes too long.

    `variables` are added to its environment.

    No message has an argument or the output in it, either of which may hold a secret.
    """
    name, by_hand = command[0], "Run it by hand, to see what it says."
    try:
        process = subprocess.Popen(  # noqa: S603 - what the user's own configuration names
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(variables or {})},
            start_new_session=True,  # what it starts in turn is ended with it, and Ctrl-C is for the kit to handle
        )
    except OSError as error:
        hint = "Name a program that is on PATH, or its path."
        raise TargetError(f"{name} cannot be run: {error.strerror}", where=where, hint=hint) from error
    with process:
        try:
            output, errors = _written(process, time.monotonic() + seconds)
        except _FloodError:
            raise TargetError(f"{name} wrote more than {MAX_BYTES} bytes", where=where, hint=by_hand) from None
        except subprocess.TimeoutExpired:
            raise TargetError(f"{name} did not end in {seconds:g} seconds", where=where, hint=by_hand) from None
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        how = f"with {process.returncode}" if process.returncode > 0 else f"by the signal {-process.returncode}"
        raise TargetError(f"{name} ended {how}", where=where, hint=by_hand)
    return Output(output.decode("utf-8", "replace"), errors.decode("utf-8", "replace"))


def _written(process: subprocess.Popen[bytes], end: float) -> tuple[bytes, bytes]:
    """Return what a program writes to its output and to its errors; raise TimeoutExpired where it does not end."""
    assert process.stdout is not None  # noqa: S101 - both are pipes
    assert process.stderr is not None  # noqa: S101
    output, errors = bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, output)
        selector.register(process.stderr, selectors.EVENT_READ, errors)
        while selector.get_map():
            if (left := end - time.monotonic()) <= 0:
                raise subprocess.TimeoutExpired(process.args, left)
            for key, _ in selector.select(left):
                if not (data := os.read(key.fd, READ)):
                    selector.unregister(key.fileobj)
                key.data.extend(data)
                if len(key.data) > MAX_BYTES:
                    raise _FloodError
    process.wait(max(0.0, end - time.monotonic()))
    return bytes(output), bytes(errors)
