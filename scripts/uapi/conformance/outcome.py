"""What a check finds: an outcome for each requirement, and a verdict over them all."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.register import Requirement


class Outcome(StrEnum):
    """What is known of one requirement after a run."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    WARN = "warn"
    NOT_EXERCISED = "not-exercised"
    EXCLUDED = "excluded"
    ERROR = "error"


class Verdict(StrEnum):
    """What a run says of the target."""

    CONFORMANT = "conformant"
    NOT_CONFORMANT = "not conformant"
    INCOMPLETE = "incomplete"

    @property
    def exit_code(self) -> int:
        """The exit code of a run with this verdict: 0, 1, or 4."""
        return {Verdict.CONFORMANT: 0, Verdict.NOT_CONFORMANT: 1, Verdict.INCOMPLETE: 4}[self]


SEVERITY = (Outcome.PASS, Outcome.EXCLUDED, Outcome.NOT_EXERCISED, Outcome.WARN, Outcome.ERROR, Outcome.FAIL)
"""Outcomes by how much they weigh where two phases speak of one requirement."""


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one requirement, with the exchanges that show it."""

    requirement: Requirement
    outcome: Outcome
    message: str = ""
    exchanges: Sequence[Exchange] = field(default=(), repr=False)
    seconds: float = 0.0
    violated: bool = False
    """Whether the target was seen not to do what the requirement says; of a MAY this weighs nothing."""

    def merged(self, other: Result) -> Result:
        """Return the weightier of two results of one requirement; a pass outweighs a lack of evidence."""
        mine, theirs = SEVERITY.index(self.outcome), SEVERITY.index(other.outcome)
        if {self.outcome, other.outcome} == {Outcome.PASS, Outcome.NOT_EXERCISED}:
            return self if self.outcome is Outcome.PASS else other
        if theirs == mine:
            return other if other.violated and not self.violated else self
        return other if theirs > mine else self


def verdict(results: Iterable[Result]) -> Verdict:
    """Judge a run.

    A failed requirement makes the target not conformant. A MUST that was not exercised, or on which the kit itself
    failed, leaves the run incomplete: what was not looked at is never taken for fine.
    """
    judged = list(results)
    if any(result.outcome is Outcome.FAIL for result in judged):
        return Verdict.NOT_CONFORMANT
    lacking = {Outcome.NOT_EXERCISED, Outcome.ERROR}
    if not judged or any(result.outcome in lacking and result.requirement.level == "MUST" for result in judged):
        return Verdict.INCOMPLETE
    return Verdict.CONFORMANT
