"""The state machine: Hypothesis chooses the steps, and shrinks a sequence that shows a violation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

if TYPE_CHECKING:
    from uapi.conformance.life.course import Course

SIDES = st.sampled_from((0, 1))
"""Which of the two parties a step is about."""


def machine(course: Course) -> type[RuleBasedStateMachine]:  # noqa: C901 - one rule after the other
    """Return a state machine that leads phone calls through their life, as far as the target's features allow."""
    target = course.probe.target
    features = target.features
    actions = st.sampled_from(course.actions)

    def talks(_: RuleBasedStateMachine) -> bool:
        return course.model.alive and bool(course.model.views) and not course.model.parked

    class PhoneCalls(RuleBasedStateMachine):
        """Leads one phone call from its answer to its end, or some of the way."""

        def __init__(self) -> None:
            super().__init__()
            course.begin()

        if features.hold:

            @precondition(talks)
            @rule(side=SIDES)
            def hold(self, side: int) -> None:
                course.hold(course.model.views[side])

            @precondition(talks)
            @rule(side=SIDES)
            def resume(self, side: int) -> None:
                course.resume(course.model.views[side])

        @precondition(talks)
        @rule(side=SIDES)
        def record(self, side: int) -> None:
            course.record(course.model.views[side])

        if features.stop_recording:

            @precondition(talks)
            @rule(side=SIDES)
            def stop(self, side: int) -> None:
                course.stop(course.model.views[side])

        @precondition(talks)
        @rule(action=actions)
        def refuse(self, action: str) -> None:
            course.refuse(action)

        if features.park:

            @precondition(lambda machine: talks(machine) and not course.was_parked)
            @rule(side=SIDES)
            def park(self, side: int) -> None:
                course.park(course.model.views[side])

            if target.second_extension is not None:

                @precondition(lambda _: course.model.alive and course.model.parked is True)
                @rule()
                def take_out(self) -> None:
                    course.take_out()

        if features.hang_up:

            @precondition(lambda _: course.model.alive)
            @rule()
            def hang_up(self) -> None:
                course.hang_up()

            @precondition(lambda _: not course.model.alive)
            @rule(action=actions)
            def act_on_what_has_ended(self, action: str) -> None:
                course.act_on_what_has_ended(action)

        @rule()
        def look(self) -> None:
            course.look()

    return PhoneCalls
