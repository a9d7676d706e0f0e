"""Phone calls are put on hold and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.desk import PARKED_CALL, RINGING_CALL
from sandbox.telephony.conftest import COLLEAGUE, DESTINATION, SILENT, SOURCE

if TYPE_CHECKING:
    from sandbox.telephony.conftest import Line


def test_hold_shows_on_the_view(line: Line) -> None:
    call_id = line.talk()
    answer = line.act(call_id, "OnHold", SOURCE)
    [view, other] = answer["phoneCallView"]
    assert (view["onHold"], view["holder"], view["status"]) == ("2026-07-01T12:30:25+00:00", 1, "5")
    assert not {"onHold", "holder"} & other.keys()


def test_hold_is_taken_back(line: Line) -> None:
    call_id = line.talk()
    before = line.call(call_id)
    line.act(call_id, "OnHold", SOURCE)
    assert line.act(call_id, "OffHold", SOURCE) == before


def test_both_parties_can_hold(line: Line) -> None:
    call_id = line.talk()
    line.act(call_id, "OnHold", SOURCE)
    line.act(call_id, "OnHold", DESTINATION)
    line.act(call_id, "OffHold", SOURCE)
    assert [("onHold" in view) for view in line.call(call_id)["phoneCallView"]] == [False, True]


def test_again_is_nothing_new(line: Line) -> None:
    call_id = line.talk()
    before = line.act(call_id, "OffHold", SOURCE)
    held = line.act(call_id, "OnHold", SOURCE)
    line.wait(60)
    assert line.act(call_id, "OnHold", SOURCE) == held
    assert before != held


def test_what_rings_is_not_held(line: Line) -> None:
    call_id = line.dial(SOURCE, SILENT)
    assert "is not on call" in line.refused(call_id, "OnHold", SOURCE)
    line.wait(1)
    assert "is not on call" in line.refused(call_id, "OnHold", SOURCE)
    assert "is not on call" in line.refused(call_id, "OnHold", SILENT)
    assert "is not on call" in line.refused(RINGING_CALL, "OnHold", "0003*210")


def test_what_is_parked_is_not_held(line: Line) -> None:
    assert "is parked" in line.refused(PARKED_CALL, "OnHold", "0003*211")


@pytest.mark.parametrize("action", ["OnHold", "OffHold", "Park", "StartRecording"])
def test_view_of_another_user_is_out_of_reach(line: Line, action: str) -> None:
    call_id = line.talk(SOURCE, COLLEAGUE)
    assert "not of an extension within reach" in line.refused(call_id, action, COLLEAGUE)


@pytest.mark.parametrize("action", ["OnHold", "OffHold", "Park"])
def test_view_that_does_not_exist(line: Line, action: str) -> None:
    call_id = line.talk()
    path = f"@me/@self/{call_id}"
    line.desk.refused(line.desk.put(path, {"action": action, "phoneCallViewId": "07"}), 400, "pc_phonecallview_invalid")
    line.desk.refused(line.desk.put(path, {"action": action}), 400, "pc_phonecallview_invalid")


def test_other_calls_stay_as_they_are(line: Line) -> None:
    first, second = line.talk(), line.talk()
    before = line.call(second)
    line.act(first, "OnHold", SOURCE)
    assert line.call(second) == before
