"""What the phases that generate requests have in common: whom they may accuse, and when they give up."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from uapi.conformance.checks.registry import OBSERVATIONS
from uapi.conformance.finding import Failed
from uapi.conformance.presence import has_ended
from uapi.conformance.register import register

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from uapi.conformance.exchange import Exchange, Request
    from uapi.conformance.probe import Probe


class Violation(Failed):
    """A finding with the requirement that it violates: there is none without."""

    def __init__(self, requirement: str, message: str, *exchanges: Exchange) -> None:
        """Keep the requirement, which has to be one of the register."""
        super().__init__(message, *exchanges)
        self.requirement: Final = register()[requirement].id


class Exhausted(BaseException):
    """A phase ends before its time. No Exception, so that a property-based test does not take it for a finding."""

    def __init__(self, reason: str, *, of_shrinking: bool = False) -> None:
        """Keep the reason, and whether it is only that an example is small enough."""
        super().__init__(reason)
        self.reason: Final = reason
        self.of_shrinking: Final = of_shrinking


@contextmanager
def attributed(requirement: str, prefix: str = "") -> Iterator[None]:
    """Turn what a check would raise into the violation of a requirement."""
    try:
        yield
    except Violation:
        raise
    except Failed as finding:
        raise Violation(requirement, prefix + finding.message, *finding.exchanges) from finding


@dataclass(slots=True)
class Inquiry:
    """One phase: it sends requests, accuses the target of what the run may still find, and drops what is unclear."""

    probe: Probe
    accusable: frozenset[str]
    """The requirements that a finding may be about."""
    deadline: float = float("inf")
    """When to give up, by the monotonic clock."""
    shrinking: int = 80
    dropped: Counter[str] = field(default_factory=Counter)
    """How many generated cases were not sent, by the reason."""
    _found: dict[str, Violation] = field(default_factory=dict)
    _sought: str | None = None
    _left: int | None = None

    @property
    def found(self) -> tuple[Violation, ...]:
        """The violations so far, one for each requirement."""
        return tuple(self._found.values())

    def settle(self, violation: Violation) -> None:
        """Keep a violation; nobody is accused of the same requirement again."""
        self._found[violation.requirement] = violation
        self._sought = self._left = None

    def accuses(self, requirement: str) -> bool:
        """Tell whether a violation of a requirement is news. While one is being shrunk, no other is."""
        if self._sought is not None:
            return requirement == self._sought
        return requirement in self.accusable and requirement not in self._found

    def verify(self, violation: Violation) -> None:
        """Raise Exhausted where the phone call under test ended before what shows a violation: then it is none."""
        if violation.requirement not in OBSERVATIONS and has_ended(self.probe, violation.exchanges):
            raise Exhausted(str(self.probe.session.gone))

    def shrink(self, requirement: str) -> None:
        """Look for smaller examples of a violation only, until the exchanges for it are spent."""
        if self._sought is None:
            self._sought, self._left = requirement, self.shrinking

    def send(self, request: Request) -> Exchange:
        """Send a request; raise Exhausted where it is time to give up."""
        self.spend()
        return self.probe.session.send(request)

    def spend(self, exchanges: int = 1) -> None:
        """Account for exchanges that are about to be had; raise Exhausted where it is time to give up."""
        if time.monotonic() > self.deadline:
            raise Exhausted("the time of the budget was over")
        if self._left is not None:
            if self._left <= 0:
                raise Exhausted("the exchanges for a smaller example were spent", of_shrinking=True)
            self._left -= exchanges
        if (reason := self.probe.session.gone) is not None:
            raise Exhausted(reason)

    def may_stop(self, view: str) -> bool:
        """Tell whether the kit can stop a view's recording, and may: not one that somebody else began."""
        return self.probe.target.features.offers("stop-recording") and not self.probe.is_foreign(view)

    def news(self, violations: Iterable[Violation]) -> Violation | None:
        """Return the first of the violations that the target may be accused of."""
        return next((found for found in violations if self.accuses(found.requirement)), None)

    def observed(self, exchange: Exchange) -> Iterator[Violation]:
        """Yield the violations of what holds for every exchange, as the checks that observe see it."""
        for requirement, observation in OBSERVATIONS.items():
            if not self.accuses(requirement):
                continue
            try:
                observation(exchange)
            except Failed as finding:
                yield Violation(requirement, finding.message, *finding.exchanges)
