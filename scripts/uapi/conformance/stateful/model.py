"""The reference model: which views of the phone call are recorded, and since when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from uapi.conformance.answers import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class _Unknown:
    """What the model does not know: the target was asked in a way that leaves it open."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN: Final = _Unknown()
State: TypeAlias = "str | _Unknown | None"
"""The time of a view's recording, None where there is none, or UNKNOWN."""
Cause: TypeAlias = "Callable[[str], str]"
"""Tells which requirement is violated where a view is not as the model has it."""


def same(one: State, other: State) -> bool:
    """Tell whether two states are the same; times are compared as times, in whatever offset they are written."""
    if isinstance(one, str) and isinstance(other, str) and moment(one) is not None:
        return moment(one) == moment(other)
    return one == other


@dataclass(frozen=True, slots=True)
class Difference:
    """A view that is not as the model has it."""

    view: str
    believed: State
    seen: State
    owed: str
    """The requirement that is violated where no update is to blame."""

    def __str__(self) -> str:
        """Say it."""
        return f"the view {self.view} has the recording {self.seen}, not {self.believed}"


@dataclass(slots=True)
class Model:
    """What is believed of each view, and which update the belief is owed to."""

    views: dict[str, State] = field(default_factory=dict)
    _owed: dict[str, str] = field(default_factory=dict)

    def state(self, view: str) -> State:
        """Return what is believed of a view."""
        return self.views.get(view, UNKNOWN)

    def started(self, view: str, since: State) -> None:
        """Believe that the recording of a view was started."""
        self.views[view], self._owed[view] = since, "REC-023"

    def stopped(self, view: str) -> None:
        """Believe that the recording of a view was stopped."""
        self.views[view], self._owed[view] = None, "REC-031"

    def forget(self, view: str) -> None:
        """Believe nothing of a view until it is seen again."""
        self.views[view] = UNKNOWN

    def owed(self, view: str) -> str:
        """Return the requirement that a view violates which changed without any update.

        Its recording is not seen any more (REC-023), or is seen again (REC-031). One that was never started can only
        have been started by an update of another view (REC-005).
        """
        return self._owed.get(view) or ("REC-023" if isinstance(self.state(view), str) else "REC-005")

    def agrees(self, seen: Mapping[str, State]) -> bool:
        """Tell whether the views are as believed, as far as anything is believed of them."""
        return all(same(self.state(view), state) for view, state in seen.items() if self.state(view) is not UNKNOWN)

    def differences(
        self, seen: Mapping[str, State], besides: frozenset[str] = frozenset(), *, believe: bool = True
    ) -> list[Difference]:
        """Return where the views are not as believed; from then on, believe what is seen, unless told not to."""
        found = []
        for view, state in seen.items():
            believed = self.state(view)
            if view in besides or (believed is not UNKNOWN and same(believed, state)):
                continue
            if believed is not UNKNOWN:
                found.append(Difference(view, believed, state, self.owed(view)))
            if believe:
                self.views[view] = state
        return found
