"""The reference model: what is believed of a phone call that the kit placed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from uapi.conformance.answers import views_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HELD, RECORDED = "onHold", "recording"


@dataclass(slots=True)
class Model:
    """A phone call in progress, and what its views carry; a view is not in a mapping where that is left open."""

    views: tuple[str, ...]
    alive: bool = True
    parked: bool | None = False
    """Whether it is parked, None where that is left open."""
    _carried: dict[tuple[str, str], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Believe that nothing was done to the call yet."""
        self._carried = {(name, view): False for name in (HELD, RECORDED) for view in self.views}

    def carries(self, name: str, view: str) -> bool | None:
        """Return whether a view carries a field, None where that is left open."""
        return self._carried.get((name, view))

    def held(self, view: str) -> None:
        """Believe that a view was put on hold. The other parties may show that, too (D-77).

        Whether a recording outlasts a hold, nothing prescribes.
        """
        self._forget_recordings()
        for other in self.views:
            if not self.carries(HELD, other):
                self._carried.pop((HELD, other), None)
        self._carried[HELD, view] = True

    def resumed(self, view: str) -> None:
        """Believe that a view was taken off hold; what others show is open while one of them is held."""
        self._forget_recordings()
        self._carried.pop((HELD, view), None)
        if not any(self.carries(HELD, other) for other in self.views):
            self._carried.update({(HELD, other): False for other in self.views if other == view})

    def _forget_recordings(self) -> None:
        for view in self.views:
            if self.carries(RECORDED, view):
                self.forget(RECORDED, view)

    def recorded(self, view: str, *, on: bool) -> None:
        """Believe that the recording of a view was started or stopped."""
        self._carried[RECORDED, view] = on

    def forget(self, name: str, view: str) -> None:
        """Believe nothing of a field of a view: it was asked for in a way that leaves it open."""
        self._carried.pop((name, view), None)

    def moved(self, views: Sequence[str], *, parked: bool | None) -> None:
        """Believe that the call was parked, or taken out: its views are others then, and their state is open."""
        self.views, self.parked, self._carried = tuple(views), parked, {}

    def differences(self, shown: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield each requirement that a shown call violates, and how it is not as believed."""
        views = {str(view.get("id")): view for view in views_of(shown)}
        for (name, view), believed in self._carried.items():
            if view in views and (views[view].get(name) is not None) != believed:
                yield VIOLATED[name, believed], f"the view {view} carries {'no ' if believed else ''}{name}"
        parked = any(view.get("parked") is not None for view in views.values())
        if self.parked not in {parked, None}:
            yield ("ACT-041" if self.parked else "ACT-049"), f"a view carries {'' if parked else 'no '}parked"


VIOLATED = {
    (HELD, True): "ACT-021",
    (HELD, False): "ACT-026",
    (RECORDED, True): "REC-023",
    (RECORDED, False): "REC-031",
}
"""What a view violates that does not carry what it should, or carries what it should not."""
