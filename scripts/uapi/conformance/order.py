"""What is asked of a run, however it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from uapi.conformance.budget import Budget
from uapi.conformance.errors import ConformanceError
from uapi.conformance.register import TELEPHONY, profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uapi.conformance.baseline import Expectation
    from uapi.conformance.register import Requirement
    from uapi.conformance.target import Target


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a run."""

    profile: str
    budget: Budget
    seed: int
    only: Sequence[str] = ()
    """Ids of requirements, where not all of the profile are asked for. Requests are not generated then."""
    expectations: Sequence[Expectation] | None = None
    """Failures that are known, None where the run is not held against any."""
    workers: int = 1
    """How many processes share the tests; each needs a phone call of its own."""

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """The requirements that are asked for. Raises ConformanceError for a profile or an id that does not exist."""
        rows = profile(self.profile)
        known = {row.id for row in rows}
        for requirement in self.only:
            if requirement not in known:
                hint = "'uapi conformance explain' lists all requirements."
                message = f"the profile {self.profile} has no requirement {requirement!r}"
                raise ConformanceError(message, where="--only", hint=hint)
        return tuple(row for row in rows if not self.only or row.id in self.only)

    def places_calls(self, target: Target) -> bool:
        """Tell whether the kit places phone calls of its own, for the rows that are asked for or to test with."""
        asked = any(row.profile == TELEPHONY and row.excluded is None for row in self.requirements)
        return target.phone_call.source == "create" or (asked and target.create is not None)

    @property
    def spent(self) -> Budget:
        """The budget that is spent: none on generated requests where single requirements are asked for."""
        return Budget() if self.only else self.budget

    @property
    def title(self) -> str:
        """The name of what is asked for, which says so where it is not the whole profile."""
        return f"{self.profile}, only {', '.join(self.only)}" if self.only else self.profile
