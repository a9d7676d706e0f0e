"""Versions by Semantic Versioning, and what a change demands of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from uapi.contract.diff.model import Bump
from uapi.contract.errors import VersionError

SEMVER: Final = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version without pre-release and build: the contract is released, or it is not."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        """Return the version as it is written."""
        return f"{self.major}.{self.minor}.{self.patch}"

    def bumped(self, bump: Bump) -> Version:
        """Return the least version after this one that a bump leads to."""
        match bump:
            case Bump.MAJOR:
                return Version(self.major + 1, 0, 0)
            case Bump.MINOR:
                return Version(self.major, self.minor + 1, 0)
            case Bump.PATCH:
                return Version(self.major, self.minor, self.patch + 1)
            case _:
                return self


def parse(text: str, where: str) -> Version:
    """Read a version; raise VersionError where it is none."""
    match = SEMVER.fullmatch(text)
    if match is None:
        message = f"info.version is {text!r}, which is no version"
        raise VersionError(message, where=where, hint="Write three numbers, as 1.4.0.")
    return Version(*map(int, match.groups()))


def demanded(old: Version, bump: Bump, *, breaks: bool) -> Bump:
    """Return the part that has to grow after `old`.

    Before 1.0.0 the minor number is what the major one is later: whatever breaks clients or servers bumps it, and
    everything else the patch number (Semantic Versioning, item 4, leaves the choice to the project).
    """
    if old.major or bump is Bump.NONE:
        return bump
    return Bump.MINOR if breaks else Bump.PATCH
