"""How much a run may spend on the phases that generate requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Coverage = Literal["none", "light", "full"]


@dataclass(frozen=True, slots=True)
class Budget:
    """The size of each phase. What a budget leaves out is never taken for fine: the checks do not depend on it."""

    coverage: Coverage = "none"
    """`light` takes one case for each input and kind of case, `full` all of them."""
    examples: int = 0
    """How many requests are generated for each operation, valid ones and again invalid ones."""
    links: bool = False
    """Whether the links of the contract are followed."""
    scenarios: int = 0
    """How many sequences of steps are compared with the reference model."""
    steps: int = 0
    """How many steps a sequence has at most."""
    seconds: float = 3600.0
    """When to give up: a target that hangs must not hold the run for longer. It is far above what a budget takes."""
    shrinking: int = 80
    """How many exchanges a finding may cost after it was made, in order to say it with a small example."""


QUICK: Final = Budget(coverage="light", links=True, seconds=60)
STANDARD: Final = Budget(coverage="full", examples=30, links=True, scenarios=10, steps=15, seconds=600, shrinking=400)
DEEP: Final = Budget(coverage="full", examples=500, links=True, scenarios=150, steps=40, shrinking=1500)
BUDGETS: Final[Mapping[str, Budget]] = {"quick": QUICK, "standard": STANDARD, "deep": DEEP}
"""The budgets that a run can be asked for, by name."""
