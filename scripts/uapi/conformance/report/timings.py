"""How long the target took to answer, phase by phase."""

from __future__ import annotations

import math
import re
from statistics import median
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uapi.conformance.exchange import Exchange

PHASES: Final = {"check": "checks", "clean": "clean-up"}
"""How the phases of exchanges are named together, where not by their own first word."""


def timings(exchanges: Iterable[Exchange]) -> list[dict[str, Any]]:
    """Return for each phase the number of requests, and the median and the 95th percentile of the answers' times."""
    phases: dict[str, list[Exchange]] = {}
    for exchange in exchanges:
        phases.setdefault(_phase(exchange), []).append(exchange)
    return [_timing(name, group) for name, group in phases.items()]


def _phase(exchange: Exchange) -> str:
    """Return what the phase of an exchange belongs to: `check REC-001` is one of the checks."""
    first = re.match(r"\w+", exchange.phase)
    return PHASES.get(first[0], first[0]) if first else "other"


def _timing(phase: str, exchanges: list[Exchange]) -> dict[str, Any]:
    took = sorted(exchange.response.seconds * 1000 for exchange in exchanges if exchange.response is not None)
    return {
        "phase": phase,
        "requests": len(exchanges),
        "unanswered": len(exchanges) - len(took),
        "median_milliseconds": round(median(took), 1) if took else None,
        "p95_milliseconds": round(took[math.ceil(len(took) * 0.95) - 1], 1) if took else None,
    }
