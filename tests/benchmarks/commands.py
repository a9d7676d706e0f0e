"""Measures the commands as whole processes: wall time and peak memory, the median of five runs.

Run it with `make bench`. Peak memory is that of the largest process of a command, not their sum.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

RUNS: Final = 5
UAPI: Final = (sys.executable, "-m", "uapi.cli")
KIB_PER_MIB: Final = 1024


def measured(command: tuple[str, ...]) -> tuple[float, float]:
    """Return the wall time in seconds and the peak memory in MiB of one run of a command that must succeed."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own commands
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"error: {' '.join(command)} ended with {process.returncode}")
    return seconds, usage.ru_maxrss / KIB_PER_MIB


def main() -> None:
    """Measure each command and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        commands = {
            "uapi contract check": (*UAPI, "contract", "check"),
            "uapi contract generate": (*UAPI, "contract", "generate"),
            "uapi contract lint": (*UAPI, "contract", "lint"),
            "uapi conformance --sandbox": (*UAPI, "conformance", "--sandbox", "--output", folder),
            "uapi conformance --sandbox --examples 0": (
                *(*UAPI, "conformance", "--sandbox", "--output", folder),
                *("--examples", "0"),
            ),
        }
        print(f"{'command':<42} {'wall s':>8} {'min-max s':>14} {'peak MiB':>9}")  # noqa: T201 - a report
        for name, command in commands.items():
            runs = [measured(command) for _ in range(RUNS)]
            walls, peaks = [wall for wall, _ in runs], [peak for _, peak in runs]
            spread = f"{min(walls):.2f}-{max(walls):.2f}"
            wall, peak = statistics.median(walls), statistics.median(peaks)
            print(f"{name:<42} {wall:>8.2f} {spread:>14} {peak:>9.0f}")  # noqa: T201 - a report
            if name == "uapi conformance --sandbox":
                kept = json.loads(report.read_text("utf-8"))
        numbers = f"{len(kept['results'])} requirements, {kept['exchanges_in_all']} exchanges"
        print(f"conformance --sandbox: {numbers}, verdict {kept['verdict']}")  # noqa: T201 - a report


if __name__ == "__main__":
    main()
