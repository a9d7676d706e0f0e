"""The conversation with the target about one phone call: what is said, what is seen, and what is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from uapi.conformance.answers import entries_of, recordings_of
from uapi.conformance.exploration.blame import blamed
from uapi.conformance.exploration.request import GET, LIST, UPDATE, Grounded
from uapi.conformance.finding import Failed
from uapi.conformance.inquiry import Violation
from uapi.conformance.place import ALL
from uapi.conformance.reading import readable
from uapi.conformance.stateful.model import Model

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.falsify import Falsifier
    from uapi.conformance.inquiry import Inquiry
    from uapi.conformance.place import Place
    from uapi.conformance.probe import Probe
    from uapi.conformance.stateful.model import Cause, Difference
    from uapi.conformance.stateful.together import Together

START, STOP, VIEW = "StartRecording", "StopRecording", "phoneCallViewId"
SHOWN: Final = 12
"""How many exchanges of a sequence are kept as evidence."""
SERVED: Final = frozenset({200, 204})
TOLD: Final = 8
"""How many steps of a sequence are told."""
Value = TypeVar("Value")
Story: TypeAlias = "tuple[str, tuple[Exchange, ...]]"
"""What was done so far, in words, and the exchanges that show it."""


class Dialogue:
    """One sequence of steps after the other; each starts from silence where the target lets the kit stop recordings."""

    def __init__(self, inquiry: Inquiry, falsifier: Falsifier, together: Together, views: tuple[str, ...]) -> None:
        """Speak about the views of the phone call under test that can be recorded."""
        self.inquiry: Final = inquiry
        self.views: Final = views
        self.model = Model()
        self._falsifier = falsifier
        self._together = together
        self._steps: list[str] = []
        self._exchanges: list[Exchange] = []
        self._looks = 0
        self._complaints = 0

    @property
    def probe(self) -> Probe:
        """The operations of the contract on the target."""
        return self.inquiry.probe

    def asked(self, action: str, view: str, place: Place | None = None) -> Grounded:
        """Return the request of an action on a view."""
        return Grounded(UPDATE, place or self.probe.place, body={"action": action, VIEW: view})

    def begin(self) -> None:
        """Forget the last sequence and look at the phone call anew."""
        self.model, self._steps, self._exchanges, self._looks = Model(), [], [], 0
        self.look(self.model.owed)

    def turn(self) -> None:
        """Go on from the state that is believed: what led to it is not told any more."""
        recorded = [view for view, state in self.model.views.items() if isinstance(state, str)]
        self._steps = [f"recording {' and '.join(recorded)}"] if recorded else []
        self._exchanges = []

    def end(self) -> None:
        """Leave no recording behind, whatever happened: this is done even where the inquiry has given up."""
        for view in self.views:
            if self.inquiry.may_stop(view):
                self.probe.session.send(self.asked(STOP, view).request(self.probe))

    # What is said

    def note(self, step: str) -> None:
        """Remember a step, to tell of it."""
        self._steps.append(step)

    def say(self, asked: Grounded, step: str | None = None) -> Exchange:
        """Send a request; accuse the target of what is wrong with any answer like it."""
        if step is not None:
            self.note(step)
        return self._observed(self.inquiry.send(asked.request(self.probe)))

    def say_both(self, one: Grounded, other: Grounded, step: str) -> tuple[Exchange, Exchange]:
        """Send two requests at the same time."""
        self.note(step)
        self.inquiry.spend(2)
        first, second = self._together.send(one.request(self.probe), other.request(self.probe))
        return self._observed(first), self._observed(second)

    def _observed(self, exchange: Exchange) -> Exchange:
        self._exchanges.append(exchange)
        for violation in self.inquiry.observed(exchange):
            self.accuse(violation.requirement, violation.message)
        return exchange

    # What is found

    def accuse(self, requirement: str, message: str, story: Story | None = None) -> None:
        """Raise a violation of a requirement, where the target may be accused of it; the sequence so far shows it."""
        self._complaints += 1
        if self.inquiry.accuses(requirement):
            told, exchanges = story or self._story()
            raise self._falsifier.found(Violation(requirement, f"after {told}: {message}", *exchanges))

    def _story(self) -> Story:
        earlier, steps = self._steps[:-TOLD], self._steps[-TOLD:]
        told = ", then ".join(steps) or "a look at the phone call"
        return f"{len(earlier)} steps, then {told}" if earlier else told, tuple(self._exchanges[-SHOWN:])

    def expected(self, requirement: str, read: Callable[[], Value]) -> Value | None:
        """Return what is read of an answer; None where it cannot be, of which the target is accused."""
        try:
            return read()
        except Failed as finding:
            self.accuse(requirement, finding.message)
            return None

    # What is seen

    def look(self, cause: Cause, alone: Callable[[], None] | None = None) -> None:
        """Compare the phone call as a GET shows it, and in every other look as a list does.

        `cause` tells what a difference in a view violates. A list that differs where a GET does not is not up to date,
        which is a fault of its own (CALL-027).
        `alone` repeats, one after the other, what was sent at once: what that shows as well has nothing to do with it.
        """
        features = self.probe.target.features
        self._looks += 1
        if features.get:
            self.compare(self.got(), cause, alone=alone)
        if features.list and not features.get:
            self.compare(self.listed(), cause, alone=alone)
        elif features.list and self._looks % 2 == 0:
            self.look_at_list()

    def look_at_list(self, place: Place | None = None) -> None:
        """Compare the phone call as a list shows it; where a GET after it agrees with the model, the list is stale."""
        seen = self.listed(place)
        if not self.probe.target.features.get:
            self.compare(seen, self.model.owed)
            return
        if not self.model.agrees(seen):
            self.compare(self.got(), self.model.owed)
        self.compare(seen, lambda _: "CALL-027", believe=False)

    def compare(
        self,
        seen: Mapping[str, str | None],
        cause: Cause,
        *,
        besides: frozenset[str] = frozenset(),
        alone: Callable[[], None] | None = None,
        believe: bool = True,
    ) -> None:
        """Accuse the target of each view that is not as it is believed to be; from now on, believe what was seen.

        What is not to be believed, since something else is known better, only shows the fault.
        """
        ours = {view: state for view, state in seen.items() if not self.probe.is_foreign(view)}
        for difference in self.model.differences(ours, besides, believe=believe):
            requirement, story = cause(difference.view), self._story()
            if not self.inquiry.accuses(requirement) and not self.inquiry.accuses(difference.owed):
                continue
            if self._restless(difference):
                requirement = difference.owed
            elif alone is not None and self._complains(alone):
                continue
            self.accuse(requirement, str(difference), story)

    def _complains(self, steps: Callable[[], None]) -> bool:
        """Carry out steps; tell whether anything was wrong with them that is known already. What is news is raised."""
        before = self._complaints
        steps()
        return self._complaints > before

    def _restless(self, difference: Difference) -> bool:
        """Tell whether a view changes by being looked at: then no update is to blame for it."""
        view = difference.view
        if difference.believed is not None:
            self.say(self.asked(START, view))
        elif self.inquiry.may_stop(view):
            self.say(self.asked(STOP, view))
        one, other = self._peeked(), self._peeked()
        self.model.forget(view)
        return one.get(view) != other.get(view)

    def _peeked(self) -> Mapping[str, str | None]:
        features = self.probe.target.features
        if features.get:
            return self.got()
        return self.listed() if features.list else {}

    def got(self, place: Place | None = None) -> Mapping[str, str | None]:
        """Return the recordings of the phone call as a GET shows it, none where it shows no such call."""
        return self._shown(Grounded(GET, place or self.probe.place), "CALL-050", alone=True)

    def listed(self, place: Place | None = None) -> Mapping[str, str | None]:
        """Return the recordings of the phone call as a list shows it, none where it shows no such call."""
        asked = Grounded(LIST, place or self.probe.place, query=ALL)
        return self._shown(asked, "CALL-020", alone=False)

    def _shown(self, asked: Grounded, requirement: str, *, alone: bool) -> Mapping[str, str | None]:
        exchange = self.say(asked)
        if not readable(exchange):
            return {}
        if exchange.status not in SERVED:
            refusal, _ = blamed(self.inquiry, asked)
            if refusal is not None:
                self.accuse(refusal, f"it is answered with {exchange.status}")
            return {}
        entries = self.expected(requirement, lambda: entries_of(exchange)) or []
        ours = [entry for entry in entries if entry.get("id") == self.probe.place.phone_call]
        if len(ours) != 1 or (alone and len(entries) != 1):
            self.accuse(requirement, f"the phone call is shown {len(ours)} times, among {len(entries)}")
            return {}
        return recordings_of(ours[0])
