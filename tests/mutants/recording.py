from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from mutants.asked import one, starts, stops, update
from mutants.messages import Request, Response, error
from mutants.mutant import Fault, Serve, after, before, faulty
from mutants.world import ENDING_CALL, OTHER_VIEW, PHONE_CALL, UNRECORDABLE_CALL

FORMATS = ("wav", "wav49")


def view_of(request: Request) -> object:
    return request.json.get("phoneCallViewId") if isinstance(request.json, dict) else None


@after("REC-001")
def starts_are_accepted_for_later(request: Request, response: Response) -> Response | None:
    return response.with_status(202) if starts(request) and response.status == 200 else None


@after("REC-001")
def starts_are_answered_with_204(request: Request, response: Response) -> Response | None:
    return Response(204, (), b"") if starts(request) and response.status == 200 else None


@after("REC-002")
def updates_are_answered_with_an_envelope(request: Request, response: Response) -> Response | None:
    ok = update(request) and response.status == 200
    return response.with_json({"entry": [response.json], "totalResults": 1}) if ok else None


@after("REC-003")
def updates_are_answered_with_another_id(request: Request, response: Response) -> Response | None:
    return response.with_calls(lambda call: call.update(id="444444")) if update(request) else None


@after("REC-003")
def the_id_is_lost_with_self(request: Request, response: Response) -> Response | None:
    by_self = update(request) and request.segments[1] == "@self"
    return response.with_calls(lambda call: call.update(id="self")) if by_self else None


@after("REC-004")
def starts_do_not_show(request: Request, response: Response) -> Response | None:
    return response.with_views(lambda view: view.pop("recording", None)) if starts(request) else None


@after("REC-005")
def every_view_is_shown_as_recorded(request: Request, response: Response) -> Response | None:
    now = "2026-01-01T00:00:00Z"
    return response.with_views(lambda view: view.setdefault("recording", now)) if starts(request) else None


@faulty("REC-005")
def every_view_is_recorded() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        if starts(request) and request.call == PHONE_CALL.id and view_of(request) == PHONE_CALL.view_id:
            await serve(request.with_members(phoneCallViewId=OTHER_VIEW))
        return await serve(request)

    return fault


@before("REC-004")
def the_other_view_is_recorded(request: Request) -> Request | None:
    swapped = {PHONE_CALL.view_id: OTHER_VIEW}.get(str(view_of(request)))
    return request.with_members(phoneCallViewId=swapped) if starts(request) and swapped else None


@after("REC-006")
def recording_is_a_number(_: Request, response: Response) -> Response | None:
    return response.with_views(lambda view: _replace(view, "recording", 1340802535))


@after("REC-006")
def recording_has_no_offset(_: Request, response: Response) -> Response | None:
    return response.with_views(lambda view: _replace(view, "recording", "2026-11-23T10:00:00"))


def _replace(target: dict[str, Any], name: str, value: object) -> None:
    if name in target:
        target[name] = value


@after("REC-007")
def recording_is_the_beginning_of_time(_: Request, response: Response) -> Response | None:
    return response.with_views(lambda view: _replace(view, "recording", "1970-01-01T00:00:00Z"))


@after("REC-008")
def an_ended_call_is_an_error(request: Request, response: Response) -> Response | None:
    return error(400, "pc_phonecall_invalid") if response.status == 204 and request.call == ENDING_CALL.id else None


@before("REC-009")
def the_format_is_required(request: Request) -> Response | None:
    return error(400, "pc_recformat_invalid") if starts(request) and "format" not in request.json else None


@before("REC-010")
def wav_is_not_known(request: Request) -> Response | None:
    return error(400, "pc_recformat_invalid") if starts(request) and request.json.get("format") == "wav" else None


@before("REC-011")
def wav49_is_not_known(request: Request) -> Response | None:
    return error(400, "pc_recformat_invalid") if starts(request) and request.json.get("format") == "wav49" else None


@before("REC-013")
def any_format_will_do(request: Request) -> Request | None:
    wrong = starts(request) and isinstance(request.json.get("format"), str) and request.json["format"] not in FORMATS
    return request.with_members(format="wav") if wrong else None


@before("REC-013")
def formats_are_compared_without_case(request: Request) -> Request | None:
    value = request.json.get("format") if starts(request) else None
    return request.with_members(format=value.lower()) if isinstance(value, str) else None


@before("REC-013")
def an_empty_format_is_the_default(request: Request) -> Request | None:
    return request.without_members("format") if starts(request) and request.json.get("format") == "" else None


@after("REC-013")
def a_wrong_format_has_the_code_of_a_view(_: Request, response: Response) -> Response | None:
    return error(400, "pc_phonecallview_invalid") if b"pc_recformat_invalid" in response.body else None


@after("REC-013")
def a_wrong_format_is_422(_: Request, response: Response) -> Response | None:
    return response.with_status(422) if b"pc_recformat_invalid" in response.body else None


@before("REC-014")
def a_null_format_is_the_default(request: Request) -> Request | None:
    null = starts(request) and "format" in request.json and request.json["format"] is None
    return request.without_members("format") if null else None


@before("REC-014")
def a_format_in_a_list_is_taken(request: Request) -> Request | None:
    return request.with_members(format="wav") if starts(request) and request.json.get("format") == ["wav"] else None


@before("REC-015")
def the_view_may_be_left_out(request: Request) -> Request | None:
    missing = starts(request) and "phoneCallViewId" not in request.json
    return request.with_members(phoneCallViewId=PHONE_CALL.view_id) if missing else None


@before("REC-015")
def a_missing_view_has_a_code_of_its_own(request: Request) -> Response | None:
    return error(400, "view_missing") if starts(request) and "phoneCallViewId" not in request.json else None


@before("REC-016")
def an_unknown_view_is_the_first(request: Request) -> Request | None:
    unknown = starts(request) and view_of(request) in {"nosuchview", "99"}
    return request.with_members(phoneCallViewId=PHONE_CALL.view_id) if unknown else None


@before("REC-016")
def views_are_compared_as_numbers(request: Request) -> Request | None:
    value = view_of(request)
    near = starts(request) and isinstance(value, str) and value.isdigit() and len(value) < len(PHONE_CALL.view_id)
    return request.with_members(phoneCallViewId=PHONE_CALL.view_id) if near else None


@after("REC-016")
def an_unknown_view_has_the_code_of_a_call(request: Request, response: Response) -> Response | None:
    unknown = b"pc_phonecallview_invalid" in response.body and view_of(request) == "nosuchview"
    return error(400, "pc_phonecall_invalid") if unknown else None


@before("REC-017")
def a_null_view_is_the_first(request: Request) -> Request | None:
    null = starts(request) and "phoneCallViewId" in request.json and view_of(request) is None
    return request.with_members(phoneCallViewId=PHONE_CALL.view_id) if null else None


@before("REC-017")
def a_numeric_view_is_padded(request: Request) -> Request | None:
    number = starts(request) and type(view_of(request)) is int
    return request.with_members(phoneCallViewId=PHONE_CALL.view_id) if number else None


@before("REC-018")
def undocumented_members_are_refused(request: Request) -> Response | None:
    known = {"action", "format", "phoneCallViewId"}
    return error(400, "member_unknown") if starts(request) and set(request.json) - known else None


@after("REC-019")
def malformed_json_is_422(request: Request, response: Response) -> Response | None:
    malformed = update(request) and request.json is None and request.body.strip() != b"null"
    return response.with_status(422) if malformed and response.status == 400 else None


@after("REC-019")
def an_empty_body_is_answered_in_html(request: Request, response: Response) -> Response | None:
    return response.with_body(b"<h1>Bad Request</h1>") if update(request) and not request.body else None


@before("REC-020")
def a_list_of_one_action_is_taken(request: Request) -> Request | None:
    one_action = update(request) and isinstance(request.json, list) and len(request.json) == 1
    return request.with_json(request.json[0]) if one_action else None


@before("REC-021")
def start_is_the_default_action(request: Request) -> Request | None:
    missing = update(request) and isinstance(request.json, dict) and "action" not in request.json and request.json
    return request.with_members(action="StartRecording") if missing else None


@before("REC-022")
def actions_are_compared_without_case(request: Request) -> Request | None:
    other = update(request) and str(request.action).lower() == "startrecording" and request.action != "StartRecording"
    return request.with_members(action="StartRecording") if other else None


@before("REC-022")
def unknown_actions_do_nothing(request: Request) -> Response | None:
    return Response(204, (), b"") if update(request) and request.action == "NoSuchAction" else None


@after("REC-023")
def recordings_are_forgotten(request: Request, response: Response) -> Response | None:
    return response.with_views(lambda view: view.pop("recording", None)) if one(request) else None


@after("REC-023")
def a_later_get_tells_another_time(request: Request, response: Response) -> Response | None:
    def later(view: dict[str, Any]) -> None:
        if "recording" in view:
            view["recording"] = (datetime.fromisoformat(view["recording"]) + timedelta(seconds=5)).isoformat()

    return response.with_views(later) if one(request) else None


@after("REC-024")
def the_clock_is_a_day_ahead(_: Request, response: Response) -> Response | None:
    def ahead(view: dict[str, Any]) -> None:
        if "recording" in view:
            view["recording"] = (datetime.fromisoformat(view["recording"]) + timedelta(days=1)).isoformat()

    return response.with_views(ahead)


@faulty("REC-025")
def refused_formats_record_all_the_same() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if starts(request) and response.status == 400 and request.json.get("format") == "mp3":
            await serve(request.without_members("format"))
        return response

    return fault


@faulty("REC-025")
def refused_stops_stop_all_the_same() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if stops(request) and response.status == 400:
            await serve(request.with_members(phoneCallViewId=PHONE_CALL.view_id))
        return response

    return fault


@faulty("REC-026")
def a_second_start_is_a_conflict() -> Fault:
    recorded: set[object] = set()

    async def fault(request: Request, serve: Serve) -> Response:
        if starts(request) and str(view_of(request)) in recorded:
            return error(409, "pc_already_recording")
        response = await serve(request)
        if response.status == 200:
            recorded.update({str(view_of(request))} if starts(request) else set())
            recorded.difference_update({str(view_of(request))} if stops(request) else set())
        return response

    return fault


@after("REC-027")
def any_terminal_records(request: Request, response: Response) -> Response | None:
    there = starts(request) and request.call == UNRECORDABLE_CALL.id
    return response.with_status(200) if there else None


@after("REC-030")
def stops_are_answered_with_204(request: Request, response: Response) -> Response | None:
    return Response(204, (), b"") if stops(request) and response.status == 200 else None


@before("REC-030")
def stops_are_not_implemented(request: Request) -> Response | None:
    return error(501, "request_not_implemented") if stops(request) else None


@before("REC-031")
def stops_do_not_stop(request: Request) -> Request | None:
    return request.with_members(action="StartRecording") if stops(request) and view_of(request) else None


@faulty("REC-031")
def stops_are_forgotten() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if stops(request) and response.status == 200:
            await serve(request.with_members(action="StartRecording"))
        return response

    return fault


@faulty("REC-032")
def stops_stop_every_view() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        if stops(request) and view_of(request) == PHONE_CALL.view_id and request.call == PHONE_CALL.id:
            await serve(request.with_members(phoneCallViewId=OTHER_VIEW))
        return await serve(request)

    return fault


@faulty("REC-033")
def a_stop_of_silence_is_a_conflict() -> Fault:
    recorded: set[object] = set()

    async def fault(request: Request, serve: Serve) -> Response:
        if stops(request) and str(view_of(request)) not in recorded:
            return error(409, "pc_not_recording")
        response = await serve(request)
        if response.status == 200:
            recorded.update({str(view_of(request))} if starts(request) else set())
            recorded.difference_update({str(view_of(request))} if stops(request) else set())
        return response

    return fault


@before("REC-034")
def a_stop_without_a_view_stops_the_first(request: Request) -> Request | None:
    missing = stops(request) and "phoneCallViewId" not in request.json
    return request.with_members(phoneCallViewId=PHONE_CALL.view_id) if missing else None


@after("REC-035")
def a_wrong_stop_has_a_code_of_its_own(request: Request, response: Response) -> Response | None:
    return error(400, "view_unknown") if stops(request) and response.status == 400 else None
