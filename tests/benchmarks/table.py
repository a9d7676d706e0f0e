"""The table of the measurements."""

from __future__ import annotations

import os
import statistics
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

RUNS: Final = 5


def head(what: str) -> str:
    """Return what the figures are to be read with, and the head of a table."""
    load, *_ = os.getloadavg()
    machine = f"{os.cpu_count()} processors, load {load:.1f} at the start, Python {sys.version.split()[0]}"
    return f"{machine}\n{what:<46} {'median s':>8} {'min-max s':>14} {'peak MiB':>9}"


def row(name: str, walls: Sequence[float], peaks: Sequence[float] = ()) -> str:
    """Return one row: wall times in seconds, peaks of memory in MiB."""
    spread = f"{min(walls):.2f}-{max(walls):.2f}"
    peak = f"{statistics.median(peaks):>9.0f}" if peaks else ""
    return f"{name:<46} {statistics.median(walls):>8.2f} {spread:>14} {peak}".rstrip()
