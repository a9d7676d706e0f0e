"""The checks by the requirement that they decide.

A check either acts (it sends requests and looks at the answers) or observes (it looks at every exchange of a run, and
decides its requirement once at least one exchange was of the kind that the requirement speaks of).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.line import Placed
    from uapi.conformance.probe import Probe
    from uapi.conformance.telephone import Telephone

Action: TypeAlias = "Callable[[Probe], None]"
"""Returns where the requirement holds; raises Failed, NotExercised or Excluded otherwise."""
Observation: TypeAlias = "Callable[[Exchange], bool]"
"""Tells whether the requirement speaks of an exchange; raises Failed where it does and is not met."""
Beginning: TypeAlias = "Callable[[Telephone], Placed]"
"""Places a phone call that something is going to happen to by itself."""

ACTIONS: Final[dict[str, Action]] = {}
OBSERVATIONS: Final[dict[str, Observation]] = {}
ONCE: Final[set[str]] = set()
"""Requirements whose checks use up what the target names one of, so that one process has to decide them all."""
BY_PHONE: Final[set[str]] = set()
"""Requirements whose checks place phone calls."""
LATE: Final[set[str]] = set()
"""Requirements whose checks wait for what happens by itself: they are decided last, when most of the time is over."""
BEGINNINGS: Final[dict[str, Beginning]] = {}
"""What those requirements wait for, begun with the first phone call of a run, so that a run waits once for all."""
OTHERWISE: Final[dict[str, str]] = {}
"""For requirements that speak of what a server may leave undone: why they do not apply to one that leaves it undone."""


def check(requirement: str, *, once: bool = False) -> Callable[[Action], Action]:
    """Register a check that acts, for a requirement by its id; `once` where it uses up what there is one of."""

    def registered(function: Action) -> Action:
        _claim(requirement)
        ACTIONS[requirement] = function
        if once:
            ONCE.add(requirement)
        return function

    return registered


def check_by_phone(requirement: str, *, late: bool = False) -> Callable[[Action], Action]:
    """Register a check that places phone calls. One process decides them all: they share the numbers of the target.

    A check that waits for what happens by itself is `late`, and registers what it waits for with `begins`.
    """
    BY_PHONE.add(requirement)
    if late:
        LATE.add(requirement)
    return check(requirement, once=True)


def begins(requirement: str) -> Callable[[Beginning], Beginning]:
    """Register what a late check waits for; it gets the phone call from `Telephone.begun`."""

    def registered(function: Beginning) -> Beginning:
        BEGINNINGS[requirement] = function
        return function

    return registered


def observe(requirement: str, *, otherwise: str | None = None) -> Callable[[Observation], Observation]:
    """Register a check that observes, for a requirement by its id.

    A requirement that speaks of what a server may leave undone ("where it is given") says in `otherwise` why it does
    not apply to a server that was given the occasion and left it undone; it is excluded then.
    """

    def registered(function: Observation) -> Observation:
        _claim(requirement)
        OBSERVATIONS[requirement] = function
        if otherwise is not None:
            OTHERWISE[requirement] = otherwise
        return function

    return registered


def _claim(requirement: str) -> None:
    if requirement in ACTIONS or requirement in OBSERVATIONS:
        message = f"{requirement} has two checks"
        raise ValueError(message)
