"""Prints the kill matrix: each faulty server, and what the kit says of it; each correct one, and that it says nothing.

Run it with `make mutants`. It ends with 1 where a mutant survives that has no known limit, where one with a limit is
found after all, and where a correct server is accused.

The figures:

- *kills*: the mutants whose requirement the kit finds violated, with the outcome of its level. The whole kit tests
  each of them, as far as the budget goes at which it has to be found: for most that is the deterministic checks.
- *attribution precision*: of the kills, the share in which nothing else is accused than what the server really
  violates: the requirement of the mutant, and those of `Mutant.also`. A requirement is accused where its outcome is
  fail or warn; of a MAY nobody is accused. Whatever else is accused is listed: each is a wrong track for a reader.
- *accused alone*: of the kills, the share in which the requirement of the mutant is the only one accused.
- *seconds per server*: from the first request to the last, on the machine at hand.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mutants.catalogue import CATALOGUE
from mutants.laboratory import CHECKS, Laboratory, faultless
from mutants.variant import Variant
from mutants.variants import VARIANTS
from uapi.conformance.engine import violation
from uapi.conformance.outcome import Outcome
from uapi.conformance.register import register

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mutants.mutant import Mutant
    from uapi.conformance.run import Run

THE_SANDBOX: Final = Variant("the-sandbox", "The sandbox as it is.", lambda: faultless)
CORRECT: Final = {THE_SANDBOX.name: THE_SANDBOX, **VARIANTS}
MUTANTS: Final = {mutant.id: mutant for mutant in CATALOGUE}
ACCUSATIONS: Final = frozenset({Outcome.FAIL, Outcome.WARN, Outcome.ERROR})


@dataclass(frozen=True)
class Examined:
    """What the kit says of one server."""

    name: str
    budget: str
    seconds: float
    accused: dict[str, str]
    """The messages by the requirements that are accused."""
    found: bool = False
    """Whether the requirement of the mutant is found violated, as its level has it."""
    phase: str = ""
    message: str = ""


def accused(run: Run) -> dict[str, str]:
    """Return what a run accuses a server of."""
    return {name: result.message for name, result in run.results.items() if result.outcome in ACCUSATIONS}


def examine_mutant(name: str, laboratory: Laboratory) -> Examined:
    mutant = MUTANTS[name]
    started = time.perf_counter()
    run = laboratory.examine(
        mutant.make(), mutant.budget, telephony=mutant.telephony, calls=mutant.calls, **mutant.features
    )
    seconds = time.perf_counter() - started
    result = run.results[mutant.requirement]
    found = result.violated and result.outcome is violation(result.requirement)
    phase = run.phases[mutant.requirement] if found else ""
    return Examined(name, mutant.budget, seconds, accused(run), found, phase, result.message)


def examine_variant(name: str, laboratory: Laboratory, budget: str, seed: int) -> Examined:
    variant = CORRECT[name]
    started = time.perf_counter()
    run = laboratory.examine(
        variant.make(),
        budget,
        seed=seed,
        roles=variant.roles,
        telephony=variant.telephony,
        calls=variant.calls,
        **variant.features,
    )
    seconds = time.perf_counter() - started
    wrong = {
        name: f"{result.outcome}: {result.message}"
        for name, result in run.results.items()
        if result.outcome not in {Outcome.PASS, Outcome.EXCLUDED} and not _is_in_order(result.outcome, name, variant)
    }
    return Examined(name, budget, seconds, wrong)


def _is_in_order(outcome: Outcome, requirement: str, variant: Variant) -> bool:
    return requirement in variant.remarks and outcome in {Outcome.WARN, Outcome.NOT_EXERCISED}


def is_precise(mutant: Mutant, examined: Examined) -> bool:
    """Tell whether nothing is accused that the server does not violate."""
    return examined.found and not strays(mutant, examined)


def strays(mutant: Mutant, examined: Examined) -> list[str]:
    """Return the requirements that are accused though the server does not violate them."""
    return sorted(set(examined.accused) - {mutant.requirement, *mutant.also})


# A process of its own for each processor


_laboratory: Laboratory | None = None


def _open(folder: str) -> None:
    global _laboratory  # noqa: PLW0603 - what a process needs once
    _laboratory = Laboratory(Path(tempfile.mkdtemp(dir=folder)))


def _examine(order: tuple[str, str, int]) -> Examined:
    assert _laboratory is not None
    name, budget, seed = order
    if name in MUTANTS:
        return examine_mutant(name, _laboratory)
    return examine_variant(name, _laboratory, budget, seed)


def examined(orders: Iterable[tuple[str, str, int]]) -> Iterator[Examined]:
    """Yield what the kit says of each server, in the order in which they are given."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(os.cpu_count(), initializer=_open, initargs=(folder,)) as pool,
    ):
        yield from pool.map(_examine, orders)


# What is printed


def main() -> int:
    """Print the matrix; return 1 where anything in it is a surprise."""
    arguments = _arguments()
    wanted = set(arguments.requirement)
    mutants = [mutant for mutant in CATALOGUE if not wanted or mutant.requirement in wanted]
    correct = [] if wanted else [(name, arguments.budget, seed) for seed, name in enumerate(CORRECT, 1)]
    kills = []
    for found in examined((mutant.id, mutant.budget, 1) for mutant in mutants):
        kills.append(found)
        print(_row(MUTANTS[found.name], found), flush=True)  # noqa: T201 - a report
    acquitted = []
    for found in examined(correct):
        acquitted.append(found)
        mark = "ACCUSED " if found.accused else "accepted"
        told = "; ".join(f"{name} {message}" for name, message in found.accused.items())
        print(f"{mark} {'-':<9} {found.name:<62} {found.seconds:6.1f}  {told}", flush=True)  # noqa: T201 - a report
    print("\n".join(_figures(kills, acquitted)))  # noqa: T201 - a report
    surprises = [found for found in kills if _mark(MUTANTS[found.name], found) in {SURVIVED, FOUND}]
    return int(bool(surprises) or any(found.accused for found in acquitted))


KILLED, SURVIVED, LIMIT, FOUND = "killed", "SURVIVED", "limit", "FOUND"


def _mark(mutant: Mutant, found: Examined) -> str:
    if mutant.limit is None:
        return KILLED if found.found else SURVIVED
    return FOUND if found.found else LIMIT


def _row(mutant: Mutant, found: Examined) -> str:
    where = f"{mutant.budget}: {found.phase}" if mutant.budget != CHECKS and found.phase else mutant.budget
    told = mutant.limit or found.message
    row = f"{_mark(mutant, found):<8} {mutant.requirement:<9} {mutant.name:<62} {found.seconds:6.1f}  {where:<21} "
    wrong = strays(mutant, found)
    return f"{row}{told[:90]}" + (f"  (accused too: {' '.join(wrong)})" if wrong else "")


def _figures(kills: list[Examined], acquitted: list[Examined]) -> Iterator[str]:
    checkable = [row.id for row in register().values() if row.excluded is None]
    marks = Counter(_mark(MUTANTS[found.name], found) for found in kills)
    covered = {MUTANTS[found.name].requirement for found in kills}
    killed = [found for found in kills if found.found]
    precise = [found for found in killed if is_precise(MUTANTS[found.name], found)]
    alone = [found for found in killed if set(found.accused) <= {MUTANTS[found.name].requirement}]
    yield ""
    yield f"mutants: {len(kills)}, of {len(covered)} of {len(checkable)} requirements"
    yield f"kills: {marks[KILLED]}; survived: {marks[SURVIVED]}; known limits: {marks[LIMIT]}, found: {marks[FOUND]}"
    yield f"attribution precision: {_share(precise, killed)}; accused alone: {_share(alone, killed)}"
    for budget in dict.fromkeys(found.budget for found in [*kills, *acquitted]):
        yield _seconds(budget, [found.seconds for found in [*kills, *acquitted] if found.budget == budget])
    yield f"correct servers: {len(acquitted)}, {sum(bool(found.accused) for found in acquitted)} accused"


def _share(part: list[Examined], whole: list[Examined]) -> str:
    return f"{len(part)} of {len(whole)}" + (f" ({len(part) / len(whole):.0%})" if whole else "")


def _seconds(budget: str, seconds: list[float]) -> str:
    middle, most = statistics.median(seconds), max(seconds)
    return f"seconds per server, {budget}: median {middle:.2f}, most {most:.2f}, of {len(seconds)}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mutants.matrix", description="Print the kill matrix.")
    parser.add_argument(
        "--requirement",
        action="append",
        default=[],
        metavar="ID",
        choices=[*register()],
        help="the mutants of this requirement only; may be repeated",
    )
    budget = "how much the correct servers are tested; mutants are tested as much as finds them"
    parser.add_argument("--budget", default="standard", choices=[CHECKS, "quick", "standard", "deep"], help=budget)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
