"""Tells whether an answer can be interpreted at all: what is wrong with any answer has requirements of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.conformance.checks.registry import OBSERVATIONS
from uapi.conformance.finding import Failed

if TYPE_CHECKING:
    from uapi.conformance.exchange import Exchange

ANSWERED: Final = ("HTTP-004", "HTTP-013", "HTTP-002")
"""The observations without which nobody knows what was answered: it came, it is UTF-8, and it is JSON."""
UNDERSTOOD: Final = (*ANSWERED, "ERR-001")
"""Those without which it cannot be interpreted any further: an error has the error body too."""


def unread(exchange: Exchange, among: tuple[str, ...] = UNDERSTOOD) -> tuple[str, str] | None:
    """Return the first requirement by which an answer cannot be read, with what is wrong; None where it can."""
    for requirement in among:
        try:
            OBSERVATIONS[requirement](exchange)
        except Failed as finding:
            return requirement, finding.message
    return None


def readable(exchange: Exchange) -> bool:
    """Tell whether an answer can be interpreted: it came, it is JSON, and an error has the error body."""
    return unread(exchange) is None


def is_noise(finding: Failed) -> bool:
    """Tell whether a finding may be due to an answer of which nobody knows what it says."""
    return any(exchange.was_sent and unread(exchange, ANSWERED) is not None for exchange in finding.exchanges)
