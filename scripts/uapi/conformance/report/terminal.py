"""The report in the terminal: the progress, and at the end what matters."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from uapi.conformance.outcome import Outcome, Result
from uapi.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from uapi.conformance.run import Run

PHASES: Final = {
    "test_acting": "checks that act",
    "test_exploration": "generated requests",
    "test_observing": "checks that observe",
}
SYMBOLS: Final = {
    Outcome.PASS: ".",
    Outcome.FAIL: "F",
    Outcome.WARN: "w",
    Outcome.NOT_EXERCISED: "-",
    Outcome.EXCLUDED: "x",
    Outcome.ERROR: "E",
}
COLOURS: Final = {"fail": "red", "error": "magenta", "warn": "yellow", "not-exercised": "cyan"}
SHOWN: Final = ("fail", "error", "warn", "not-exercised")
WIDTH: Final = 80
EXPECTATIONS: Final = {
    "expected": "failed as expected",
    "unexpected": "failed, not expected",
    "stale": "expected to fail and passed, remove the entry",
}


class Progress:
    """Prints a symbol for each result as soon as it is known, a line for each phase."""

    def __init__(self) -> None:
        """Begin without a phase."""
        self._phase: str | None = None
        self._column = 0

    def begin(self, run: Run, title: str) -> None:
        """Print what is run, against what."""
        click.echo(_line(f"{title} · profile {run.profile} · {len(run.requirements)} requirements"))
        click.echo(f"target {run.probe.target.base_url}\n")

    def __call__(self, phase: str, results: list[Result]) -> None:
        """Print the symbols of one test's results; an exploration that found nothing counts as a pass."""
        if phase != self._phase:
            click.echo(("" if self._phase is None else "\n") + f"{PHASES.get(phase, phase):<20} ", nl=False)
            self._phase, self._column = phase, 0
        for symbol in [SYMBOLS[result.outcome] for result in results] or ["."]:
            if self._column == WIDTH:
                click.echo("\n" + " " * 21, nl=False)
                self._column = 0
            click.echo(symbol, nl=False)
            self._column += 1

    def warn(self, warnings: Sequence[str]) -> None:
        """Print what a reader has to know beside the results."""
        for warning in warnings:
            click.echo(click.style(_line(f"warning: {warning}"), fg="yellow"))

    def end(self, report: dict[str, Any]) -> None:
        """Print what was found, what was left out, the counts and the verdict."""
        click.echo("\n")
        exchanges = {exchange["number"]: exchange for exchange in report["exchanges"]}
        for outcome in SHOWN:
            for row in report["results"]:
                if row["outcome"] == outcome:
                    _finding(row, exchanges)
        numbers = ", ".join(f"{number} {name}" for name, number in report["counts"].items() if number)
        click.echo(f"{len(report['results'])} requirements: {numbers}")
        click.echo(f"{report['exchanges_in_all']} exchanges in {report['seconds']:.1f} s, seed {report['seed']}")
        if report["counts"]["excluded"]:
            excluded = [row["id"] for row in report["left_out"] if row["outcome"] == "excluded"]
            click.echo(f"left out: {', '.join(excluded)} (the report says why)")
        self.warn(report["warnings"])
        if (known := report["expected_failures"]) is not None:
            for name, meaning in EXPECTATIONS.items():
                if known[name]:
                    click.echo(f"{meaning}: {', '.join(known[name])}")
        colour = {"conformant": "green", "not conformant": "red"}.get(report["verdict"], "yellow")
        click.echo("verdict: " + click.style(report["verdict"], fg=colour, bold=True))

    def tell(self, files: Sequence[Path]) -> None:
        """Print where the reports are."""
        first, *others = files
        click.echo(f"report: {first}")
        click.echo(f"beside it: {', '.join(file.name for file in others)}")


def _line(text: str) -> str:
    """Return what a target may have said as one line that any terminal prints, and that none obeys."""
    encoding = sys.stdout.encoding or "ascii"
    return printable(text).encode(encoding, "backslashreplace").decode(encoding)


def _finding(row: dict[str, Any], exchanges: dict[int, dict[str, Any]]) -> None:
    head = click.style(f"{row['outcome']:<13}", fg=COLOURS[row["outcome"]])
    click.echo(f"{head} {row['id']} {row['level']:<6} {_line(row['text'])}")
    click.echo(f"{'':<13} {_line(row['message'])}")
    if row["outcome"] in {"fail", "warn"}:
        click.echo(f"{'':<13} {row['file']}:{row['line']}")
        if row["exchanges"]:
            click.echo(f"{'':<13} {_line(exchanges[row['exchanges'][0]]['curl'])}")
    click.echo()
