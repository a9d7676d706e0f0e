"""The checks of the kit, one for each requirement that HTTP can show."""

from uapi.conformance.checks import (
    addressing,
    authentication,
    filtering,
    hanging_up,
    holding,
    listing,
    paging,
    placing,
    protocol,
    recording,
    refusing,
    representation,
    views,
)
from uapi.conformance.checks.registry import ACTIONS, OBSERVATIONS

__all__ = [
    "ACTIONS",
    "OBSERVATIONS",
    "addressing",
    "authentication",
    "filtering",
    "hanging_up",
    "holding",
    "listing",
    "paging",
    "placing",
    "protocol",
    "recording",
    "refusing",
    "representation",
    "views",
]
