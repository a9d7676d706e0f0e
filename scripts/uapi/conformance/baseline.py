"""Expected failures: what a team knows of and lives with, so that a run fails on what is new, and on what is mended.

The file is TOML, one table for each requirement:

    [[expected]]
    requirement = "REC-013"
    reason = "mended in the next release"
    expires = 2027-03-31
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from uapi.conformance.errors import ConformanceError
from uapi.conformance.outcome import Outcome
from uapi.conformance.register import register

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from uapi.conformance.outcome import Result

HINT: Final = (
    'Each entry is [[expected]] with requirement = "REC-001", reason = "…", and optionally expires = 2027-03-31.'
)


class Expectation(BaseModel):
    """One failure that is known: the requirement, why it is lived with, and until when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    requirement: str
    reason: Annotated[str, Field(min_length=1)]
    expires: date | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    expected: list[Expectation] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run held against the expectations, each list in the order of the requirements."""

    expected: Sequence[str]
    """Failed, as is known."""
    unexpected: Sequence[str]
    """Failed, and nobody knew, or the expectation has expired."""
    stale: Sequence[str]
    """Expected to fail, and passed: the entry is to be removed."""

    @property
    def holds(self) -> bool:
        """Whether the run shows what was expected, no more and no less."""
        return not self.unexpected and not self.stale


def load_expectations(file: Path) -> tuple[Expectation, ...]:
    """Read the expectations of a file. Raises ConformanceError for one that cannot be read or that says nonsense."""
    try:
        found = _File.model_validate(tomllib.loads(file.read_text("utf-8"))).expected
    except OSError as error:
        raise ConformanceError(f"the file cannot be read: {error.strerror}", where=str(file), hint=HINT) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConformanceError(f"the file is no TOML: {error}", where=str(file), hint=HINT) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConformanceError(f"{place}: {first['msg']}", where=str(file), hint=HINT) from error
    ids = [expectation.requirement for expectation in found]
    for requirement in ids:
        if requirement not in register():
            hint = "'uapi conformance explain' lists all requirements."
            raise ConformanceError(f"there is no requirement {requirement}", where=str(file), hint=hint)
        if ids.count(requirement) > 1:
            raise ConformanceError(f"{requirement} is listed twice", where=str(file), hint="Remove one of the entries.")
    return tuple(found)


def compare(results: Iterable[Result], expectations: Iterable[Expectation], today: date) -> Comparison:
    """Hold the results of a run against the expectations that have not expired on a day.

    A requirement that was not exercised, or that is excluded, neither confirms an expectation nor makes it stale.
    """
    known = {entry.requirement for entry in expectations if entry.expires is None or entry.expires >= today}
    expected: list[str] = []
    unexpected: list[str] = []
    stale: list[str] = []
    for result in results:
        name = result.requirement.id
        if result.outcome is Outcome.FAIL:
            (expected if name in known else unexpected).append(name)
        elif result.outcome in {Outcome.PASS, Outcome.WARN} and name in known:
            stale.append(name)
    return Comparison(expected, unexpected, stale)
