"""What a rule is: a named check of the bundle that yields problems, and a way out of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from uapi.contract.location import Location, Tokens

if TYPE_CHECKING:
    from uapi.contract.bundle import Bundle
    from uapi.contract.project import Project


@dataclass(frozen=True, slots=True)
class Context:
    """What rules look at."""

    project: Project
    bundle: Bundle


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule objects to, and where: at a node of the bundle, or at a line of a file."""

    where: Tokens | Location
    message: str
    hint: str | None = None
    """The way out, where it is another than that of the rule."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem as it is reported."""

    rule: str
    where: Location
    message: str
    hint: str

    def __str__(self) -> str:
        """Return `file:line: rule: message`, then the way out on a line of its own."""
        return f"{self.where}: {self.rule}: {self.message}\n  {self.hint}"


Check: TypeAlias = Callable[[Context], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check, with its name and the way out."""

    name: str
    hint: str
    check: Check

    def run(self, context: Context) -> Iterator[Finding]:
        """Yield the findings of the rule."""
        for problem in self.check(context):
            at = problem.where if isinstance(problem.where, Location) else context.bundle.locate(problem.where)
            yield Finding(self.name, at, problem.message, problem.hint or self.hint)


RULES: Final[list[Rule]] = []


def rule(name: str, *, hint: str) -> Callable[[Check], Check]:
    """Register a check under a name."""

    def register(check: Check) -> Check:
        RULES.append(Rule(name, hint, check))
        return check

    return register
