"""What a team would write behind the generated routes: phone calls in memory, whose recordings start and stop.

It does all that the generated code lets it do. The routes do not tell who asks, so nobody is refused for it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fastapi import Response
from fastapi.responses import JSONResponse

if TYPE_CHECKING:
    from foreign.fastapi_codegen.generated import models

BASE = "http://127.0.0.1/phoneCalls"
OWNERS = {"0003*210": "12", "0003*211": "12", "0003*212": "12", "0003*213": "12", "0003*220": "33"}
NOT_SET_UP = {"0003*213"}
ENDING = {"e40a8b3d7c1596f2a0c9"}
SELF, CALLER, RESERVED = "@self", "12", ("@me", "@viewer", "@owner")
Call = dict[str, Any]


def _call(identifier: str, published: str, *parties: str) -> Call:
    views = [
        {
            "id": f"{number:02}",
            "extension": party,
            "source": [parties[0]],
            "destination": [parties[-1]],
            "status": "5",
            "flow": 2,
            "answered": published,
        }
        for number, party in enumerate(parties)
    ]
    return {
        "id": identifier,
        "extension": parties[0],
        "ownerId": "3",
        "ownerName": "Default Organization",
        "published": published,
        "answered": published,
        "phoneCallView": views,
        "link": {"self": f"{BASE}/{OWNERS[parties[0]]}/{parties[0]}/{identifier}"},
    }


CALLS = {
    call["id"]: call
    for call in (
        _call("b817d2618fe6f1804333", "2026-03-02T08:15:00Z", "0003*210", "0003*211"),
        _call("9a3e57c0d4b1f6280e15", "2026-03-02T08:20:00Z", "0003*211", "0003*210"),
        _call("1b7f28d0c6e59a43f8d2", "2026-03-02T08:25:00Z", "0003*213", "0003*213"),
        _call("e40a8b3d7c1596f2a0c9", "2026-03-02T08:30:00Z", "0003*211", "0003*211"),
        _call("7d21f0a9c3b84e65d910", "2026-03-02T08:35:00Z", "0003*220", "0003*220"),
    )
}


def _error(code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, 400)


def _wrong_place(user: str, extension: str) -> JSONResponse | None:
    if user not in RESERVED and user not in OWNERS.values():
        return _error("user_invalid", f"The user {user} is not known.")
    if extension != SELF and extension not in OWNERS:
        return _error("extension_invalid", f"The extension {extension} is not known.")
    return None


def _of(user: str, extension: str) -> list[Call]:
    wanted = (CALLER if user in RESERVED else user) if extension == SELF else None
    own = {number for number, owner in OWNERS.items() if owner == wanted} or {extension}
    return [call for call in CALLS.values() if own & {view["extension"] for view in call["phoneCallView"]}]


def _matches(call: Call, field: str, value: str) -> bool:
    if field == "published":
        return datetime.fromisoformat(call["published"]) == datetime.fromisoformat(value)
    return bool(call[field] == value)


def _reduced(call: Call, fields: list[models.PhoneCallField] | None) -> Call:
    return {field.value: call[field.value] for field in fields if field.value in call} if fields else call


def list_phone_calls(
    count: int,
    start_index: int,
    filter_by: models.FilterBy | None,
    _filter_op: models.FilterOp | str,
    filter_value: str | None,
    fields: list[models.PhoneCallField] | None,
    sort_order: models.SortOrder | None,
    user_id: str,
    extension: str,
) -> Call | Response:
    if (wrong := _wrong_place(user_id, extension)) is not None:
        return wrong
    calls = _of(user_id, extension)
    if filter_by is not None and filter_value is not None:
        try:
            calls = [call for call in calls if _matches(call, filter_by.value, filter_value)]
        except ValueError:
            return _error("filtervalue_invalid", f"The value {filter_value} is not a date.")
    if not calls:
        return Response(status_code=204)
    if sort_order is not None and sort_order.value.startswith("desc"):
        calls = calls[::-1]
    return {
        "entry": [_reduced(call, fields) for call in calls[start_index : start_index + count]],
        "totalResults": len(calls),
        "startIndex": start_index,
        "itemsPerPage": count,
        "filtered": filter_by is not None,
        "sorted": True,
    }


def get_phone_call(
    fields: list[models.PhoneCallField] | None, user_id: str, extension: str, phone_call_id: models.PhoneCallId
) -> Call | Response:
    if (wrong := _wrong_place(user_id, extension)) is not None:
        return wrong
    calls = [call for call in _of(user_id, extension) if call["id"] == phone_call_id]
    return {"entry": [_reduced(call, fields) for call in calls], "totalResults": len(calls)}


def update_phone_call(
    user_id: str,
    extension: str,
    phone_call_id: models.PhoneCallId,
    body: models.StartRecording | models.StopRecording,
) -> Call | Response:
    if (wrong := _wrong_place(user_id, extension)) is not None:
        return wrong
    call = next((call for call in _of(user_id, extension) if call["id"] == phone_call_id), None)
    if call is None:
        return _error("pc_phonecall_invalid", f"The phone call {phone_call_id} does not exist.")
    if call["id"] in ENDING:
        del CALLS[call["id"]]
        return Response(status_code=204)
    view = next((view for view in call["phoneCallView"] if view["id"] == body.phoneCallViewId), None)
    if view is None:
        return _error("pc_phonecallview_invalid", f"The phone call has no view {body.phoneCallViewId}.")
    if view["extension"] in NOT_SET_UP:
        return _error("recording_not_set_up", f"The terminal {view['extension']} is not set up for recording.")
    if body.action == "StartRecording":
        view.setdefault("recording", datetime.now(UTC).isoformat(timespec="seconds"))
    else:
        view.pop("recording", None)
    return call
