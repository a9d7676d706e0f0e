"""The state machine: Hypothesis chooses the steps, and shrinks a sequence that shows a violation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from uapi.conformance.exploration.places import places
from uapi.conformance.stateful import steps
from uapi.conformance.stateful.attempts import Attempt, attempts

if TYPE_CHECKING:
    from uapi.conformance.place import Place
    from uapi.conformance.stateful.dialogue import Dialogue

FORMATS: Final = (None, "wav", "wav49")
PRINCIPALS: Final = frozenset({"AUTH-008", "AUTH-009"})
"""What a refused request violates that changes a recording, where it is refused for whose it is."""


def machine(dialogue: Dialogue) -> type[RuleBasedStateMachine]:  # noqa: C901 - one rule after the other
    """Return a state machine that leads a dialogue, with the rules that the target's features allow."""
    probe = dialogue.probe
    ways = st.sampled_from(places(probe))
    lists = st.sampled_from([place for place in places(probe) if place.extension == probe.place.extension])
    views = st.sampled_from(dialogue.views)
    tried = [attempt for view in dialogue.views for attempt in attempts(probe, view)]
    wrong = st.sampled_from([attempt for attempt in tried if attempt.change not in PRINCIPALS])
    denied = st.sampled_from([attempt for attempt in tried if attempt.change == "AUTH-008"])
    foreign = [attempt for attempt in tried if attempt.change == "AUTH-009"]

    class Recordings(RuleBasedStateMachine):
        """Starts and stops recordings, and tries what is to be refused in between."""

        def __init__(self) -> None:
            super().__init__()
            steps.reset(dialogue)

        @rule(view=views, place=ways, recording_format=st.sampled_from(FORMATS))
        def start(self, view: str, place: Place, recording_format: str | None) -> None:
            steps.start(dialogue, view, place, recording_format)

        @rule(attempt=wrong)
        def attempt_what_is_wrong(self, attempt: Attempt) -> None:
            steps.attempt(dialogue, attempt)

        @rule(attempt=denied)
        def attempt_without_credentials(self, attempt: Attempt) -> None:
            steps.attempt(dialogue, attempt)

        if foreign:

            @rule(attempt=st.sampled_from(foreign))
            def attempt_what_is_foreign(self, attempt: Attempt) -> None:
                steps.attempt(dialogue, attempt)

        @rule(one=views, other=views)
        def start_both(self, one: str, other: str) -> None:
            steps.start_both(dialogue, one, other)

        if all(dialogue.inquiry.may_stop(view) for view in dialogue.views):

            @rule(view=views, place=ways)
            def stop(self, view: str, place: Place) -> None:
                steps.stop(dialogue, view, place)

            @rule(one=views, other=views)
            def start_and_stop(self, one: str, other: str) -> None:
                steps.start_and_stop(dialogue, one, other)

        if probe.target.features.get:

            @rule(place=ways)
            def get(self, place: Place) -> None:
                steps.get(dialogue, place)

        if probe.target.features.list:

            @rule(place=lists)
            def list(self, place: Place) -> None:
                steps.list_(dialogue, place)

        def teardown(self) -> None:
            """Leave no recording behind."""
            dialogue.end()

    return Recordings
