"""A party of a phone call is connected with somebody else, or with a voicemail, and the other party leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from uapi.sandbox.calls import RINGING, View, stamp
from uapi.sandbox.plans import WAIT, is_local, ring
from uapi.sandbox.telephony.answering import answered, rings
from uapi.sandbox.telephony.members import flow, next_view_id
from uapi.sandbox.telephony.refusing import newcomer, refuse

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from uapi.sandbox.calls import Call
    from uapi.sandbox.plans import Party


@dataclass(frozen=True, slots=True)
class Parties:
    """Who leaves the call, and who is transferred."""

    leaves: str
    stays: str


def parties(call: Call, leaves: str | None, stays: str | None, asking: AbstractSet[str]) -> Parties:
    """Return who transfers whom: as the request says, or else the party that asks, and another one (D-79, D-80).

    Raises ApiError 400 where a number is no party of the call, or where it cannot be told who is meant.
    """
    for name, number in (("transferFromNumber", leaves), ("transferNumber", stays)):
        if number is not None and number not in call.numbers:
            refuse(f"{number} is no party of the phone call. Send a number of its source or destination as {name}.")
    if leaves is None:
        known = (call.numbers & asking) - {stays}
        leaves = min(known or call.numbers - {stays} if stays else known, default=None)
    if stays is None:
        stays = min(call.numbers - {leaves}, default=None)
    if leaves is None or stays is None or leaves == stays:
        refuse(
            "It is not said who transfers whom. Send transferFromNumber and transferNumber, two parties of the call."
        )
    return Parties(leaves, stays)


def transferred(call: Call, who: Parties, aim: Party, now: int) -> Call:
    """Return the call with the aim of the transfer ringing, in whose favour a party leaves once it has answered.

    Raises ApiError 400 for a call that is not answered or is parked, that may not be transferred (MAKE-035), or that
    the aim takes part in already.
    """
    _movable(call)
    newcomer(call, aim.number)
    view = None
    if aim.is_local:
        source, destination = [who.stays], [aim.number]
        view = View(
            id=next_view_id(call),
            extension=aim.number,
            source=source,
            destination=destination,
            flow=flow(aim.number, source, destination),
            status=RINGING,
            ringing=stamp(now),
        )
    event = ring(aim, "transfer", now, WAIT, view=view.id if view else None)
    there = call.of_views([*call.phoneCallView, view]) if view else call
    return there.expecting(event.model_copy(update={"leaves": who.leaves}))


def sent_to_voicemail(call: Call, who: Parties, aim: Party, now: int) -> Call:
    """Return the call connected with the voicemail of an extension, which answers at once and has a view (D-80).

    It may be the voicemail of the party that leaves. Raises ApiError 400 as `transferred` does.
    """
    if aim.number == who.leaves:
        _movable(call)
        return call
    there = transferred(call, who, aim, now)
    return answered(there, rings(there, "transfer")[-1], now)


def _movable(call: Call) -> None:
    if not any(view.is_on_call for view in call.phoneCallView):
        refuse("The phone call has not been answered. Transfer it once it has.")
    if call.parked_view is not None:
        refuse("The phone call is parked. Take it out of the parking lot first, by UnPark.")
    if not call.plan.transferable and not all(is_local(number) for number in call.numbers):
        refuse("The phone call was placed with allowPublicTransfer=false, and is not transferred.")
