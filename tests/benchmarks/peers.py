"""Compares the kit with other tools on the same faulty servers: what each finds, whom it accuses, what it costs.

Run it from the root of the project, with the environment that `make setup` makes, and Prism from `npm ci --prefix
tests/foreign`:

    PYTHONPATH=tests .venv/bin/python -m benchmarks.peers --sample 24 --correct 6 --json peers.json

Each server listens on loopback and is started anew for each tool, so that nobody finds what another left. All get the
contract, whose examples name real ids, and the token of the caller; the kit also gets the target file of the sandbox,
which it cannot do without. A tool kills a mutant where it reports a kind of failure that it does not report of the
sandbox itself, in either of two runs. Mutants that lack a feature are left out: the sandbox, which lacks none, is no
measure of them.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.peers_tools import TOOLS, Verdict
from mutants.catalogue import CATALOGUE
from mutants.laboratory import Laboratory, faultless
from mutants.variants import VARIANTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mutants.messages import Request, Response
    from mutants.mutant import Fault, Mutant, Serve

BASELINE_RUNS: Final = 2
KIT: Final = "kit-"


@dataclass
class Tally:
    """What is known of one tool."""

    baseline: set[str] = field(default_factory=set)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    """By the mutant."""
    correct: dict[str, Verdict] = field(default_factory=dict)
    """By the variant."""

    def new(self, verdict: Verdict) -> set[str]:
        """Return the kinds of failure that the sandbox itself does not show."""
        return set(verdict.kinds) - self.baseline

    @property
    def every(self) -> list[Verdict]:
        """All the verdicts, for what they cost."""
        return [*self.verdicts.values(), *self.correct.values()]


def sample(mutants: Sequence[Mutant], size: int) -> list[Mutant]:
    """Return so many mutants, spread evenly: one of each requirement before a second of any.

    Of the mutants of a requirement it is not always the first that is taken.
    """
    groups: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        groups[mutant.requirement].append(mutant)
    turned = []
    for number, group in enumerate(groups.values()):
        start = number % len(group)
        turned.append(group[start:] + group[:start])
    first = [group[0] for group in turned]
    more = [mutant for group in turned for mutant in group[1:]]
    if size <= len(first):
        return _spread(first, size)
    return first + _spread(more, min(size - len(first), len(more)))


def _spread(items: list[Any], size: int) -> list[Any]:
    return [items[number * len(items) // size] for number in range(size)]


def sturdy(fault: Fault) -> Fault:
    """Return a fault that shows nothing where it stumbles: it was written for the kit's requests, not for any."""

    async def served(request: Request, serve: Serve) -> Response | bytes:
        try:
            return await fault(request, serve)
        except Exception:  # noqa: BLE001 - a broken connection would be a fault that nobody meant
            return await serve(request)

    return served


def measured(arguments: argparse.Namespace) -> dict[str, Tally]:
    """Run each tool on each server, one after the other; say how far it has come."""
    tallies = {name: Tally() for name in arguments.tool}
    comparable = [mutant for mutant in CATALOGUE if not mutant.features]
    chosen = sample(comparable, arguments.sample or len(comparable))
    variants = _spread(list(VARIANTS.values()), min(arguments.correct, len(VARIANTS)))
    with tempfile.TemporaryDirectory() as folder:
        laboratory = Laboratory(Path(folder))

        def asked(name: str, make: Callable[[], Fault], **serving: Any) -> Verdict:
            with tempfile.TemporaryDirectory() as own, laboratory.probe(sturdy(make()), **serving) as probe:
                return TOOLS[name].run(probe.target, Path(own))

        for name, tally in tallies.items():
            for number in range(BASELINE_RUNS):
                verdict = asked(name, lambda: faultless)
                tally.baseline |= verdict.kinds
                tally.correct[f"the sandbox {number + 1}"] = verdict
            print(f"{name}: {sorted(tally.baseline) or 'accepts the sandbox'}", flush=True)  # noqa: T201 - a report
        for mutant in chosen:
            said = []
            for name, tally in tallies.items():
                verdict = tally.verdicts[mutant.id] = asked(name, mutant.make)
                said.append(f"{'killed' if tally.new(verdict) else '-':<7}{verdict.wall:>6.1f}")
            print(f"{mutant.id[:60]:<60} {'  '.join(said)}", flush=True)  # noqa: T201 - a report
        for variant in variants:
            said = []
            for name, tally in tallies.items():
                verdict = asked(name, variant.make, roles=variant.roles, **variant.features)
                tally.correct[variant.name] = verdict
                said.append(f"{'accused' if tally.new(verdict) - set(variant.remarks) else '-':<7}{verdict.wall:>6.1f}")
            print(f"{variant.name[:60]:<60} {'  '.join(said)}", flush=True)  # noqa: T201 - a report
        laboratory.close()
    return tallies


def row(name: str, tally: Tally) -> str:
    """Return the figures of one tool as a row of the table."""
    kills = [mutant for mutant, verdict in tally.verdicts.items() if tally.new(verdict)]
    accused = [
        name
        for name, verdict in tally.correct.items()
        if verdict.kinds - set(VARIANTS[name].remarks if name in VARIANTS else ())
    ]
    late = sum(verdict.code is None for verdict in tally.every)
    wall = statistics.median(verdict.wall for verdict in tally.every)
    cpu = statistics.median(verdict.cpu for verdict in tally.every)
    figures = [
        TOOLS[name].name,
        f"{len(kills)}/{len(tally.verdicts)}",
        str(len(tally.baseline)),
        f"{len(accused)}/{len(tally.correct)}",
        f"{wall:.1f}",
        f"{cpu:.1f}",
        str(late),
    ]
    return f"| {' | '.join(figures)} |"


def attribution(tally: Tally) -> str:
    """Return how precisely the kit says what is wrong: by which requirement it kills, and what else it accuses."""
    by_id = {mutant.id: mutant for mutant in CATALOGUE}
    own = exact = failed = 0
    others = []
    for name, verdict in tally.verdicts.items():
        mutant, found = by_id[name], tally.new(verdict)
        own += mutant.requirement in found
        failed += bool(found) and verdict.code == 1
        also = found - {mutant.requirement, *mutant.also}
        exact += bool(found) and mutant.requirement in found and not also
        others += [f"  {name}: {', '.join(sorted(also))}"] if also else []
    counts = (
        f"{own} of {len(tally.verdicts)} killed by their own requirement, {exact} by nothing that is not true of them; "
        f"{failed} make the run fail (a SHOULD and a MAY do not)"
    )
    return "\n".join([counts, *others])


def main() -> None:
    """Measure, print the table, and keep what each tool said."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, help="how many mutants, spread over the requirements; all by default")
    parser.add_argument("--correct", type=int, default=len(VARIANTS), help="how many correct variants; all by default")
    parser.add_argument("--tool", action="append", choices=TOOLS, help="may be repeated; all by default")
    parser.add_argument("--json", type=Path, help="file for what each tool said of each server")
    arguments = parser.parse_args()
    arguments.tool = arguments.tool or list(TOOLS)
    load, *_ = os.getloadavg()
    tallies = measured(arguments)
    lines = [
        f"{os.cpu_count()} processors, load {load:.1f} at the start and {os.getloadavg()[0]:.1f} at the end",
        "| tool | mutants killed | kinds of failure on the sandbox | correct servers accused | wall s | CPU s | late |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(row(name, tally) for name, tally in tallies.items()),
        *(f"{name}: {attribution(tally)}" for name, tally in tallies.items() if name.startswith(KIT)),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    if arguments.json:
        kept = {
            name: {
                "baseline": sorted(tally.baseline),
                "servers": {
                    server: {
                        "kinds": sorted(verdict.kinds),
                        "code": verdict.code,
                        "wall": verdict.wall,
                        "cpu": verdict.cpu,
                    }
                    for server, verdict in {**tally.correct, **tally.verdicts}.items()
                },
            }
            for name, tally in tallies.items()
        }
        arguments.json.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
