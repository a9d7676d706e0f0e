"""How a check ends when it does not simply return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from uapi.conformance.exchange import Exchange


class Finding(Exception):  # noqa: N818 - it carries a result, not an error
    """The end of a check, with what was found and the exchanges that show it."""

    def __init__(self, message: str, *exchanges: Exchange) -> None:
        """Keep what was found."""
        super().__init__(message)
        self.message: Final = message
        self.exchanges: Final = exchanges


class Failed(Finding):
    """The target does not do what the requirement asks for."""


class Unreadable(Failed):
    """The answer is no JSON, so that it tells nothing: that it has to be JSON is a requirement of its own."""


class NotExercised(Finding):
    """The requirement could not be looked at; the message says what is lacking."""


class Excluded(Finding):
    """The requirement does not apply to this target; the message says why."""
