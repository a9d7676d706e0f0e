"""Measures the commands as whole processes: wall time and peak memory, the median of five runs.

Run it with `make bench`. Peak memory is that of the largest process of a command, not their sum. A process begins with
the memory of the one that started it, so that this one has to stay small: it imports nothing of the project.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.table import RUNS, head, row

if TYPE_CHECKING:
    from collections.abc import Mapping

UAPI: Final = (sys.executable, "-m", "uapi.cli")
KINDS: Final = tuple(
    f"{profile}-{budget}" for profile in ("recording", "phone-calls") for budget in ("quick", "standard")
)
"""The runs of the kit, by profile and budget."""
KIB_PER_MIB: Final = 1024


def commands(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the commands to measure; a run of the kit writes its reports into a folder of its own."""
    runs = {
        f"uapi conformance --sandbox {' '.join(options)}": (
            *(*UAPI, "conformance", "--sandbox", *options),
            *("--output", str(folder / kind)),
        )
        for kind in KINDS
        for options in [_options(kind)]
    }
    contract = {f"uapi contract {name}": (*UAPI, "contract", name) for name in ("check", "generate", "lint")}
    return {"uapi --version": (*UAPI, "--version"), **contract, **runs}


def _options(kind: str) -> tuple[str, ...]:
    profile, _, budget = kind.rpartition("-")
    return ("--profile", profile, "--budget", budget)


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
    print(head("command"))  # noqa: T201 - a report
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, command in commands(folder).items():
            walls, peaks = zip(*(measured(command) for _ in range(RUNS)), strict=True)
            print(row(title, walls, peaks), flush=True)  # noqa: T201 - a report
        for kind in KINDS:
            kept = json.loads((folder / kind / "report.json").read_text("utf-8"))
            numbers = f"{len(kept['results'])} requirements, {kept['exchanges_in_all']} exchanges"
            print(f"{kind}: {numbers}, verdict {kept['verdict']}")  # noqa: T201 - a report


if __name__ == "__main__":
    main()
