"""All the mutants: importing a module of them registers it."""

from __future__ import annotations

from mutants import (
    absent,
    addressing,
    authentication,
    boundaries,
    filtering,
    intermittent,
    limits,
    listing,
    lives,
    paging,
    partial,
    protocol,
    recording,
    refusals,
    representation,
    secretly,
    sequences,
    stopping,
    together,
    views,
)
from mutants.mutant import CATALOGUE

__all__ = [
    "CATALOGUE",
    "absent",
    "addressing",
    "authentication",
    "boundaries",
    "filtering",
    "intermittent",
    "limits",
    "listing",
    "lives",
    "paging",
    "partial",
    "protocol",
    "recording",
    "refusals",
    "representation",
    "secretly",
    "sequences",
    "stopping",
    "together",
    "views",
]
