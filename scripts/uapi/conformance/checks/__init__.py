"""The checks of the kit, one for each requirement that HTTP can show."""

from uapi.conformance.checks import (
    addressing,
    authentication,
    hanging_up,
    holding,
    listing,
    placing,
    protocol,
    recording,
    refusing,
    representation,
)
from uapi.conformance.checks.registry import ACTIONS, OBSERVATIONS

__all__ = [
    "ACTIONS",
    "OBSERVATIONS",
    "addressing",
    "authentication",
    "hanging_up",
    "holding",
    "listing",
    "placing",
    "protocol",
    "recording",
    "refusing",
    "representation",
]
