"""StartRecording and StopRecording: what they change, what they answer, and what they refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.desk import (
    CONFERENCE,
    ENDING_CALL,
    HELD_CALL,
    LOCAL_CALL,
    PAGE_CALL,
    PARKED_CALL,
    RECORDED_CALL,
    RINGING_CALL,
    START,
    STOP,
    UNRECORDABLE_CALL,
)
from uapi_phonecalls import load_contract

if TYPE_CHECKING:
    from sandbox.conftest import Clock
    from sandbox.desk import Desk

NOW = "2026-07-01T12:30:15+00:00"
PATH = f"12/0003*210/{LOCAL_CALL}"


def test_request_of_the_page_gets_the_answer_of_the_page(desk: Desk) -> None:
    """The answer has a `flow` beside what the page shows, as every view should have by the resource page (VIEW-001)."""
    page = load_contract()["components"]["examples"]["PhoneCallRecording"]["value"]
    body = load_contract()["components"]["examples"]["StartRecording"]["value"]
    response = desk.put(f"12/0003*210/{PAGE_CALL}", body)
    assert response.status_code == 200
    here = "http://sandbox.test:8080/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333"
    [view] = page["phoneCallView"]
    expected = {
        **page,
        "phoneCallView": [{**view, "flow": 8, "recording": NOW}],
        "link": {"self": here},
        "links": {"self": here},
    }
    assert response.json() == expected


@pytest.mark.parametrize("more", [{}, {"format": "wav"}, {"format": "wav49"}, {"unknown": [1, None]}, {"recFormat": 7}])
def test_start_records_the_named_view_and_no_other(desk: Desk, more: dict[str, object]) -> None:
    before = desk.recordings()
    response = desk.put(PATH, {**START, **more})
    assert response.status_code == 200
    views = {view["id"]: view for view in response.json()["phoneCallView"]}
    assert views["01"]["recording"] == NOW
    assert "recording" not in views["00"]
    assert desk.recordings() == {**before, (LOCAL_CALL, "01"): NOW}


def test_views_of_a_call_are_recorded_one_by_one(desk: Desk, clock: Clock) -> None:
    desk.put(PATH)
    clock.advance(60)
    views = {view["id"]: view for view in desk.put(PATH, {**START, "phoneCallViewId": "00"}).json()["phoneCallView"]}
    assert views["01"]["recording"] == NOW
    assert views["00"]["recording"] == "2026-07-01T12:31:15+00:00"
    desk.put(PATH, STOP)
    assert [("recording" in view) for view in desk.views(LOCAL_CALL).values()] == [True, False]


def test_second_start_keeps_the_time_of_the_first(desk: Desk, clock: Clock) -> None:
    first = desk.put(PATH).json()
    clock.advance(3600)
    assert desk.put(PATH, {**START, "format": "wav49"}).json() == first
    recorded = desk.put(f"12/0003*211/{RECORDED_CALL}", {**START, "phoneCallViewId": "00"}).json()
    assert recorded["phoneCallView"][0]["recording"] == "2026-03-02T08:11:00Z"


def test_stop_ends_the_recording_of_the_named_view(desk: Desk) -> None:
    before = desk.views(LOCAL_CALL)
    desk.put(PATH)
    response = desk.put(PATH, STOP)
    assert response.status_code == 200
    assert {view["id"]: view for view in response.json()["phoneCallView"]} == before == desk.views(LOCAL_CALL)


def test_stop_of_what_is_not_recorded_changes_nothing(desk: Desk) -> None:
    before = desk.views(LOCAL_CALL)
    assert desk.put(PATH, STOP).status_code == 200
    assert desk.views(LOCAL_CALL) == before


def test_recording_can_be_started_again_after_a_stop(desk: Desk, clock: Clock) -> None:
    desk.put(PATH)
    desk.put(PATH, STOP)
    clock.advance(10)
    assert desk.put(PATH).json()["phoneCallView"][1]["recording"] == "2026-07-01T12:30:25+00:00"


@pytest.mark.parametrize("call", [HELD_CALL, PAGE_CALL])
def test_held_and_plain_calls_are_recorded(desk: Desk, call: str) -> None:
    assert desk.put(f"@me/@self/{call}").json()["phoneCallView"][0]["recording"] == NOW


def test_parked_call_is_recorded(desk: Desk) -> None:
    response = desk.put(f"@me/@self/{PARKED_CALL}", {**START, "phoneCallViewId": "00"})
    assert response.json()["phoneCallView"][0]["parkedPos"] == 701
    assert response.json()["phoneCallView"][0]["recording"] == NOW


@pytest.mark.parametrize("action", [START, STOP])
def test_call_that_ends_while_it_is_updated_is_answered_with_204_and_gone(desk: Desk, action: dict[str, str]) -> None:
    path = f"12/0003*211/{ENDING_CALL}"
    assert desk.entries(path)
    assert desk.put(path, {**action, "phoneCallViewId": "00"}).status_code == 204
    assert desk.entries(path) == []
    desk.refused(desk.put(path, {**action, "phoneCallViewId": "00"}), 400, "pc_phonecall_invalid")


def test_refused_update_does_not_end_the_call(desk: Desk) -> None:
    path = f"12/0003*211/{ENDING_CALL}"
    desk.refused(desk.put(path, {**START, "phoneCallViewId": "07"}), 400, "pc_phonecallview_invalid")
    assert desk.entries(path)


@pytest.mark.parametrize(
    ("path", "view", "why"),
    [
        (f"12/0003*213/{UNRECORDABLE_CALL}", "00", "Enable Call recording"),
        (f"12/0003*210/{RINGING_CALL}", "01", "has not been answered"),
        (f"12/0003*210/{CONFERENCE}", "02", "not of an extension within reach"),
        (f"12/0003*210/{LOCAL_CALL}", "07", "has no view 07"),
        (f"12/0003*210/{PAGE_CALL}", "00", "has no view 00"),
    ],
)
def test_view_that_cannot_be_recorded_is_refused(desk: Desk, path: str, view: str, why: str) -> None:
    before = desk.recordings()
    message = desk.refused(desk.put(path, {**START, "phoneCallViewId": view}), 400, "pc_phonecallview_invalid")
    assert why in message
    assert desk.recordings() == before


@pytest.mark.parametrize("view", [None, 1, 1.5, True, [], {}, ["01"], "", " ", "0/1", "ü", "\x00", "0" * 256, "\ud800"])
@pytest.mark.parametrize("action", [START, STOP])
def test_view_id_of_no_view_id_is_refused(desk: Desk, action: dict[str, str], view: object) -> None:
    desk.refused(desk.put(PATH, {**action, "phoneCallViewId": view}), 400, "pc_phonecallview_invalid")


@pytest.mark.parametrize("action", ["StartRecording", "StopRecording"])
def test_missing_view_id_is_refused(desk: Desk, action: str) -> None:
    message = desk.refused(desk.put(PATH, {"action": action}), 400, "pc_phonecallview_invalid")
    assert message == "phoneCallViewId is missing. Send it."


@pytest.mark.parametrize("value", ["mp3", "WAV", "wav ", "", None, 49, 1.0, False, ["wav"], {"a": 1}, "wav" * 99])
def test_format_that_is_none_is_refused(desk: Desk, value: object) -> None:
    before = desk.recordings()
    message = desk.refused(desk.put(PATH, {**START, "format": value}), 400, "pc_recformat_invalid")
    assert "format" in message
    assert "'wav' or 'wav49'" in message
    assert len(message) < 200
    assert desk.recordings() == before


def test_format_that_is_no_text_is_refused(desk: Desk) -> None:
    message = desk.refused(desk.put(PATH, {**START, "format": "\ud800"}), 400, "pc_recformat_invalid")
    assert "\\ud800" in message


@pytest.mark.parametrize(
    "action", ["Dial", "startRecording", "StartRecording ", "", None, 1, [], {}, "\ud800", "x" * 99]
)
def test_unknown_action_is_refused(desk: Desk, action: object) -> None:
    message = desk.refused(desk.put(PATH, {**START, "action": action}), 400, "request_malformed")
    assert "'OnHold', 'OffHold', 'StartRecording'" in message


def test_missing_action_is_refused(desk: Desk) -> None:
    message = desk.refused(desk.put(PATH, {"phoneCallViewId": "01"}), 400, "request_malformed")
    assert message == "The body has no action. Send one."


@pytest.mark.parametrize("call", ["444444", "x", "0", "b817d2618fe6f1804334", "b817d2618fe6f1804333".upper()])
def test_unknown_call_is_refused(desk: Desk, call: str) -> None:
    for path in (f"12/0003*210/{call}", f"@me/@self/{call}", f"@owner/0003*210/{call}", f"@owner/@self/{call}"):
        message = desk.refused(desk.put(path), 400, "pc_phonecall_invalid")
        assert call in message


@pytest.mark.parametrize("call", ["b817_", "b8-17", "%00", "%C3%BC", "%FF", "a%2Fb", "a.b", "a%20", "@self", "a" * 256])
def test_call_id_of_no_call_id_is_refused(desk: Desk, call: str) -> None:
    desk.refused(desk.put(f"12/0003*210/{call}"), 400, "pc_phonecall_invalid")


def test_call_of_another_extension_of_the_user_is_refused(desk: Desk) -> None:
    desk.refused(desk.put(f"12/0003*212/{LOCAL_CALL}"), 400, "pc_phonecall_invalid")
    desk.refused(desk.put(f"12/0003*211/{PAGE_CALL}"), 400, "pc_phonecall_invalid")


def test_first_invalid_part_decides_from_the_path_to_the_body(desk: Desk) -> None:
    body = {"action": "StartRecording", "format": 1, "phoneCallViewId": 1}
    desk.refused(desk.put("u%20/e/-", body), 400, "user_invalid")
    desk.refused(desk.put("12/e/-", body), 400, "extension_invalid")
    desk.refused(desk.put("12/0003*210/-", body), 400, "pc_phonecall_invalid")
    desk.refused(desk.put("12/0003*210/1", body), 400, "pc_recformat_invalid")
    desk.refused(desk.put("12/0003*210/1", {**body, "format": "wav"}), 400, "pc_phonecallview_invalid")
    desk.refused(desk.put("99/0003*210/1"), 400, "user_invalid")
    desk.refused(desk.put("12/0003*999/1"), 400, "extension_invalid")
