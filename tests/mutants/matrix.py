"""Prints the kill matrix: each mutant, the requirement that it violates, and what the kit says of it.

Run it with `make mutants`. It ends with 1 where a mutant survives or a correct variant is accused.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from mutants.catalogue import CATALOGUE
from mutants.laboratory import Laboratory, faultless
from mutants.variants import VARIANTS
from uapi.conformance.outcome import Outcome
from uapi.conformance.register import register


def main() -> int:
    """Print the matrix; return the number of surprises, at most 1."""
    checkable = [row.id for row in register().values() if row.excluded is None]
    started = time.perf_counter()
    survivors, accused = [], []
    with tempfile.TemporaryDirectory() as folder:
        laboratory = Laboratory(Path(folder))
        for mutant in CATALOGUE:
            *_, result = laboratory.decide(mutant.make(), [*mutant.traffic, mutant.requirement])
            if not result.violated:
                survivors.append(mutant.id)
            mark = "killed  " if result.violated else "SURVIVED"
            print(f"{mark} {mutant.requirement:<9} {mutant.name:<48} {result.message[:100]}")  # noqa: T201 - a report
        for name, fault in {"the-sandbox": faultless, **VARIANTS}.items():
            results = laboratory.decide(fault, checkable)
            wrong = [found for found in results if found.outcome not in {Outcome.PASS, Outcome.EXCLUDED}]
            accused += [name] * bool(wrong)
            said = ", ".join(f"{found.requirement.id} {found.outcome}: {found.message}" for found in wrong)
            mark = "accused " if wrong else "accepted"
            print(f"{mark} {'-':<9} {name:<48} {said[:100]}")  # noqa: T201 - a report
        laboratory.close()
    seconds = time.perf_counter() - started
    covered = {mutant.requirement for mutant in CATALOGUE}
    print(  # noqa: T201 - a report
        f"{len(CATALOGUE)} mutants of {len(covered)} of {len(checkable)} requirements, {len(survivors)} survived; "
        f"{len(VARIANTS) + 1} correct servers, {len(accused)} accused; {seconds:.1f} s"
    )
    return int(bool(survivors or accused))


if __name__ == "__main__":
    sys.exit(main())
