"""The ways in which the phone call under test is addressed, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.conformance.place import Place

if TYPE_CHECKING:
    from uapi.conformance.probe import Probe

ALIASES: Final = ("@me", "@viewer", "@owner")


def places(probe: Probe) -> list[Place]:
    """Return every way in which the caller may address the phone call, the plainest first."""
    return [
        Place(user, extension, probe.place.phone_call)
        for extension in (probe.place.extension, "@self")
        for user in (*ALIASES, probe.target.caller.user_id)
        if (user, extension) != ("@owner", "@self")  # not prescribed, D-43
    ]


def principals(probe: Probe) -> list[str]:
    """Return who sends requests, the caller most often; without a stranger, nobody else does."""
    return ["caller"] * 5 + (["stranger"] if probe.target.stranger is not None else [])
