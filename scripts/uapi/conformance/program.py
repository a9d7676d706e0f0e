"""Runs a program of the user's: without a shell, within its time, and with all that it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from uapi.conformance.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Output:
    """What a program wrote before it ended well."""

    text: str
    errors: str


def run_program(command: Sequence[str], seconds: float, where: str) -> Output:
    """Run a program and return its output; raise TargetError where it cannot run, fails, or takes too long.

    No message has an argument or the output in it, either of which may hold a secret.
    """
    name, by_hand = command[0], "Run it by hand, to see what it says."
    try:
        process = subprocess.Popen(  # noqa: S603 - what the user's own configuration names
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # what it starts in turn is ended with it, and Ctrl-C is for the kit to handle
        )
    except OSError as error:
        hint = "Name a program that is on PATH, or its path."
        raise TargetError(f"{name} cannot be run: {error.strerror}", where=where, hint=hint) from error
    with process:
        try:
            output, errors = process.communicate(timeout=seconds)
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
