"""A failed test as plain text: what was asked for, what was found, and the exchanges that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.conformance.report.evidence import transcript
from uapi.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from uapi.conformance.outcome import Result

NEWLINE: Final = "\n"
SHOWN: Final = 3
"""How many exchanges are shown of each requirement; a report has all of them."""


def failure(results: Iterable[Result]) -> str:
    """Return what a terminal prints of failed requirements: no secret is in it, and nothing that a terminal obeys."""
    return "\n\n".join(printable("\n".join(_lines(result)), keep=NEWLINE) for result in results)


def _lines(result: Result) -> Iterator[str]:
    row = result.requirement
    yield f"{row.id}: {result.message}"
    yield f"{row.level} {row.text} ({row.file}:{row.line})"
    for exchange in result.exchanges[:SHOWN]:
        # Not by its number: those of several workers are given anew when they are put together.
        yield f"\n# {exchange.phase}\n{transcript(exchange.as_json()).partition(NEWLINE)[2]}"
    if (left := len(result.exchanges) - SHOWN) > 0:
        yield f"\nand {left} more exchanges"
