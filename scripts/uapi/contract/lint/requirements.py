"""The rows of the requirement register, and the decisions that they name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from uapi.contract.decisions import read_decisions
from uapi.contract.lint.rule import Context, Problem, rule
from uapi.contract.location import Location
from uapi.contract.project import DECISIONS
from uapi.contract.register import level_problem, problems, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADING: Final = re.compile(r"## (?P<name>D-[0-9]{2}) \S")


@rule("requirement-form", hint="See generated/requirements.schema.json for the keys and values of a row.")
def requirement_form(context: Context) -> Iterator[Problem]:
    """Demand that every row is well-formed."""
    for row in rows(context.bundle):
        for problem in problems(row):
            yield Problem(row.at, f"{row.id or 'a row'}: {problem}")


@rule("requirement-id", hint="Give it an id that was never used.")
def requirement_id(context: Context) -> Iterator[Problem]:
    """Demand that every id is given once."""
    first: dict[str, Location] = {}
    for row in rows(context.bundle):
        if row.id is None:
            continue
        if row.id in first:
            yield Problem(row.at, f"{row.id} is there already, at {first[row.id]}")
        first.setdefault(row.id, row.at)


@rule("requirement-level", hint="Lower the level, or cite better evidence.")
def requirement_level(context: Context) -> Iterator[Problem]:
    """Demand that no row asks for more than its evidence carries."""
    for row in rows(context.bundle):
        problem = level_problem(row)
        if problem:
            yield Problem(row.at, problem)


@rule("requirement-decision", hint=f"Name a decision of {DECISIONS}, or write it there.")
def requirement_decision(context: Context) -> Iterator[Problem]:
    """Demand that every decision that a row names was taken."""
    taken = [name for _, name in _decisions(context)]
    for row in rows(context.bundle):
        named = row.data.get("decision") if isinstance(row.data, dict) else None
        if named is not None and named not in taken:
            yield Problem(row.at, f"{row.id}: there is no decision {named}")


@rule("decision-heading", hint="Head each decision '## D-nn Title', with the next number.")
def decision_heading(context: Context) -> Iterator[Problem]:
    """Demand that decisions are numbered, each once, in ascending order."""
    last = ""
    for at, name in _decisions(context):
        if name is None:
            yield Problem(at, "the heading has no number")
        elif name <= last:
            yield Problem(at, f"{name} comes after {last}")
        last = max(last, name or "")


def _decisions(context: Context) -> Iterator[tuple[Location, str | None]]:
    """Yield the headings of the decisions, with the number that each has."""
    for number, line in enumerate(read_decisions(context.project).splitlines(), start=1):
        if line.startswith("## "):
            match = HEADING.match(line)
            yield Location(DECISIONS, number), match["name"] if match else None
