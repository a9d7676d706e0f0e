"""Holds requests to a number in each second, over all threads and over all processes of a run."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Share:
    """Which part of the requests of a run is a process's own: one of several equal ones, counted from 0."""

    index: int = 0
    of: int = 1


WHOLE: Final = Share()


class Pace:
    """Lets requests pass one by one, evenly spaced.

    The processes of a run take turns: time is cut into slots of one request each, and each slot belongs to one of them.
    They need not speak to each other for that, since the monotonic clock is the same for all processes of a machine.
    """

    def __init__(
        self,
        per_second: float | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        share: Share = WHOLE,
    ) -> None:
        """Let as many requests pass in a second, over all shares together, or without a limit where it is None."""
        self._interval: Final = 1 / per_second if per_second else 0.0
        self._clock: Final = clock
        self._sleep: Final = sleep
        self._share: Final = share
        self._lock: Final = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Wait for the turn of a request."""
        if not self._interval:
            return
        with self._lock:
            now = self._clock()
            turn = self._turn(max(now, self._next))
            self._next = turn + self._interval
        if turn > now:
            self._sleep(turn - now)

    def _turn(self, earliest: float) -> float:
        """Return when the next request may pass: at once, or with others about, when a slot of one's own begins."""
        if self._share.of == 1:
            return earliest
        cycle, offset = self._interval * self._share.of, self._interval * self._share.index
        return math.ceil((earliest - offset) / cycle) * cycle + offset
