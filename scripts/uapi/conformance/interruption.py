"""Ends what is being done when the process is told to end, so that it can be undone; and lets nothing disturb that."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

ENDING: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals that ask a program to end."""


class Terminated(KeyboardInterrupt):
    """The process was told to end. It is a KeyboardInterrupt, since pytest ends a run for nothing else."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        """Keep the signal."""
        self.message: Final = f"the run was ended by the signal {signal.Signals(number).name}"
        super().__init__(self.message)
        self.exit_code: Final = 128 + number
        """The exit code of an interrupted program, as shells count."""


@dataclass(slots=True)
class Interruption:
    """Whether a run was interrupted."""

    signal: int | None = None
    """The signal that ended the run, None where it ended by itself."""

    @property
    def exit_code(self) -> int | None:
        """The exit code of an interrupted program, as shells count: 128 and the signal."""
        return None if self.signal is None else 128 + self.signal


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Raise Terminated in the context on each signal that asks for an end, and note the first of them."""
    interruption = Interruption()
    with _handled(interruption):
        yield interruption


@contextmanager
def undisturbed() -> Iterator[None]:
    """Do not hear signals that ask for an end: what the context does is what is to be done before it."""
    with _handled(None):
        yield


@contextmanager
def _handled(interruption: Interruption | None) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set handlers, and only it is interrupted
        return

    def handle(number: int, _: FrameType | None) -> None:
        if interruption is not None:
            interruption.signal = interruption.signal or number
            raise Terminated(number)

    heard = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]  # nohup ignores some
    before = {number: signal.signal(number, handle) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
