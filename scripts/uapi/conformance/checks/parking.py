"""Checks of parking: Park and UnPark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import short, views_of
from uapi.conformance.checks.performing import (
    answer_of,
    done,
    expect_accepted,
    expect_served,
    expect_view,
    parked_view,
    shown,
)
from uapi.conformance.checks.registry import begins, check_by_phone
from uapi.conformance.finding import Failed, NotExercised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uapi.conformance.line import Placed
    from uapi.conformance.probe import Probe
    from uapi.conformance.telephone import Telephone

SECONDS: Final = 60
"""For how long a call is parked that is taken out of the parking lot before."""
IN_SECONDS: Final = ({"maxInParking": SECONDS}, {"maxInParking": str(SECONDS)})
PARKED: Final = ("parked", "parkedPos", "parkedBy")


@check_by_phone("ACT-040")
def a_call_is_parked(probe: Probe) -> None:
    """A Park of a talking party is answered with 200, with a time or without."""
    expect_served(probe, "Park", {}, *IN_SECONDS)


@check_by_phone("ACT-041")
def a_parked_call_says_since_when(probe: Probe) -> None:
    """A view of a parked call, whichever it is, carries `parked`, at once and later."""
    for other in (False, True):
        with done(probe, "Park", other=other) as (call, exchange):
            for where, found in (("answer", answer_of(exchange, call)), ("phone call", shown(probe, call))):
                if parked_view(found) is None:
                    message = f"no view of the {where} carries parked after a Park"
                    raise Failed(message, exchange, probe.session.exchanges[-1])


@check_by_phone("ACT-043")
def who_parked_a_call_is_told(probe: Probe) -> None:
    """The `parkedBy` of the parked view is the extension of the view that was named, in either form."""
    found = 0
    for other in (False, True):
        with done(probe, "Park", other=other) as (call, exchange):
            extension = call.destination if other else call.source
            for seen in (answer_of(exchange, call), shown(probe, call)):
                by = (parked_view(seen) or {}).get("parkedBy")
                if by is None:
                    continue
                found += 1
                if short(by) != short(extension):
                    message = f"parkedBy is {by!r}, while the view {call.view} of {extension} was named"
                    raise Failed(message, exchange, probe.session.exchanges[-1])
    if not found:
        raise NotExercised("no view carries parked and parkedBy, which is for ACT-041 and VIEW-004 to say")


@check_by_phone("ACT-044")
def a_park_needs_no_time(probe: Probe) -> None:
    """A Park without `maxInParking` is answered with 200."""
    expect_accepted(probe, "Park", {}, *IN_SECONDS)


@check_by_phone("ACT-045")
def the_time_of_a_park_is_a_number_or_a_string(probe: Probe) -> None:
    """A `maxInParking` is accepted as a number, and as the same number in a string."""
    for form in IN_SECONDS:
        expect_accepted(probe, "Park", form, {}, *IN_SECONDS)


@begins("ACT-046")
def a_call_parked_for_a_time(telephone: Telephone) -> Placed:
    """Park a call of its own with `maxInParking`."""
    call = telephone.answered(telephone.place())
    exchange = telephone.act(call, "Park", maxInParking=telephone.numbers.limit_seconds)
    if exchange.status != 200:  # noqa: PLR2004 - HTTP status
        raise NotExercised("the call was not parked for a time, which is for ACT-045 to say", exchange)
    if parked_view(telephone.shown(call) or {}) is None:
        raise NotExercised("no view of the call is parked, which is for ACT-041 to say", exchange)
    return call


@check_by_phone("ACT-046", late=True)
def a_call_returns_from_the_parking_lot(probe: Probe) -> None:
    """A call that was parked with `maxInParking` is not parked any more when the time is up, whatever became of it."""
    call, seconds = probe.telephone.begun("ACT-046", a_call_parked_for_a_time)
    found = probe.telephone.until(call, lambda seen: parked_view(seen or {}) is None, seconds)
    if found is not None and parked_view(found) is not None:
        limit = probe.telephone.numbers.limit_seconds
        message = f"the phone call {call.id} is still parked, though it was for {limit} seconds"
        raise Failed(message, probe.session.exchanges[-1])
    probe.telephone.end(call)


@check_by_phone("ACT-048")
def a_call_is_taken_out_of_the_parking_lot(probe: Probe) -> None:
    """An UnPark of the view that is parked is answered with 200."""
    expect_served(probe, "UnPark")


@check_by_phone("ACT-049")
def a_call_that_was_taken_out_is_not_parked(probe: Probe) -> None:
    """Once the extension has answered, no view carries `parked`, `parkedPos` or `parkedBy`."""
    with done(probe, "UnPark") as (call, exchange):
        seconds = probe.telephone.numbers.answer_timeout_seconds
        found = probe.telephone.until(call, lambda seen: seen is None or not traces(seen), seconds)
        look = probe.session.exchanges[-1]
        if found is None:
            raise NotExercised(f"the phone call {call.id} has ended meanwhile", look)
        if left := traces(found):
            raise Failed(f"a view still carries {' and '.join(left)} after an UnPark", exchange, look)


@check_by_phone("ACT-050")
def who_takes_a_call_out_becomes_a_party(probe: Probe) -> None:
    """Once its terminal has answered, the phone call has a view of the extension of an UnPark."""
    with done(probe, "UnPark") as (call, exchange):
        expect_view(probe, call, probe.telephone.role("second_extension"), exchange)


def traces(call: Mapping[str, Any]) -> list[str]:
    """Return the members of parking that a view of a phone call carries."""
    return [name for name in PARKED if any(view.get(name) is not None for view in views_of(call))]
