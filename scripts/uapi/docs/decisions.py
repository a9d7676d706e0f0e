"""The decisions of openapi/decisions.md, one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

HEADING: Final = re.compile(r"^## (D-\d+) (.+)$", re.MULTILINE)

LABEL: Final = re.compile(r"^- ([A-Z][a-z ]+):", re.MULTILINE)
"""What a line of a decision is: a reading, the evidence or the choice."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: its number, what it is about, and its readings, evidence and choice as Markdown."""

    id: str
    title: str
    text: str


def parse(markdown: str) -> tuple[Decision, ...]:
    """Return the decisions in their order."""
    _, *parts = HEADING.split(markdown)
    return tuple(
        Decision(number, title.strip(), LABEL.sub(r"- **\1:**", text.strip()))
        for number, title, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    )


def introduction(markdown: str) -> str:
    """Return what stands before the first decision, without the title."""
    return HEADING.split(markdown)[0].partition("\n")[2].strip()
