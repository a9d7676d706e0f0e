"""The requirement register of the contract, as the generated package carries it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

import uapi_phonecalls
from uapi.conformance.errors import ConformanceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PROFILES: Final[Mapping[str, frozenset[str]]] = {
    "recording": frozenset({"recording"}),
    "phone-calls": frozenset({"recording", "phone-calls"}),
}
"""The profiles that a run can be asked for, each with the profiles of the rows that belong to it."""
TELEPHONY: Final = "phone-calls"
"""The profile of the rows for which phone calls are placed and acted on."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the register. See `x-requirements` in openapi/decisions.md, D-44."""

    id: str
    level: Literal["MUST", "SHOULD", "MAY"]
    text: str
    source: str
    evidence: str
    pointer: str
    file: str
    line: int
    profile: str = "recording"
    operations: tuple[str, ...] = ()
    decision: str | None = None
    feature: str | None = None
    excluded: str | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Requirement:
        """Build a requirement from a row of `requirements.json`."""
        return cls(**{**row, "operations": tuple(row.get("operations", ()))})


@cache
def register() -> Mapping[str, Requirement]:
    """Return every requirement by its id, in the order of the ids."""
    rows = (Requirement.of(row) for row in uapi_phonecalls.load_requirements()["requirements"])
    return {row.id: row for row in rows}


def profile(name: str) -> tuple[Requirement, ...]:
    """Return the requirements of a profile; raise ConformanceError for a name that is none."""
    if name not in PROFILES:
        message = f"there is no profile {name!r}"
        raise ConformanceError(message, where="--profile", hint=f"Choose one of: {', '.join(PROFILES)}")
    return tuple(row for row in register().values() if row.profile in PROFILES[name])


def operations(requirements: Iterable[Requirement]) -> frozenset[str]:
    """Return the operations of the profiles that some requirements belong to."""
    profiles = {row.profile for row in requirements}
    return frozenset(name for row in register().values() if row.profile in profiles for name in row.operations)
