"""One run of the kit against one target: what is decided, and what is found."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

from uapi.conformance.budget import STANDARD, Budget
from uapi.conformance.checks import ACTIONS
from uapi.conformance.checks.registry import BEGINNINGS, BY_PHONE, LATE
from uapi.conformance.engine import decide, worded
from uapi.conformance.exploration import MODES, OPERATIONS, cover, follow, generated, seeded
from uapi.conformance.inquiry import Exhausted, Inquiry, Violation
from uapi.conformance.life import live
from uapi.conformance.outcome import Outcome, Result, Verdict, verdict
from uapi.conformance.presence import has_ended, last_shown
from uapi.conformance.redaction import shortened
from uapi.conformance.register import TELEPHONY
from uapi.conformance.stateful import converse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uapi.conformance.probe import Probe
    from uapi.conformance.register import Requirement

Phase = Literal["check", "coverage", "exploration", "links", "stateful", "life"]
HOME: Final[Mapping[str, str]] = {
    "updatePhoneCall": "REC-001",
    "getPhoneCall": "CALL-050",
    "listPhoneCalls": "CALL-020",
}
"""The requirement under which a defect of the kit is reported that ends an exploration of an operation."""


@dataclass(frozen=True, slots=True)
class Exploration:
    """A part of a run that generates its requests: its phase, and where it has them the operation and the mode."""

    phase: Phase
    operation: str | None = None
    mode: str | None = None

    def __str__(self) -> str:
        """Return a name, such as `exploration-updatePhoneCall-negative`."""
        return "-".join(part for part in (self.phase, self.operation, self.mode) if part is not None)


@dataclass(slots=True)
class Run:
    """The state of a run. Requirements are decided one by one, in any order; acting checks come first by custom."""

    probe: Probe
    profile: str
    requirements: Sequence[Requirement]
    seed: int
    budget: Budget = STANDARD
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    dropped: Counter[str] = field(default_factory=Counter)
    """How many generated cases were not sent, and which explorations ended before their time, by the reason."""
    _results: dict[str, Result] = field(default_factory=dict)
    _phases: dict[str, Phase] = field(default_factory=dict)
    _last: dict[str, int] = field(default_factory=dict)
    """The number of the last exchange of each check that acted and of each exploration, by its name."""
    _clock: float = field(default_factory=time.monotonic)
    _cleaned: bool = False

    @property
    def acting(self) -> list[Requirement]:
        """The requirements that are decided by sending requests, and those that are excluded; what waits comes last."""
        acting = [row for row in self.requirements if row.id in ACTIONS or row.excluded is not None]
        return sorted(acting, key=lambda row: row.id in LATE)

    @property
    def observing(self) -> list[Requirement]:
        """The requirements that are decided by looking at every exchange of the run."""
        return [row for row in self.requirements if row not in self.acting]

    @property
    def explorations(self) -> list[Exploration]:
        """The explorations that the budget pays for and the target's features allow, in the order of their use."""
        budget, features = self.budget, self.probe.target.features
        offered = [name for name, feature in OPERATIONS.items() if features.offers(feature)]
        found: list[Exploration] = []
        if budget.coverage != "none":
            found += [Exploration("coverage", operation) for operation in offered]
        if budget.examples:
            found += [Exploration("exploration", operation, mode) for operation in offered for mode in MODES]
        if budget.links and features.list:
            found.append(Exploration("links"))
        if budget.scenarios and budget.steps:
            found.append(Exploration("stateful"))
            if self._places_calls():
                found.append(Exploration("life"))
        return found

    def _places_calls(self) -> bool:
        target = self.probe.target
        offered = bool(target.features.create) and target.create is not None
        return offered and any(row.profile == TELEPHONY for row in self.requirements)

    @property
    def results(self) -> Mapping[str, Result]:
        """What is known so far, by the id of the requirement."""
        return self._results

    @property
    def phases(self) -> Mapping[str, Phase]:
        """Which phase found what is known, by the id of the requirement."""
        return self._phases

    @property
    def seconds(self) -> float:
        """How long the run has taken so far."""
        return time.monotonic() - self._clock

    def decide(self, requirement: Requirement) -> Result:
        """Decide a requirement; return its result, which includes what explorations found before."""
        session = self.probe.session
        if requirement.id in BY_PHONE:
            self._begin()
        session.phase, before = f"check {requirement.id}", len(session.exchanges)
        result = self._add(decide(requirement, self.probe), "check")
        if requirement.id in ACTIONS and len(session.exchanges) > before:
            self._last[requirement.id] = len(session.exchanges)
        return result

    def _begin(self) -> None:
        """Begin what late checks wait for, once, and look at what is there before that."""
        self.probe.session.phase = "presence"
        self.probe.telephone.look_around()
        offers = self.probe.target.features.offers
        for row in self.requirements:
            if row.id in BEGINNINGS and row.excluded is None and offers(row.feature):
                self.probe.session.phase = f"check {row.id}"
                self.probe.telephone.begin(row.id, BEGINNINGS[row.id])

    def explore(self, exploration: Exploration) -> list[Result]:
        """Carry out an exploration; return a result for each requirement that was found violated.

        An exception that is no finding is a defect of the kit; it is reported under a requirement that the
        exploration was meant for, so that nobody takes the part that was left out for fine.
        """
        self.probe.session.phase = str(exploration)
        budget = self.budget
        inquiry = Inquiry(self.probe, self._accusable(), self._clock + budget.seconds, budget.shrinking)
        found: list[Result] = []
        try:
            with seeded():
                for violated in self._violations(exploration, inquiry):
                    found.append(self._violated(violated, exploration.phase))  # noqa: PERF401 - kept if the next raises
        except Exhausted as end:
            self.dropped[f"{exploration} was not finished: {end.reason}"] += 1
        except Exception as error:  # noqa: BLE001 - a defect of the kit becomes an outcome
            found.append(self._defect(exploration, error))
        finally:
            self._last[str(exploration)] = len(self.probe.session.exchanges)
            self.dropped.update(inquiry.dropped)
        return found

    def _violations(self, exploration: Exploration, inquiry: Inquiry) -> Iterator[Violation]:
        budget = self.budget
        match exploration:
            case Exploration("coverage", str(operation)):
                return cover(inquiry, operation, light=budget.coverage == "light")
            case Exploration("exploration", str(operation), str(mode)):
                return generated(inquiry, operation, mode, examples=budget.examples, start=self.seed)
            case Exploration("links"):
                return follow(inquiry)
            case Exploration("life"):
                return live(inquiry, scenarios=budget.scenarios, steps=budget.steps, start=self.seed)
            case _:
                return converse(inquiry, scenarios=budget.scenarios, steps=budget.steps, start=self.seed)

    def _accusable(self) -> frozenset[str]:
        """Return the requirements that an exploration may accuse of: those of the run that are not yet violated."""
        offers = self.probe.target.features.offers
        violated = {name for name, result in self._results.items() if result.violated}
        rows = [row.id for row in self.requirements if row.excluded is None and offers(row.feature)]
        return frozenset(rows) - violated

    def _violated(self, found: Violation, phase: Phase) -> Result:
        requirement = next(row for row in self.requirements if row.id == found.requirement)
        outcome, message = worded(requirement, found, self.probe)
        message = shortened(message, self.probe.session.secrets)
        result = Result(requirement, outcome, message, found.exchanges, violated=True)
        return self._add(result, phase)

    def _defect(self, exploration: Exploration, error: Exception) -> Result:
        home = HOME.get(exploration.operation or "", "REC-001")
        requirement = next((row for row in self.requirements if row.id == home), self.requirements[0])
        place = traceback.extract_tb(error.__traceback__)[-1]
        message = f"defect of the kit in {exploration}: {type(error).__name__}: {error} ({place.name}, {place.lineno})"
        return self._add(Result(requirement, Outcome.ERROR, message), exploration.phase)

    def adopt(self, result: Result, phase: Phase) -> None:
        """Merge a result that another process found into what is known."""
        self._add(result, phase)

    def _add(self, result: Result, phase: Phase) -> Result:
        """Merge a result into what is known; of two that weigh the same, the first evidence of a violation is kept."""
        key = result.requirement.id
        known = self._results.get(key)
        if known is None:
            merged = result
        else:
            merged = known.merged(result)
            if known.outcome is result.outcome and result.violated and not known.violated:
                merged = result
        self._results[key] = merged
        if merged is result:
            self._phases[key] = phase
        return merged

    def finish(self) -> Verdict:
        """Stop what the run started, and judge. A requirement that nobody decided counts as not exercised.

        It may be called at any time, and again: after Ctrl-C, and after a crash. A target that is gone does not keep
        it from judging what is known. A run whose phone call ended is incomplete at best: what came after that, a
        correct target and a faulty one answer alike.
        """
        if not self._cleaned:
            self._cleaned = True
            self.probe.session.phase = "clean-up"
            try:
                self._take_back()
                self.probe.clean_up()
            except Exception as error:  # noqa: BLE001 - whatever it is, the reports are still to be written
                self.probe.session.warn(f"recordings may go on, for the clean-up failed: {error}")
        for requirement in self.requirements:
            if requirement.id not in self._results:
                reason = self.probe.session.gone or "the run ended before it was looked at"
                self._add(Result(requirement, Outcome.NOT_EXERCISED, reason), "check")
        judged = verdict(self._results.values())
        return Verdict.INCOMPLETE if self.probe.ended and judged is Verdict.CONFORMANT else judged

    def _take_back(self) -> None:
        """Where the phone call has ended, take back what checks passed since it was seen last."""
        shown = last_shown(self.probe)
        late = [name for name, number in self._last.items() if number > shown]
        if not late or not has_ended(self.probe):
            return
        for name in late:
            known = self._results.get(name)
            if known is not None and known.outcome is Outcome.PASS and not known.violated:
                message = str(self.probe.session.gone)
                self._results[name] = replace(known, outcome=Outcome.NOT_EXERCISED, message=message)
