"""Phone calls are parked, taken out of the parking lot, and come back by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.desk import FOREIGN_CALL, PARKED_CALL
from sandbox.telephony.conftest import (
    CALLBACK,
    COLLEAGUE,
    DESTINATION,
    FOREIGN,
    PUBLIC,
    SECOND,
    SILENT,
    SOURCE,
)

if TYPE_CHECKING:
    from sandbox.telephony.conftest import Line

PARKING = {"parked", "parkedPos", "parkedBy"}


def test_call_is_parked(line: Line) -> None:
    call_id = line.talk()
    answer = line.act(call_id, "Park", SOURCE)
    [view, other] = answer["phoneCallView"]
    assert (view["parked"], view["parkedPos"], view["parkedBy"]) == ("2026-07-01T12:30:25+00:00", 702, SOURCE)
    assert not PARKING & other.keys()


def test_positions_are_the_lowest_that_are_free_in_the_organization(line: Line) -> None:
    """The world has a parked call at 701."""
    calls = [line.talk() for _ in range(3)]
    assert [line.act(each, "Park", SOURCE)["phoneCallView"][0]["parkedPos"] for each in calls] == [702, 703, 704]
    line.desk.delete(f"@me/@self/{calls[0]}")
    line.desk.delete(f"@me/@self/{PARKED_CALL}")
    calls = [line.talk() for _ in range(3)]
    assert [line.act(each, "Park", SOURCE)["phoneCallView"][0]["parkedPos"] for each in calls] == [701, 702, 705]
    body = {"action": "Park", "phoneCallViewId": "00"}
    there = line.desk.put(f"@me/@self/{FOREIGN_CALL}", body, token="sandbox-user-44")
    assert there.json()["phoneCallView"][0]["parkedPos"] == 701


@pytest.mark.parametrize(("members", "seconds"), [({}, 180), ({"maxInParking": 30}, 30), ({"maxInParking": "30"}, 30)])
def test_call_returns_to_who_parked_it(line: Line, members: dict[str, object], seconds: int) -> None:
    call_id = line.talk()
    before = line.call(call_id)
    parked = line.act(call_id, "Park", SOURCE, **members)
    line.wait(seconds - 0.1)
    assert line.call(call_id) == parked
    line.wait(0.2)
    assert line.call(call_id) == before


def test_parking_again_is_nothing_new(line: Line) -> None:
    call_id = line.talk()
    parked = line.act(call_id, "Park", SOURCE, maxInParking=30)
    line.wait(20)
    assert line.act(call_id, "Park", SOURCE) == parked
    assert line.act(call_id, "Park", DESTINATION) == parked
    line.wait(11)
    assert "parked" not in line.call(call_id)["phoneCallView"][0]


def test_hold_ends_with_parking(line: Line) -> None:
    call_id = line.talk()
    line.act(call_id, "OnHold", SOURCE)
    assert not {"onHold", "holder"} & line.act(call_id, "Park", SOURCE)["phoneCallView"][0].keys()


@pytest.mark.parametrize("seconds", [0, -1, "x", 86401, None, 1.5, True, "030"])
def test_time_in_parking_that_is_refused(line: Line, seconds: object) -> None:
    call_id = line.talk()
    line.refused(call_id, "Park", SOURCE, maxInParking=seconds)


def test_what_rings_is_not_parked(line: Line) -> None:
    call_id = line.dial()
    line.refused(call_id, "Park", SOURCE)


def test_parked_call_is_connected_to_an_extension(line: Line) -> None:
    call_id = line.talk()
    parked = line.act(call_id, "Park", SOURCE)
    assert line.act(call_id, "UnPark", SOURCE, sendCallTo=SECOND, callerId="P <7>") == parked
    line.wait()
    views = line.views(call_id)
    assert line.states(call_id) == {SECOND: "5", DESTINATION: "5"}
    assert (views[SECOND]["callerId"], views[SECOND]["source"]) == ("P <7>", [SECOND])
    assert views[DESTINATION]["source"] == [SECOND]
    assert not any(PARKING & view.keys() for view in views.values())
    line.wait(3600)
    assert line.states(call_id) == {SECOND: "5", DESTINATION: "5"}


def test_caller_id_of_the_terminal_is_shown_where_none_is_given(line: Line) -> None:
    call_id = line.talk()
    line.act(call_id, "Park", SOURCE)
    line.act(call_id, "UnPark", SOURCE, sendCallTo="216")
    line.wait()
    assert line.views(call_id)[SECOND]["callerId"] == "Alice Adams <216>"


def test_call_of_the_world_is_unparked(line: Line) -> None:
    line.act(PARKED_CALL, "UnPark", "0003*211", sendCallTo=SECOND)
    line.wait()
    view = line.views(PARKED_CALL)[SECOND]
    assert (view["source"], view["destination"], view["flow"]) == (["5550103"], [SECOND], 8)
    assert PARKED_CALL in line.desk.ids(f"12/{SECOND}")


def test_who_parked_takes_it_back(line: Line) -> None:
    call_id = line.talk()
    before = line.call(call_id)
    line.act(call_id, "Park", SOURCE)
    line.act(call_id, "UnPark", SOURCE, sendCallTo=SOURCE)
    line.wait()
    assert line.call(call_id) == before


def test_call_stays_parked_where_nobody_answers(line: Line) -> None:
    call_id = line.talk(SOURCE, PUBLIC)
    parked = line.act(call_id, "Park", SOURCE)
    line.act(call_id, "UnPark", SOURCE, sendCallTo=SILENT, waitForPickup="5")
    line.wait(6)
    assert line.call(call_id) == parked
    line.act(call_id, "UnPark", SOURCE, sendCallTo=SILENT, waitForPickup=5)


def test_time_in_parking_ends_while_somebody_is_called(line: Line) -> None:
    call_id = line.talk()
    before = line.call(call_id)
    line.act(call_id, "Park", SOURCE, maxInParking=5)
    line.act(call_id, "UnPark", SOURCE, sendCallTo=SILENT)
    line.wait(6)
    assert line.desk.client.post(f"/control/calls/{call_id}/answer").status_code == 200
    assert line.call(call_id) == before


@pytest.mark.parametrize("number", ["0003*999", FOREIGN, CALLBACK, PUBLIC, DESTINATION])
def test_who_cannot_take_a_parked_call(line: Line, number: str) -> None:
    call_id = line.talk()
    line.act(call_id, "Park", SOURCE)
    line.refused(call_id, "UnPark", SOURCE, sendCallTo=number)


def test_call_that_is_not_parked_cannot_be_taken_out(line: Line) -> None:
    call_id = line.talk()
    assert "not parked" in line.refused(call_id, "UnPark", SOURCE, sendCallTo=SECOND)
    line.act(call_id, "Park", SOURCE)
    assert "not parked" in line.refused(call_id, "UnPark", DESTINATION, sendCallTo=SECOND)


def test_colleague_takes_a_parked_call(line: Line) -> None:
    call_id = line.talk()
    line.act(call_id, "Park", SOURCE)
    line.act(call_id, "UnPark", SOURCE, sendCallTo=COLLEAGUE)
    line.wait()
    assert call_id in line.desk.ids("33/@self", token="sandbox-user-33")
    assert line.desk.ids(f"12/{SOURCE}") == [call_id]
