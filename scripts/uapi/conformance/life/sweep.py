"""The sequence that every target is led through: each step once from where it means something."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uapi.conformance.life.course import Course


def sweep(course: Course) -> None:
    """Hold, record, park and hang up one phone call, each party in turn, with refused requests in between."""
    features = course.probe.target.features
    course.begin()
    for side in (0, 1):
        if features.hold:
            _held(course, side)
        if features.stop_recording and _talks(course):
            view = course.model.views[side]
            course.record(view)
            _refuse(course)
            course.stop(view)
    if features.park and _talks(course):
        course.park(course.model.views[0])
        if course.model.parked and course.probe.target.second_extension is not None:
            course.take_out()
            if features.hold:
                _held(course, 0)
    if features.hang_up:
        if course.model.alive:
            course.hang_up()
        for action in course.actions:
            course.act_on_what_has_ended(action)


def _held(course: Course, side: int) -> None:
    """Hold a party twice over, and let it talk again, while the other one is left alone."""
    for _ in range(2):
        if _talks(course):
            view = course.model.views[side]
            course.hold(view)
            _refuse(course)
            course.resume(view)
    if _talks(course):
        _refuse(course)


def _refuse(course: Course) -> None:
    for action in course.actions:
        course.refuse(action)


def _talks(course: Course) -> bool:
    return course.model.alive and bool(course.model.views) and not course.model.parked
