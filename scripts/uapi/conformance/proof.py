"""The proof of the kit: the faulty servers on which each check was seen to find its requirement violated.

The servers are part of the project's tests, and no part of the kit; what is known of them stands in `proof.json`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PROOF: Final = Path(__file__).with_name("proof.json")
CHECKS: Final = "checks"
"""The budget of faults that the deterministic checks find by themselves."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A server with one fault, in a sentence."""

    name: str
    fault: str
    budget: str
    """The least budget at which the kit finds it."""
    limit: str | None = None
    """Why the kit does not find it, None where it does."""


@cache
def proof() -> Mapping[str, tuple[Fault, ...]]:
    """Return the faulty servers by the id of the requirement that they violate."""
    rows = json.loads(PROOF.read_text("utf-8"))
    return {name: tuple(Fault(**fault) for fault in faults) for name, faults in rows.items()}
