"""Checks of the query parameters of requests that place phone calls: for how long, and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.conformance.checks import expect
from uapi.conformance.checks.ordering import BAD_REQUEST, nothing_was_placed, refused
from uapi.conformance.checks.placed import before, dismiss, placing
from uapi.conformance.checks.registry import begins, check_by_phone
from uapi.conformance.finding import Failed, NotExercised
from uapi.conformance.line import OK

if TYPE_CHECKING:
    from uapi.conformance.checks.registry import Beginning
    from uapi.conformance.line import Placed
    from uapi.conformance.probe import Probe
    from uapi.conformance.telephone import Telephone

NO_NUMBERS = ("soon", "10s", "1,5")
BOOLEANS = ("true", "false")


@begins("MAKE-030")
def nobody_picks_up(telephone: Telephone) -> Placed:
    """Place a phone call whose source is never answered, so that its destination is not even called."""
    source = [telephone.role("unanswered")]
    call = telephone.place(
        telephone.order(source=source), query={"waitForPickup": str(telephone.numbers.limit_seconds)}
    )
    if telephone.until(call, lambda found: found is not None, telephone.settling_seconds) is None:
        raise NotExercised(f"the phone call {call.id} is not shown while it rings")
    return call


@begins("MAKE-032")
def a_short_call(telephone: Telephone) -> Placed:
    """Place a phone call with a limit, and wait until both parties talk."""
    return telephone.answered(telephone.place(query={"callDuration": str(telephone.numbers.limit_seconds)}))


def ends_by_itself(probe: Probe, requirement: str, beginning: Beginning, parameter: str) -> None:
    """Expect that a phone call that was begun ends at its time, or a few seconds later (D-89)."""
    call, seconds = probe.telephone.begun(requirement, beginning)
    if not probe.telephone.has_ended(call, seconds):
        shown = probe.session.exchanges[-1]
        probe.telephone.end(call)
        limit = probe.telephone.numbers.limit_seconds
        raise Failed(f"the phone call {call.id} goes on, which was placed with {parameter}={limit}", shown)


@check_by_phone("MAKE-030", late=True)
def a_phone_call_that_nobody_picks_up_ends(probe: Probe) -> None:
    """A call with `waitForPickup` to somebody who does not answer."""
    ends_by_itself(probe, "MAKE-030", nobody_picks_up, "waitForPickup")


@check_by_phone("MAKE-031")
def times_are_numbers(probe: Probe) -> None:
    """A word, a number with a unit and a fraction, for either parameter."""
    known, bodies, exchanges = before(probe), [], []
    for parameter in ("waitForPickup", "callDuration"):
        for value in NO_NUMBERS:
            bodies.append(probe.telephone.order())
            exchanges.append(probe.telephone.create(bodies[-1], query={parameter: value}))
    for exchange, body in zip(exchanges, bodies, strict=True):
        dismiss(probe, exchange, body)
    for exchange, body in zip(exchanges, bodies, strict=True):
        refused(probe, exchange, body, BAD_REQUEST)
    nothing_was_placed(probe, known, bodies, *exchanges)


@check_by_phone("MAKE-032", late=True)
def a_phone_call_lasts_as_long_as_it_may(probe: Probe) -> None:
    """A call with `callDuration` whose parties talk."""
    ends_by_itself(probe, "MAKE-032", a_short_call, "callDuration")


def accepts(probe: Probe, parameter: str) -> None:
    """Expect that both values of a parameter are taken where a call without it is placed."""
    body = probe.telephone.order()
    dismiss(probe, placing(probe, body), body)
    for value in BOOLEANS:
        body = probe.telephone.order()
        exchange = probe.telephone.create(body, query={parameter: value})
        dismiss(probe, exchange, body)
        expect.status(exchange, OK)


@check_by_phone("MAKE-034")
def transfers_to_public_numbers_are_allowed_or_not(probe: Probe) -> None:
    """Either value is taken, and where it is `false` a call between extensions is transferred as any other is."""
    accepts(probe, "allowPublicTransfer")
    second = probe.target.second_extension
    if not probe.target.features.transfer or second is None:
        return
    telephone, statuses = probe.telephone, []
    for query in ({}, {"allowPublicTransfer": "false"}):
        call = telephone.answered(telephone.place(query=query))
        numbers = {"transferFromNumber": call.source, "transferNumber": call.destination}
        exchange = telephone.act(call, "Transfer", sendCallTo=second.extension, **numbers)
        telephone.end(call)
        statuses.append(exchange.status)
    if statuses[0] == OK:
        expect.status(exchange, OK)


@check_by_phone("MAKE-036")
def video_is_offered_or_not(probe: Probe) -> None:
    """Either value is taken."""
    accepts(probe, "video")
