"""Checks of placing phone calls: simple calls, callbacks, and invitations to a conference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.conformance.answers import shown_ids
from uapi.conformance.checks import expect
from uapi.conformance.checks.registry import check_by_phone
from uapi.conformance.finding import Failed

if TYPE_CHECKING:
    from uapi.conformance.probe import Probe


@check_by_phone("MAKE-005")
def a_simple_call_is_placed(probe: Probe) -> None:
    """A call between the two numbers of the target is placed."""
    exchange = probe.telephone.create(probe.telephone.order())
    expect.status(exchange, 200)
    if not list(shown_ids(exchange)):
        raise Failed("the answer names no phone call", exchange)
