"""One run of the kit against one target: what is decided, and what is found."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from uapi.conformance.checks import ACTIONS
from uapi.conformance.engine import decide
from uapi.conformance.exploration import MODES, OPERATIONS, explore
from uapi.conformance.outcome import Outcome, Result, Verdict, verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uapi.conformance.probe import Probe
    from uapi.conformance.register import Requirement


@dataclass(slots=True)
class Run:
    """The state of a run. Requirements are decided one by one, in any order; acting checks come first by custom."""

    probe: Probe
    profile: str
    requirements: Sequence[Requirement]
    seed: int
    examples: int
    """How many requests each exploration generates; 0 for none."""
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    _results: dict[str, Result] = field(default_factory=dict)
    _clock: float = field(default_factory=time.monotonic)

    @property
    def acting(self) -> list[Requirement]:
        """The requirements that are decided by sending requests, and those that are excluded."""
        return [row for row in self.requirements if row.id in ACTIONS or row.excluded is not None]

    @property
    def observing(self) -> list[Requirement]:
        """The requirements that are decided by looking at every exchange of the run."""
        return [row for row in self.requirements if row not in self.acting]

    @property
    def explorations(self) -> list[tuple[str, str]]:
        """The explorations that the target's features allow, as pairs of operation and mode."""
        if not self.examples:
            return []
        offered = [name for name, feature in OPERATIONS.items() if self.probe.target.features.offers(feature)]
        return [(operation, mode) for operation in offered for mode in MODES]

    @property
    def results(self) -> Mapping[str, Result]:
        """What is known so far, by the id of the requirement."""
        return self._results

    @property
    def seconds(self) -> float:
        """How long the run has taken so far."""
        return time.monotonic() - self._clock

    def decide(self, requirement: Requirement) -> Result:
        """Decide a requirement; return its result, which includes what explorations found before."""
        self.probe.session.phase = f"check {requirement.id}"
        return self._add(decide(requirement, self.probe))

    def explore(self, operation: str, mode: str) -> list[Result]:
        """Explore an operation; return a result for each requirement that was found violated."""
        found = list(explore(self.probe, operation, mode, examples=self.examples, start=self.seed))
        for result in found:
            self._add(result)
        return found

    def _add(self, result: Result) -> Result:
        key = result.requirement.id
        merged = self._results[key].merged(result) if key in self._results else result
        self._results[key] = merged
        return merged

    def finish(self) -> Verdict:
        """Stop what the run started, and judge. A requirement that nobody decided counts as not exercised."""
        self.probe.session.phase = "clean-up"
        self.probe.clean_up()
        for requirement in self.requirements:
            if requirement.id not in self._results:
                self._add(Result(requirement, Outcome.NOT_EXERCISED, "the run ended before it was looked at"))
        return verdict(self._results.values())
