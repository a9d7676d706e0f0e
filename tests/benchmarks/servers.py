"""Measures what one more server costs the kit, in a process that has begun already: the median of five runs.

`make bench` runs it after the commands.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.table import RUNS, head, row
from mutants.laboratory import CHECKS, Laboratory


def measured(laboratory: Laboratory, budget: str) -> float:
    """Return how many seconds it takes to test one more server."""
    started = time.perf_counter()
    laboratory.examine(budget=budget)
    return time.perf_counter() - started


def main() -> None:
    """Measure each budget and print a table."""
    print(head("one more server, by budget"))  # noqa: T201 - a report
    with tempfile.TemporaryDirectory() as folder:
        laboratory = Laboratory(Path(folder))
        for budget in (CHECKS, "quick", "standard"):
            print(row(budget, [measured(laboratory, budget) for _ in range(RUNS)]), flush=True)  # noqa: T201 - a report
        laboratory.close()


if __name__ == "__main__":
    main()
