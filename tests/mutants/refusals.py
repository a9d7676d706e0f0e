"""Faults in how a body is refused that is not what an action needs."""

from __future__ import annotations

from mutants.asked import FORMATS, format_of, starts, unknown_action, update, view_of
from mutants.messages import Request, Response, error
from mutants.mutant import after, before, instead
from mutants.world import PHONE_CALL

VIEW = PHONE_CALL.view_id
WRONG_FORMAT = "pc_recformat_invalid"
WRONG_VIEW = "pc_phonecallview_invalid"


@before("REC-013")
def any_format_will_do(request: Request) -> Request | None:
    """A format that nobody knows is taken for `wav`."""
    wrong = starts(request) and isinstance(format_of(request), str) and format_of(request) not in FORMATS
    return request.with_members(format="wav") if wrong else None


@before("REC-013")
def formats_are_compared_without_case(request: Request) -> Request | None:
    """The format `WAV` is taken for `wav`."""
    value = format_of(request) if starts(request) else None
    return request.with_members(format=value.lower()) if isinstance(value, str) else None


@before("REC-013")
def an_empty_format_is_the_default(request: Request) -> Request | None:
    """An empty format is taken for none."""
    return request.without_members("format") if starts(request) and format_of(request) == "" else None


@after("REC-013", also=("REC-014",))
def a_wrong_format_has_the_code_of_a_view(_: Request, response: Response) -> Response | None:
    """A wrong format is refused with `pc_phonecallview_invalid`."""
    return response.with_code(WRONG_VIEW) if response.code == WRONG_FORMAT else None


@after("REC-013", also=("REC-014", "HTTP-010"))
def a_wrong_format_is_422(_: Request, response: Response) -> Response | None:
    """A wrong format is refused with 422, and the documented code."""
    return response.with_status(422) if response.code == WRONG_FORMAT else None


@before("REC-014")
def a_null_format_is_the_default(request: Request) -> Request | None:
    """A format that is null is taken for none."""
    null = starts(request) and "format" in request.json and format_of(request) is None
    return request.without_members("format") if null else None


@before("REC-014")
def a_format_in_a_list_is_taken(request: Request) -> Request | None:
    """A format in an array is taken for the format."""
    return request.with_members(format="wav") if starts(request) and format_of(request) == ["wav"] else None


@before("REC-015")
def the_view_may_be_left_out(request: Request) -> Request | None:
    """A start that names no view records the caller's own."""
    missing = starts(request) and "phoneCallViewId" not in request.json
    return request.with_members(phoneCallViewId=VIEW) if missing else None


@before("REC-015")
def a_missing_view_has_a_code_of_its_own(request: Request) -> Response | None:
    """A start that names no view is refused with a code that the page does not have."""
    return error(400, "view_missing") if starts(request) and "phoneCallViewId" not in request.json else None


@instead("REC-016")
def an_unknown_view_is_the_first(request: Request, response: Response) -> Request | None:
    """A start on a view that does not exist records the caller's own."""
    unknown = starts(request) and response.code == WRONG_VIEW and isinstance(view_of(request), str) and view_of(request)
    return request.with_members(phoneCallViewId=VIEW) if unknown else None


@before("REC-016")
def views_are_compared_as_numbers(request: Request) -> Request | None:
    """The view 1 is taken for the view 01."""
    value = view_of(request)
    near = starts(request) and isinstance(value, str) and value.isdecimal() and len(value) < len(VIEW)
    return request.with_members(phoneCallViewId=value.zfill(len(VIEW))) if near else None  # type: ignore[union-attr]


@after("REC-016")
def an_unknown_view_has_the_code_of_a_call(request: Request, response: Response) -> Response | None:
    """A start on a view that does not exist is refused with `pc_phonecall_invalid`."""
    unknown = starts(request) and response.code == WRONG_VIEW and isinstance(view_of(request), str) and view_of(request)
    return response.with_code("pc_phonecall_invalid") if unknown else None


@before("REC-017")
def a_null_view_is_the_first(request: Request) -> Request | None:
    """A start whose view is null records the caller's own."""
    null = starts(request) and "phoneCallViewId" in request.json and view_of(request) is None
    return request.with_members(phoneCallViewId=VIEW) if null else None


@before("REC-017")
def a_numeric_view_is_padded(request: Request) -> Request | None:
    """The number 1 is taken for the view 01."""
    number = starts(request) and type(view_of(request)) is int
    return request.with_members(phoneCallViewId=VIEW) if number else None


@before("REC-018")
def undocumented_members_are_refused(request: Request) -> Response | None:
    """A start with a member that is not documented is refused."""
    known = {"action", "format", "phoneCallViewId"}
    return error(400, "member_unknown") if starts(request) and set(request.json) - known else None


@after("REC-019", also=("HTTP-010",))
def malformed_json_is_422(request: Request, response: Response) -> Response | None:
    """A body that is no JSON is refused with 422."""
    malformed = update(request) and request.json is None and request.body.strip() != b"null"
    return response.with_status(422) if malformed and response.status == 400 else None


@after("HTTP-002", also=("ERR-001",))
def an_empty_body_is_answered_in_html(request: Request, response: Response) -> Response | None:
    """An empty body is refused with a page of HTML."""
    return response.with_body(b"<h1>Bad Request</h1>") if update(request) and not request.body else None


@before("REC-020")
def a_list_of_one_action_is_taken(request: Request) -> Request | None:
    """An action in an array is carried out."""
    one_action = update(request) and isinstance(request.json, list) and len(request.json) == 1
    return request.with_json(request.json[0]) if one_action else None


@before("REC-021")
def start_is_the_default_action(request: Request) -> Request | None:
    """A body without an action is a start."""
    missing = update(request) and isinstance(request.json, dict) and "action" not in request.json and request.json
    return request.with_members(action="StartRecording") if missing else None


@before("REC-022")
def actions_are_compared_without_case(request: Request) -> Request | None:
    """The action `startrecording` is taken for StartRecording."""
    other = update(request) and str(request.action).lower() == "startrecording" and request.action != "StartRecording"
    return request.with_members(action="StartRecording") if other else None


@after("REC-022")
def unknown_actions_do_nothing(request: Request, response: Response) -> Response | None:
    """An action that the server does not know is answered with 204."""
    return Response(204, (), b"") if unknown_action(request) and response.status in {400, 501} else None
