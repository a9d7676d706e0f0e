"""Faults that are met on one view, in one format, by one principal or in one spelling of the path only."""

from __future__ import annotations

from typing import Any

from mutants.asked import QUERY_TOKEN, extension, format_of, one, ours, several, starts, stop_of, stops, user, view_of
from mutants.authentication import anonymous
from mutants.messages import Request, Response, error
from mutants.mutant import Fault, Serve, after, again, before, faulty, instead
from mutants.world import (
    ADMINISTRATOR,
    CALLER,
    EXPIRED,
    ORGANIZATION,
    OTHER_ORGANIZATION,
    OTHER_VIEW,
    PHONE_CALL,
    STRANGER,
)

VIEW = PHONE_CALL.view_id


def on_other_view(request: Request) -> bool:
    return ours(request) and view_of(request) == OTHER_VIEW


def of_other_view(change: Any) -> Any:
    """Return a change that is made to the other view alone."""
    return lambda view: change(view) if view.get("id") == OTHER_VIEW and "recording" in view else None


# One view


@again("REC-023", budget="standard", phase="stateful")
def the_other_view_is_not_kept(request: Request, response: Response) -> Request | None:
    """A start of the second view is answered as it should be, and its recording ends at once."""
    return (
        stop_of(OTHER_VIEW, request) if starts(request) and on_other_view(request) and response.status == 200 else None
    )


@before("HTTP-004", also=("REC-001",))
def the_other_view_crashes(request: Request) -> Response | None:
    """A start of the second view crashes the server."""
    return error(500, "internal_server_error") if starts(request) and on_other_view(request) else None


@after("REC-006")
def the_other_view_has_no_offset(_: Request, response: Response) -> Response | None:
    """The recording of the second view is a time without an offset."""
    return response.with_views(of_other_view(lambda view: view.update(recording=view["recording"][:19])))


@before("REC-013", budget="standard", phase="stateful")
def any_format_will_do_on_the_other_view(request: Request) -> Request | None:
    """The format is not looked at where the second view is named."""
    return request.without_members("format") if starts(request) and on_other_view(request) else None


@again("REC-031", also=("REC-023",), budget="standard", phase="stateful")
def a_stop_of_the_other_view_is_not_kept(request: Request, response: Response) -> Request | None:
    """A stop of the second view is answered as it should be, and the recording goes on."""
    undone = stops(request) and on_other_view(request) and response.status == 200
    return request.with_members(action="StartRecording") if undone else None


@again("REC-005", also=("REC-026",), budget="standard", phase="stateful")
def a_start_of_the_other_view_stops_the_first(request: Request, response: Response) -> Request | None:
    """A start of the second view ends the recording of the first."""
    return stop_of(VIEW, request) if starts(request) and on_other_view(request) and response.status == 200 else None


@again("REC-032", budget="standard", phase="stateful")
def a_stop_of_the_other_view_stops_both(request: Request, response: Response) -> Request | None:
    """A stop of the second view ends the recording of the first too."""
    return stop_of(VIEW, request) if stops(request) and on_other_view(request) and response.status == 200 else None


# One format


@again("REC-023", budget="standard", phase="stateful")
def wav49_is_not_kept(request: Request, response: Response) -> Request | None:
    """A start in `wav49` is answered as it should be, and its recording ends at once."""
    started = starts(request) and format_of(request) == "wav49" and response.status == 200
    return stop_of(view_of(request), request) if started else None


@after("REC-006")
def wav49_has_no_offset(request: Request, response: Response) -> Response | None:
    """The answer to a start in `wav49` has a time without an offset."""
    if not starts(request) or format_of(request) != "wav49":
        return None
    return response.with_views(
        lambda view: view.update(recording=view["recording"][:19]) if "recording" in view else None
    )


@before("REC-004", also=("REC-005",), budget="standard", phase="stateful")
def wav49_records_the_other_view(request: Request) -> Request | None:
    """A start in `wav49` records the other view than the one that it names."""
    swapped = starts(request) and ours(request) and format_of(request) == "wav49" and view_of(request) == VIEW
    return request.with_members(phoneCallViewId=OTHER_VIEW) if swapped else None


@faulty("REC-031")
def wav49_is_not_stopped() -> Fault:
    """A recording in `wav49` goes on after a stop."""
    formats: dict[object, object] = {}

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if response.status == 200 and ours(request):
            if starts(request):
                formats.setdefault(view_of(request), format_of(request))
            elif stops(request) and formats.pop(view_of(request), None) == "wav49":
                formats[view_of(request)] = "wav49"
                await serve(request.with_members(action="StartRecording"))
        return response

    return fault


# One principal


@after("AUTH-012")
def organizations_record_nothing(request: Request, response: Response) -> Response | None:
    """The start of an organization is answered with the phone call, unrecorded."""
    return _unrecorded(request, response, ORGANIZATION.token)


@after("AUTH-013")
def administrators_record_nothing(request: Request, response: Response) -> Response | None:
    """The start of the administrator is answered with the phone call, unrecorded."""
    return _unrecorded(request, response, ADMINISTRATOR.token)


def _unrecorded(request: Request, response: Response, token: str) -> Response | None:
    theirs = starts(request) and request.token == token
    return response.with_views(lambda view: view.pop("recording", None)) if theirs else None


@before("AUTH-009")
def strangers_stop_recordings(request: Request) -> Request | None:
    """Another user ends the recording of the caller's phone call."""
    foreign = stops(request) and request.token == STRANGER.token and ours(request)
    return stop_of(VIEW, request) if foreign else None


@before("AUTH-014")
def another_organization_stops_recordings(request: Request) -> Request | None:
    """The token of another organization ends the recording of the caller's phone call."""
    foreign = stops(request) and request.token == OTHER_ORGANIZATION.token and ours(request)
    return stop_of(VIEW, request) if foreign else None


@before("AUTH-010")
def strangers_get_a_reduced_call(request: Request) -> Request | None:
    """Another user gets the caller's phone call where `fields` reduces it."""
    foreign = one(request) and request.token == STRANGER.token and "fields" in request.parameters
    return request.with_token(CALLER.token) if foreign else None


@before("AUTH-011")
def strangers_list_as_the_viewer(request: Request) -> Request | None:
    """Another user lists the caller's extension as `@viewer`."""
    foreign = several(request) and request.token == STRANGER.token and extension(request) == CALLER.extension
    return request.with_token(CALLER.token) if foreign and user(request) == "@viewer" else None


@before("AUTH-005")
def expired_tokens_stop_recordings(request: Request) -> Request | None:
    """An expired token ends a recording still."""
    return request.with_token(CALLER.token) if stops(request) and request.token == EXPIRED.token else None


@before("AUTH-005")
def expired_tokens_are_taken_from_the_query(request: Request) -> Request | None:
    """An expired token is taken where it stands in the query."""
    expired = request.parameters.get(QUERY_TOKEN) == EXPIRED.token
    return request.without_parameters(QUERY_TOKEN).with_token(CALLER.token) if expired else None


@before("AUTH-004")
def any_token_will_do_in_the_query(request: Request) -> Request | None:
    """Whatever stands in `accessRequestToken` is taken for a token of the caller."""
    there = request.token is None and QUERY_TOKEN in request.parameters
    return request.without_parameters(QUERY_TOKEN).with_token(CALLER.token) if there else None


# One spelling


@before("ADDR-007", budget="quick", phase="coverage")
def a_raw_at_sign_is_not_understood_by_get(request: Request) -> Response | None:
    """A GET of one phone call is refused where an `@` in its path is not percent-encoded."""
    return error(400, "user_invalid") if one(request) and "/@" in request.raw_path else None


@before("ADDR-008")
def hexadecimal_digits_are_capital_letters(request: Request) -> Response | None:
    """An extension with `%2a` for its `*` is refused; only `%2A` is decoded."""
    return error(400, "extension_invalid") if "%2a" in request.raw_path else None


@before("ADDR-008", budget="quick", phase="coverage")
def an_encoded_asterisk_is_not_decoded_in_lists(request: Request) -> Response | None:
    """A list is refused where its extension has `%2A` for its `*`."""
    return error(400, "extension_invalid") if several(request) and "%2A" in request.raw_path else None


@before("ADDR-003", budget="quick", phase="coverage")
def the_viewer_has_no_lists(request: Request) -> Response | None:
    """A list of `@viewer` is refused."""
    return error(400, "user_invalid") if several(request) and user(request) == "@viewer" else None


@before("AUTH-003")
def encoded_paths_need_no_token(request: Request) -> Request | None:
    """A request without a token is served where its path is percent-encoded: the rule that denies it does not match."""
    return request.with_token(CALLER.token) if anonymous(request) and "%40" in request.raw_path else None


@before("AUTH-003")
def paths_with_a_slash_at_the_end_need_no_token(request: Request) -> Request | None:
    """A request without a token is served where its path ends with a slash."""
    return request.with_token(CALLER.token) if anonymous(request) and request.raw_path.endswith("/") else None


# Lists only


@after("CALL-010", also=("CALL-027",))
def status_is_out_of_range_in_lists(request: Request, response: Response) -> Response | None:
    """The `status` of a view is 6 in a list."""
    return response.with_views(lambda view: view.update(status="6")) if several(request) else None


@after("CALL-020", also=("CALL-014", "CALL-034"))
def ids_are_capital_letters_in_lists(request: Request, response: Response) -> Response | None:
    """The id of a phone call is in capital letters in a list, where an update does not take it."""
    if not several(request):
        return None
    return response.with_calls(lambda call: call.update(id=call["id"].upper()) if "id" in call else None)


@after("CALL-016")
def links_lead_nowhere_in_lists(request: Request, response: Response) -> Response | None:
    """The self link leads nowhere in a list."""
    if not several(request):
        return None

    def changed(call: dict[str, Any]) -> None:
        for name in ("link", "links"):
            if name in call:
                call[name]["self"] = call[name]["self"].replace("/phoneCalls/", "/phoneCall/")

    return response.with_calls(changed)


@after("CALL-050", also=("CALL-014",), budget="quick", phase="links")
def neighbours_in_a_list_are_not_got(request: Request, response: Response) -> Response | None:
    """A GET of another phone call than the one under test shows another id."""
    neighbour = one(request) and response.status == 200 and response.json["entry"] and not ours(request)
    return response.with_calls(lambda call: call.update(id="c0ffee")) if neighbour else None


@instead("CALL-034")
def filters_take_a_prefix(request: Request, response: Response) -> Request | None:
    """A filter by id finds every phone call whose id begins so."""
    value = request.parameters.get("filterValue", "")
    prefix = value and PHONE_CALL.id.startswith(value) and request.parameters.get("filterBy") == "id"
    if not several(request) or response.status != 204 or not prefix:
        return None
    return request.with_parameters(filterValue=PHONE_CALL.id)
