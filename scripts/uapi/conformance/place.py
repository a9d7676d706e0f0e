"""Where phone calls are addressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

JSON: Final = ("Content-Type", "application/json")
UNKNOWN_METHOD: Final = "PATCH"
"""A method that no operation of the service has."""
ALL: Final = {"count": "5000"}
"""The query of a list that asks for as many phone calls as one page can have."""
RAW: Final = "@*"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a phone call is addressed: the three path parameters. None leaves the last segment out."""

    user: str
    extension: str
    phone_call: str | None = None

    def path(self, *, safe: str = RAW) -> str:
        """Return the path below the base URL, characters outside of `safe` and the unreserved ones encoded."""
        segments = [self.user, self.extension] + ([self.phone_call] if self.phone_call is not None else [])
        return "/phoneCalls/" + "/".join(quote(segment, safe=safe) for segment in segments)
