"""Faults in starting a recording, and in what is told of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mutants.asked import format_of, one, ours, starts, update, view_of
from mutants.messages import Request, Response, error
from mutants.mutant import Fault, Serve, after, before, faulty
from mutants.world import ENDING_CALL, OTHER_VIEW, PHONE_CALL, UNRECORDABLE_CALL

if TYPE_CHECKING:
    from collections.abc import Callable

VIEW = PHONE_CALL.view_id


def where_recorded(change: Callable[[str], object]) -> Callable[[dict[str, Any]], None]:
    """Return the change of a view that changes its `recording`, where it has one."""

    def changed(view: dict[str, Any]) -> None:
        if "recording" in view:
            view["recording"] = change(view["recording"])

    return changed


def later(**by: float) -> Callable[[dict[str, Any]], None]:
    """Return the change of a view whose recording began later."""
    return where_recorded(lambda value: (datetime.fromisoformat(value) + timedelta(**by)).isoformat())


@after("REC-001")
def starts_are_accepted_for_later(request: Request, response: Response) -> Response | None:
    """A start is answered with 202."""
    return response.with_status(202) if starts(request) and response.status == 200 else None


@after("REC-001")
def starts_are_answered_with_204(request: Request, response: Response) -> Response | None:
    """A start records, and is answered with 204."""
    return Response(204, (), b"") if starts(request) and response.status == 200 else None


@after("REC-002")
def updates_are_answered_with_an_envelope(request: Request, response: Response) -> Response | None:
    """An update is answered with a list of one phone call."""
    ok = update(request) and response.status == 200
    return response.with_json({"entry": [response.json], "totalResults": 1}) if ok else None


@after("REC-003")
def updates_are_answered_with_another_id(request: Request, response: Response) -> Response | None:
    """The answer to an update has the id 444444, as the example of the page has."""
    return response.with_calls(lambda call: call.update(id="444444")) if update(request) else None


@after("REC-003")
def the_id_is_lost_with_self(request: Request, response: Response) -> Response | None:
    """The answer to an update at `@self` has `self` for an id."""
    by_self = update(request) and request.segments[1] == "@self"
    return response.with_calls(lambda call: call.update(id="self")) if by_self else None


@after("REC-004")
def starts_do_not_show(request: Request, response: Response) -> Response | None:
    """A start records, but its answer does not show it."""
    return response.with_views(lambda view: view.pop("recording", None)) if starts(request) else None


@before("REC-004", also=("REC-005",))
def the_other_view_is_recorded(request: Request) -> Request | None:
    """A start records the other view of the phone call than the one that it names."""
    swapped = starts(request) and ours(request) and view_of(request) == VIEW
    return request.with_members(phoneCallViewId=OTHER_VIEW) if swapped else None


@after("REC-005", also=("REC-007",))
def every_view_is_shown_as_recorded(request: Request, response: Response) -> Response | None:
    """The answer to a start shows a recording on every view, since the beginning of the year."""
    now = "2026-01-01T00:00:00Z"
    return response.with_views(lambda view: view.setdefault("recording", now)) if starts(request) else None


@faulty("REC-005")
def every_view_is_recorded() -> Fault:
    """A start records every view of the phone call."""

    async def fault(request: Request, serve: Serve) -> Response:
        if starts(request) and ours(request) and view_of(request) == VIEW:
            await serve(request.with_members(phoneCallViewId=OTHER_VIEW))
        return await serve(request)

    return fault


@after("REC-006")
def recording_is_a_number(_: Request, response: Response) -> Response | None:
    """Every `recording` is a number of seconds."""
    return response.with_views(where_recorded(lambda _: 1340802535))


@after("REC-006")
def recording_has_no_offset(_: Request, response: Response) -> Response | None:
    """Every `recording` is a time without an offset."""
    return response.with_views(where_recorded(lambda value: value[:19]))


@after("REC-007", also=("REC-024",))
def recording_is_the_beginning_of_time(_: Request, response: Response) -> Response | None:
    """Every recording began in 1970, before any view was answered."""
    return response.with_views(where_recorded(lambda _: "1970-01-01T00:00:00Z"))


@after("REC-008")
def an_ended_call_is_an_error(request: Request, response: Response) -> Response | None:
    """An update of a phone call that ends meanwhile is refused."""
    return error(400, "pc_phonecall_invalid") if response.status == 204 and request.call == ENDING_CALL.id else None


@before("REC-009")
def the_format_is_required(request: Request) -> Response | None:
    """A start without a format is refused."""
    return error(400, "pc_recformat_invalid") if starts(request) and "format" not in request.json else None


@before("REC-010")
def wav_is_not_known(request: Request) -> Response | None:
    """The format `wav` is refused."""
    return error(400, "pc_recformat_invalid") if starts(request) and format_of(request) == "wav" else None


@before("REC-011")
def wav49_is_not_known(request: Request) -> Response | None:
    """The format `wav49` is refused."""
    return error(400, "pc_recformat_invalid") if starts(request) and format_of(request) == "wav49" else None


@after("REC-023", also=("CALL-027",))
def recordings_are_forgotten(request: Request, response: Response) -> Response | None:
    """A GET never shows a recording."""
    return response.with_views(lambda view: view.pop("recording", None)) if one(request) else None


@after("REC-023", also=("CALL-027",))
def a_later_get_tells_another_time(request: Request, response: Response) -> Response | None:
    """A GET shows a recording that began five seconds later than the start said."""
    return response.with_views(later(seconds=5)) if one(request) else None


@after("REC-024")
def the_clock_is_a_day_ahead(_: Request, response: Response) -> Response | None:
    """Every recording begins tomorrow."""
    return response.with_views(later(days=1))


@after("REC-024")
def local_time_is_called_utc(_: Request, response: Response) -> Response | None:
    """The local time of a recording, two hours ahead of UTC, is sent as if it were UTC."""
    return response.with_views(later(hours=2))


@after("REC-027")
def any_terminal_records(request: Request, response: Response) -> Response | None:
    """A start on a terminal that is not set up for recording is answered with 200."""
    there = starts(request) and request.call == UNRECORDABLE_CALL.id
    return response.with_status(200) if there else None
