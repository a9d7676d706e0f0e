"""Extensions are called to take a call that rings, or to join those who talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.desk import CONFERENCE as JOINED_CALL
from sandbox.desk import PARKED_CALL, RINGING_CALL
from sandbox.telephony.conftest import (
    BETWEEN,
    CALLBACK,
    COLLEAGUE,
    DESTINATION,
    FOREIGN,
    PUBLIC,
    SECOND,
    SILENT,
    SLOW,
    SOURCE,
)

if TYPE_CHECKING:
    from sandbox.telephony.conftest import Line

JOINING = ["BargeIn", "Whisper", "Monitor"]


def test_destination_that_rings_is_picked_up(line: Line) -> None:
    call_id = line.dial(SOURCE, SILENT)
    line.wait(1)
    line.act(call_id, "PickUp", SILENT, sendCallTo=SECOND)
    assert line.states(call_id) == {SOURCE: "4", SILENT: "3"}
    line.wait(1)
    assert line.states(call_id) == {SOURCE: "5", SECOND: "5"}
    views = line.views(call_id)
    assert (views[SOURCE]["destination"], views[SECOND]["destination"]) == ([SECOND], [SECOND])
    assert views[SECOND]["callerId"] == "Alice Adams <216>"
    assert line.call(call_id)["answered"] == views[SECOND]["answered"] == "2026-07-01T12:30:16+00:00"
    line.wait(60)
    assert line.states(call_id) == {SOURCE: "5", SECOND: "5"}


def test_source_that_rings_is_picked_up_and_the_destination_called(line: Line) -> None:
    call_id = line.dial(SILENT, SLOW)
    line.act(call_id, "PickUp", SILENT, sendCallTo=SECOND, callerId="X <1>", waitForPickup="20")
    line.wait(1)
    assert line.states(call_id) == {SECOND: "4"}
    line.wait(5)
    assert line.states(call_id) == {SECOND: "5"}
    assert line.views(call_id)[SECOND]["source"] == [SECOND]


def test_call_that_rings_in_the_world_is_picked_up(line: Line) -> None:
    line.act(RINGING_CALL, "PickUp", "0003*210", sendCallTo=SECOND)
    line.wait()
    assert line.states(RINGING_CALL) == {SECOND: "5"}
    view = line.views(RINGING_CALL)[SECOND]
    assert (view["source"], view["destination"], view["flow"]) == (["5550101"], [SECOND], 8)
    assert "answered" in line.call(RINGING_CALL)


def test_terminal_that_rings_may_be_named_itself(line: Line) -> None:
    call_id = line.dial(SOURCE, DESTINATION)
    line.wait(BETWEEN)
    line.act(call_id, "PickUp", DESTINATION, sendCallTo=DESTINATION)
    line.wait()
    assert line.states(call_id) == {SOURCE: "5", DESTINATION: "5"}


def test_call_that_is_answered_meanwhile_is_not_picked_up(line: Line) -> None:
    call_id = line.dial(SOURCE, DESTINATION)
    line.wait(BETWEEN)
    line.act(call_id, "PickUp", DESTINATION, sendCallTo=SECOND)
    line.wait()
    assert line.states(call_id) == {SOURCE: "5", DESTINATION: "5"}


def test_pick_up_that_nobody_answers_leaves_the_call_ringing(line: Line) -> None:
    line.act(RINGING_CALL, "PickUp", "0003*210", sendCallTo=SILENT, waitForPickup=5)
    before = line.call(RINGING_CALL)
    line.wait(6)
    assert line.call(RINGING_CALL) == before
    line.act(RINGING_CALL, "PickUp", "0003*210", sendCallTo=SILENT, waitForPickup=5)


def test_recording_needs_the_new_view_after_a_pick_up(line: Line) -> None:
    call_id = line.dial(SOURCE, SILENT)
    line.wait(1)
    old = line.views(call_id)[SILENT]["id"]
    line.act(call_id, "PickUp", SILENT, sendCallTo=SECOND)
    line.wait()
    path = f"@me/@self/{call_id}"
    line.desk.refused(
        line.desk.put(path, {"action": "StartRecording", "phoneCallViewId": old}), 400, "pc_phonecallview_invalid"
    )
    line.act(call_id, "StartRecording", SECOND)


@pytest.mark.parametrize("action", JOINING)
def test_extension_joins_once_it_answered(line: Line, action: str) -> None:
    call_id = line.talk()
    before = line.views(call_id)
    line.act(call_id, action, SOURCE, sendCallTo="216", callerId="Boss <1>")
    assert line.views(call_id) == before
    line.wait()
    views = line.views(call_id)
    joined = views.pop(SECOND)
    assert views == before
    assert (joined["status"], joined["answered"]) == ("5", "2026-07-01T12:30:25+00:00")
    assert (joined["callerId"], joined["source"], joined["destination"], joined["flow"]) == (
        "Boss <1>",
        [SECOND],
        [SOURCE],
        2,
    )
    assert line.desk.ids(f"12/{SECOND}") == [call_id]


@pytest.mark.parametrize("action", JOINING)
def test_extension_that_does_not_answer_does_not_join(line: Line, action: str) -> None:
    call_id = line.talk()
    before = line.call(call_id)
    line.act(call_id, action, SOURCE, sendCallTo=SILENT, waitForPickup="3")
    line.wait(3.1)
    assert line.call(call_id) == before
    assert line.desk.ids(f"12/{SILENT}") == []
    line.act(call_id, action, SOURCE, sendCallTo=SILENT)


def test_colleague_joins(line: Line) -> None:
    line.act(JOINED_CALL, "BargeIn", "0003*211", sendCallTo=COLLEAGUE)
    line.wait()
    assert line.views(JOINED_CALL)[COLLEAGUE]["id"] == "03"
    assert JOINED_CALL in line.desk.ids("33/@self", token="sandbox-user-33")


@pytest.mark.parametrize("private", [0, 1, "0", "1"])
def test_whisper_is_private_or_not(line: Line, private: object) -> None:
    call_id = line.talk()
    line.act(call_id, "Whisper", SOURCE, sendCallTo=SECOND, private=private)
    line.wait()
    assert SECOND in line.views(call_id)


@pytest.mark.parametrize("private", [2, "yes", True, None])
def test_whisper_that_is_neither_is_refused(line: Line, private: object) -> None:
    line.refused(line.talk(), "Whisper", SOURCE, sendCallTo=SECOND, private=private)


@pytest.mark.parametrize("action", [*JOINING, "PickUp"])
@pytest.mark.parametrize("number", ["0003*999", "999", FOREIGN, CALLBACK, PUBLIC])
def test_who_cannot_be_called(line: Line, action: str, number: str) -> None:
    call_id = line.dial(SOURCE, SILENT) if action == "PickUp" else line.talk()
    view_of = SILENT if action == "PickUp" else SOURCE
    line.wait()
    line.refused(call_id, action, view_of, sendCallTo=number)


def test_extension_of_another_organization_is_refused_like_one_that_does_not_exist(line: Line) -> None:
    call_id = line.talk()
    known = line.refused(call_id, "BargeIn", SOURCE, sendCallTo=FOREIGN)
    unknown = line.refused(call_id, "BargeIn", SOURCE, sendCallTo="0004*999")
    assert known.replace(FOREIGN, "") == unknown.replace("0004*999", "")


@pytest.mark.parametrize("action", JOINING)
def test_who_takes_part_already_does_not_join(line: Line, action: str) -> None:
    call_id = line.talk()
    assert "takes part" in line.refused(call_id, action, SOURCE, sendCallTo=DESTINATION)
    assert "takes part" in line.refused(call_id, action, SOURCE, sendCallTo=SOURCE)
    line.act(call_id, action, SOURCE, sendCallTo=SECOND)
    assert "takes part" in line.refused(call_id, action, SOURCE, sendCallTo=SECOND)


def test_states_that_do_not_allow_it(line: Line) -> None:
    ringing = line.dial(SOURCE, SILENT)
    line.wait()
    talking = line.talk()
    for action in JOINING:
        assert "is not on call" in line.refused(ringing, action, SOURCE, sendCallTo=SECOND)
        assert "is parked" in line.refused(PARKED_CALL, action, "0003*211", sendCallTo=SECOND)
    assert "does not ring" in line.refused(talking, "PickUp", DESTINATION, sendCallTo=SECOND)


@pytest.mark.parametrize("action", ["PickUp", "UnPark", *JOINING])
@pytest.mark.parametrize(
    "members",
    [{}, {"sendCallTo": None}, {"sendCallTo": SECOND, "waitForPickup": "x"}, {"sendCallTo": SECOND, "callerId": 1}],
)
def test_members_that_are_refused(line: Line, action: str, members: dict[str, object]) -> None:
    line.refused(line.talk(), action, SOURCE, **members)
