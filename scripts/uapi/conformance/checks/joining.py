"""Checks of joining a phone call: BargeIn, Whisper and Monitor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.conformance.checks.performing import done, expect_accepted, expect_served, expect_view
from uapi.conformance.checks.registry import check_by_phone

if TYPE_CHECKING:
    from uapi.conformance.probe import Probe

NUMBERS: Final[tuple[dict[str, object], ...]] = ({}, {"private": 0}, {"private": 1})
STRINGS: Final[tuple[dict[str, object], ...]] = ({"private": "0"}, {"private": "1"})


def expect_party(probe: Probe, action: str) -> None:
    """Expect an extension that joins to be a party of the phone call, once its terminal has answered."""
    with done(probe, action) as (call, exchange):
        expect_view(probe, call, probe.telephone.role("second_extension"), exchange)


@check_by_phone("ACT-060")
def a_call_is_barged_into(probe: Probe) -> None:
    """A BargeIn on a talking party is answered with 200."""
    expect_served(probe, "BargeIn")


@check_by_phone("ACT-061")
def who_barges_in_becomes_a_party(probe: Probe) -> None:
    """After a BargeIn the phone call has a view of the extension that joined."""
    expect_party(probe, "BargeIn")


@check_by_phone("ACT-065")
def a_party_is_whispered_to(probe: Probe) -> None:
    """A Whisper to a talking party is answered with 200, with `private` or without."""
    expect_served(probe, "Whisper", *NUMBERS)


@check_by_phone("ACT-066")
def who_whispers_becomes_a_party(probe: Probe) -> None:
    """After a Whisper the phone call has a view of the extension that joined."""
    expect_party(probe, "Whisper")


@check_by_phone("ACT-067")
def a_whisper_is_private_or_not(probe: Probe) -> None:
    """A Whisper is accepted without `private`, and with the numbers 0 and 1."""
    for form in NUMBERS:
        expect_accepted(probe, "Whisper", form, *NUMBERS)


@check_by_phone("ACT-068")
def private_may_be_a_string(probe: Probe) -> None:
    """A Whisper is accepted whose `private` is the string 0 or 1."""
    for form in STRINGS:
        expect_accepted(probe, "Whisper", form, *NUMBERS)


@check_by_phone("ACT-070")
def a_call_is_monitored(probe: Probe) -> None:
    """A Monitor of a talking party is answered with 200."""
    expect_served(probe, "Monitor")


@check_by_phone("ACT-071")
def who_monitors_becomes_a_party(probe: Probe) -> None:
    """After a Monitor the phone call has a view of the extension that listens."""
    expect_party(probe, "Monitor")
