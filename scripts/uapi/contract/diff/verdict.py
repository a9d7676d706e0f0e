"""Decides whether a version is enough for what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from uapi.contract.diff import versions

if TYPE_CHECKING:
    from uapi.contract.diff.model import Bump, Change, Contract, Diff
    from uapi.contract.diff.versions import Version


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the changes demand of the version, and what it is."""

    old: Version
    new: Version
    bump: Bump
    """The part that has to grow after the old version."""

    @property
    def least(self) -> Version:
        """The least version that is enough."""
        return self.old.bumped(self.bump)

    @property
    def enough(self) -> bool:
        """Whether the version is at least that."""
        return self.new >= self.least

    def __str__(self) -> str:
        """Say it in a sentence."""
        if not self.bump:
            text = f"The contracts say the same: {self.least} or later"
        else:
            text = f"The changes demand a {self.bump} version after {self.old}: {self.least} or later"
        return f"{text}. It is {self.new}" + (", which is enough." if self.enough else ", which is not enough.")


def judge(diff: Diff) -> Verdict:
    """Return what a comparison demands; raise VersionError where a version is none."""
    old, new = _version(diff.old), _version(diff.new)
    breaks = any(change.breaks for change in diff.changes)
    return Verdict(old, new, versions.demanded(old, diff.bump, breaks=breaks))


def reasons(diff: Diff, verdict: Verdict) -> list[Change]:
    """Return the changes that alone would demand more than the version that there is."""
    return [
        change
        for change in diff.changes
        if verdict.old.bumped(versions.demanded(verdict.old, change.bump, breaks=bool(change.breaks))) > verdict.new
    ]


def _version(contract: Contract) -> Version:
    return versions.parse(contract.version, str(contract.bundle.locate(("info", "version"))))
