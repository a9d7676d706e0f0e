"""Faults in parking a phone call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mutants.asked import view_of
from mutants.messages import error
from mutants.mutant import after, before
from mutants.performed import (
    DESTINATION,
    FIRST,
    JOINING,
    SECOND,
    SOURCE,
    answers_nothing,
    changed,
    does,
    does_nothing,
    done,
    has,
    in_order,
    refuses,
)
from mutants.world import CALLER

if TYPE_CHECKING:
    from mutants.messages import Request, Response

MEMBERS = ("parked", "parkedPos", "parkedBy")

answers_nothing(
    "ACT-040",
    "a_parked_call_is_gone",
    "A Park is carried out and answered with 204.",
    lambda request: does(request, "Park"),
)
refuses(
    "ACT-040",
    "there_is_no_parking_lot",
    "A Park is refused with 404.",
    lambda request: does(request, "Park"),
    error(404, "parking_lot_unknown"),
)
does_nothing(
    "ACT-041",
    "nothing_is_parked",
    "A Park is answered with the phone call, and nothing happens.",
    lambda request: in_order(request, "Park"),
)


@after("ACT-041")
def parking_is_seen_later(request: Request, response: Response) -> Response | None:
    """The answer to a Park has the views as they were before."""
    if not done(request, response, "Park"):
        return None
    return changed(response, lambda view: [view.pop(name, None) for name in MEMBERS])


@after("ACT-041")
def parking_is_told_once(request: Request, response: Response) -> Response | None:
    """Only the answer to a Park tells that the phone call is parked."""
    if request.method != "GET":
        return None
    return changed(response, lambda view: [view.pop(name, None) for name in MEMBERS])


does_nothing(
    "ACT-041",
    "the_called_does_not_park",
    "A Park by the party that was called is answered with the phone call, and nothing happens.",
    lambda request: in_order(request, "Park") and view_of(request) == SECOND,
)


def parked_by(response: Response, extension: str) -> Response:
    return changed(response, lambda view: view.update(parkedBy=extension) if "parkedBy" in view else None)


@after("ACT-043")
def the_charged_parked_it(_: Request, response: Response) -> Response:
    """The `parkedBy` of a view is the extension that is charged for the phone call."""
    return parked_by(response, CALLER.extension)


@after("ACT-043")
def the_calling_parked_it(_: Request, response: Response) -> Response:
    """The `parkedBy` of a view is always the extension that was called first."""
    return parked_by(response, SOURCE)


@after("ACT-043")
def the_called_parked_it(_: Request, response: Response) -> Response:
    """The `parkedBy` of a view is always the extension that was called second."""
    return parked_by(response, DESTINATION)


refuses(
    "ACT-044",
    "a_time_to_park_is_required",
    "A Park without `maxInParking` is refused.",
    lambda request: does(request, "Park") and not has(request, "maxInParking"),
)
refuses(
    "ACT-045",
    "a_time_to_park_is_no_string",
    "A `maxInParking` in a string is refused.",
    lambda request: has(request, "maxInParking") and isinstance(request.json["maxInParking"], str),
)
refuses(
    "ACT-045",
    "a_time_to_park_is_no_number",
    "A `maxInParking` that is a number is refused.",
    lambda request: has(request, "maxInParking") and isinstance(request.json["maxInParking"], int),
)


@before("ACT-046")
def a_call_is_parked_for_good(request: Request) -> Request | None:
    """A `maxInParking` is not looked at."""
    return request.without_members("maxInParking") if does(request, "Park") and has(request, "maxInParking") else None


@before("ACT-046")
def a_call_is_parked_for_minutes(request: Request) -> Request | None:
    """A `maxInParking` is read as minutes."""
    if not does(request, "Park") or not has(request, "maxInParking"):
        return None
    return request.with_members(maxInParking=60 * int(request.json["maxInParking"]))


answers_nothing(
    "ACT-048",
    "nothing_is_told_of_unparking",
    "An UnPark is answered with 202.",
    lambda request: does(request, "UnPark"),
    status=202,
)
refuses(
    "ACT-048",
    "a_parked_call_stays",
    "An UnPark is refused with 400.",
    lambda request: does(request, "UnPark"),
)
does_nothing(
    "ACT-049",
    "nothing_is_taken_out",
    "An UnPark is answered with the phone call, which stays parked.",
    lambda request: in_order(request, "UnPark"),
    also=("ACT-050",),
)


@after("ACT-049", also=("VIEW-004",))
def the_position_stays(_: Request, response: Response) -> Response:
    """A view of who took a phone call out of the parking lot keeps a `parkedPos`."""
    return changed(response, lambda view: view.setdefault("parkedPos", 701) if view["extension"] == JOINING else None)


@before("ACT-050")
def who_parked_takes_it_back(request: Request) -> Request | None:
    """An UnPark gives the phone call back to who parked it, whichever extension is named."""
    named = does(request, "UnPark") and has(request, "sendCallTo") and request.json["sendCallTo"] == JOINING
    return request.with_members(sendCallTo=SOURCE) if named and view_of(request) == FIRST else None
