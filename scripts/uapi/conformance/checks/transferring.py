"""Checks of transferring: Transfer and TransferToVoicemail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.checks import expect
from uapi.conformance.checks.performing import (
    attempt,
    done,
    expect_accepted,
    expect_served,
    expect_view,
    has_view,
    scene,
    shown,
)
from uapi.conformance.checks.registry import check_by_phone
from uapi.conformance.finding import Failed, NotExercised
from uapi.conformance.line import TALKING

if TYPE_CHECKING:
    from uapi.conformance.exchange import Exchange
    from uapi.conformance.line import Placed
    from uapi.conformance.probe import Probe

NO_NUMBERS: Final = {"transferFromNumber": None, "transferNumber": None}


@check_by_phone("ACT-075")
def a_call_is_transferred(probe: Probe) -> None:
    """A Transfer that names the aim, who transfers and who is transferred is answered with 200."""
    expect_served(probe, "Transfer")


@check_by_phone("ACT-076")
def the_aim_of_a_transfer_becomes_a_party(probe: Probe) -> None:
    """After a Transfer to an extension the phone call has a view of it."""
    with done(probe, "Transfer") as (call, exchange):
        expect_view(probe, call, probe.telephone.role("second_extension"), exchange)


@check_by_phone("ACT-077")
def who_transfers_leaves(probe: Probe) -> None:
    """Once the aim of a Transfer talks, the phone call has no view of who transferred it, whichever party that is."""
    for name in ("source", "destination"):
        with scene(probe, "Transfer") as ready:
            numbers = [ready.call.source, ready.call.destination]
            leaves = numbers.pop(name == "destination")
            exchange = ready.act(probe, transferFromNumber=leaves, transferNumber=numbers[0])
            if exchange.status != 200:  # noqa: PLR2004 - HTTP status
                raise NotExercised("the Transfer was not carried out, which is for ACT-075 to say", exchange)
            expect_departure(probe, ready.call, leaves, exchange)


def expect_departure(probe: Probe, call: Placed, leaves: str, exchange: Exchange) -> None:
    """Expect a phone call to lose its view of an extension, once the aim of its transfer talks."""
    aim, seconds = probe.telephone.role("second_extension"), probe.telephone.numbers.answer_timeout_seconds

    def is_over(seen: dict[str, Any] | None) -> bool:
        return seen is None or (has_view(seen, aim, TALKING) and not has_view(seen, leaves))

    found = probe.telephone.until(call, is_over, seconds)
    look = probe.session.exchanges[-1]
    if found is None:
        raise NotExercised(f"the phone call {call.id} has ended meanwhile", look)
    if not has_view(found, aim, TALKING):
        raise NotExercised(f"nobody sees that {aim} talks, which is for ACT-076 to say", exchange, look)
    if has_view(found, leaves):
        message = f"the phone call still has a view of {leaves}, which transferred it, after {seconds:g} seconds"
        raise Failed(message, exchange, look)


@check_by_phone("ACT-078")
def a_transfer_may_name_a_view_and_no_numbers(probe: Probe) -> None:
    """A Transfer with `sendCallTo` and `phoneCallViewId` alone is answered with 200."""
    with scene(probe, "Transfer") as ready:
        exchange = ready.act(probe, **NO_NUMBERS, phoneCallViewId=ready.call.view)
        if exchange.status == 200:  # noqa: PLR2004 - HTTP status
            return
        shown(probe, ready.call)
    if attempt(probe, "Transfer").status != 200:  # noqa: PLR2004 - HTTP status
        raise NotExercised("no Transfer was carried out at all, which is for ACT-075 to say", exchange)
    expect.status(exchange, 200)


@check_by_phone("ACT-079")
def a_call_is_transferred_to_a_public_number(probe: Probe) -> None:
    """A Transfer whose `sendCallTo` is a public number is answered with 200."""
    number = probe.telephone.role("public_number", "number")
    expect_accepted(probe, "Transfer", {"sendCallTo": number}, {})


@check_by_phone("ACT-085")
def a_call_is_transferred_to_a_voicemail(probe: Probe) -> None:
    """A TransferToVoicemail that names the aim, who transfers and who is transferred is answered with 200."""
    expect_served(probe, "TransferToVoicemail")


@check_by_phone("ACT-086")
def a_transfer_to_a_voicemail_need_not_say_who_transfers(probe: Probe) -> None:
    """A TransferToVoicemail without `transferFromNumber` is answered with 200."""
    expect_accepted(probe, "TransferToVoicemail", {"transferFromNumber": None}, {})
