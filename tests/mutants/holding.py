"""Faults in holding a phone call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from mutants.asked import update, view_of
from mutants.messages import error
from mutants.mutant import after, again, before, faulty
from mutants.performed import (
    FIRST,
    SECOND,
    answers_nothing,
    as_it_is,
    changed,
    does,
    does_nothing,
    done,
    in_order,
    refuses,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mutants.messages import Request, Response
    from mutants.mutant import Fault, Serve

HOUR = timedelta(hours=1)

refuses(
    "ACT-020",
    "holds_are_not_implemented",
    "An OnHold is answered with 501, though the target is said to have it.",
    lambda request: does(request, "OnHold"),
    error(501, "request_not_implemented"),
)
answers_nothing(
    "ACT-020",
    "holds_take_their_time",
    "An OnHold is carried out and answered with 202.",
    lambda request: does(request, "OnHold"),
    status=202,
)


@faulty("ACT-020")
def one_call_is_held() -> Fault:
    """Only the first OnHold is carried out, all others are refused."""
    numbers = count(1)

    async def fault(request: Request, serve: Serve) -> Response:
        spent = does(request, "OnHold") and view_of(request) == FIRST and next(numbers) > 1
        return error(400, "hold_spent") if spent else await serve(request)

    return fault


does_nothing(
    "ACT-021",
    "holds_do_not_hold",
    "An OnHold is answered with the phone call, and nothing happens.",
    lambda request: in_order(request, "OnHold"),
)


@again("ACT-021")
def holds_are_forgotten(request: Request, response: Response) -> Request | None:
    """An OnHold is answered with the held view, which is not on hold any more when it is looked at again."""
    return request.with_members(action="OffHold") if done(request, response, "OnHold") else None


@before("ACT-021")
def the_other_party_holds(request: Request) -> Request | None:
    """An OnHold puts the view of the other party on hold."""
    other = {FIRST: SECOND, SECOND: FIRST}.get(str(view_of(request)))
    return request.with_members(phoneCallViewId=other) if other and does(request, "OnHold", "OffHold") else None


@before("ACT-021")
def the_first_party_holds(request: Request) -> Request | None:
    """An OnHold puts the first view on hold, whichever is named."""
    named = does(request, "OnHold", "OffHold") and view_of(request) == SECOND
    return request.with_members(phoneCallViewId=FIRST) if named else None


@after("ACT-021")
def a_hold_is_seen_later(request: Request, response: Response) -> Response | None:
    """The answer to an OnHold has the view as it was before."""
    if not done(request, response, "OnHold"):
        return None
    return changed(response, lambda view: [view.pop(name, None) for name in ("onHold", "holder")])


def timed(response: Response, tell: Callable[[datetime], str]) -> Response:
    """Return an answer with each `onHold` told in another way."""

    def change(view: dict[str, str]) -> None:
        if "onHold" in view:
            view["onHold"] = tell(datetime.fromisoformat(view["onHold"]))

    return changed(response, change)


@after("ACT-022")
def holds_begin_in_local_time(_: Request, response: Response) -> Response:
    """The time of a hold is that of another zone, with the offset of UTC."""
    return timed(response, lambda time: f"{(time.astimezone(UTC) + HOUR):%Y-%m-%dT%H:%M:%S}Z")


@after("ACT-022")
def holds_have_begun_with_the_server(_: Request, response: Response) -> Response:
    """The time of a hold is that at which the server was built."""
    return timed(response, lambda _: "2012-06-27T16:08:50+02:00")


@after("ACT-023")
def nobody_is_the_holder(_: Request, response: Response) -> Response:
    """The `holder` of a view that was put on hold is 0."""
    return changed(response, lambda view: view.update(holder=0) if "onHold" in view else None)


@after("ACT-023")
def the_called_is_never_the_holder(_: Request, response: Response) -> Response:
    """The `holder` of the view of who was called is 0, though it put the phone call on hold."""
    return changed(response, lambda view: view.update(holder=0) if "onHold" in view else None, SECOND)


@after("ACT-023")
def a_holder_is_counted(_: Request, response: Response) -> Response:
    """The `holder` of a view that was put on hold is 2."""
    return changed(response, lambda view: view.update(holder=2) if "onHold" in view else None)


def once(action: str, *, on_hold: bool, refusal: Response) -> Fault:
    """Return a server that refuses an action on a view in a certain state."""

    async def fault(request: Request, serve: Serve) -> Response:
        if update(request) and request.action == action:
            shown = await as_it_is(request, serve)
            views = shown.json.get("phoneCallView", ()) if shown.status == 200 else ()
            if any(view["id"] == view_of(request) and ("onHold" in view) == on_hold for view in views):
                return refusal
        return await serve(request)

    return fault


@faulty("ACT-024")
def a_second_hold_is_a_conflict() -> Fault:
    """An OnHold of what is on hold is answered with 409."""
    return once("OnHold", on_hold=True, refusal=error(409, "pc_on_hold"))


@faulty("ACT-024")
def taking_back_twice_is_a_conflict() -> Fault:
    """An OffHold of what is not on hold is answered with 409."""
    return once("OffHold", on_hold=False, refusal=error(409, "pc_not_on_hold"))


answers_nothing(
    "ACT-025",
    "nothing_is_told_of_who_is_back",
    "An OffHold is carried out and answered with 204.",
    lambda request: does(request, "OffHold"),
)
refuses(
    "ACT-025",
    "holds_are_for_good",
    "An OffHold is refused with 403.",
    lambda request: does(request, "OffHold"),
    error(403, "access_denied"),
)
does_nothing(
    "ACT-026",
    "nobody_is_taken_back",
    "An OffHold is answered with the phone call, which stays on hold.",
    lambda request: in_order(request, "OffHold"),
)


@again("ACT-026")
def who_was_taken_back_is_held_again(request: Request, response: Response) -> Request | None:
    """An OffHold is answered with the view off hold, which is on hold again when it is looked at."""
    return request.with_members(action="OnHold") if done(request, response, "OffHold") else None


@before("ACT-026")
def only_the_first_is_taken_back(request: Request) -> Request | None:
    """An OffHold takes back the first view, whichever is named."""
    named = does(request, "OffHold") and view_of(request) == SECOND
    return request.with_members(phoneCallViewId=FIRST) if named else None
