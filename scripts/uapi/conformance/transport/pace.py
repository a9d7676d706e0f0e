"""Holds requests to a number in each second, over all threads."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class Pace:
    """Lets requests pass one by one, evenly spaced."""

    def __init__(
        self,
        per_second: float | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Let as many requests pass in a second, or without a limit where it is None."""
        self._interval: Final = 1 / per_second if per_second else 0.0
        self._clock: Final = clock
        self._sleep: Final = sleep
        self._lock: Final = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Wait for the turn of a request."""
        if not self._interval:
            return
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._interval
        if turn > now:
            self._sleep(turn - now)
