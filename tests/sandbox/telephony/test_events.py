"""What happens to phone calls as time passes: they are answered or not, and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.telephony.conftest import (
    BETWEEN,
    BUSY,
    CALLBACK,
    DESTINATION,
    PUBLIC,
    SECOND,
    SILENT,
    SLOW,
    SOURCE,
    UNANSWERED,
)

if TYPE_CHECKING:
    from sandbox.desk import Desk
    from sandbox.telephony.conftest import Line


@pytest.mark.parametrize(("query", "seconds"), [("", 25), ("?waitForPickup=3", 3)])
def test_call_that_its_source_does_not_answer_is_cancelled(line: Line, query: str, seconds: int) -> None:
    call_id = line.dial(SILENT, PUBLIC, query)
    line.wait(seconds - 0.1)
    assert line.states(call_id) == {SILENT: "3"}
    line.wait(0.2)
    assert line.find(call_id) is None
    assert line.desk.get(f"12/{SILENT}").status_code == 204


def test_call_that_its_destination_does_not_answer_is_cancelled(line: Line) -> None:
    call_id = line.dial(SOURCE, UNANSWERED, "?waitForPickup=3")
    line.wait(3.002)
    assert line.states(call_id) == {SOURCE: "4"}
    line.wait(0.1)
    assert line.find(call_id) is None


def test_answer_that_comes_too_late(line: Line) -> None:
    call_id = line.dial(SLOW, PUBLIC, "?waitForPickup=4")
    line.wait(4.1)
    assert line.find(call_id) is None


@pytest.mark.parametrize(("source", "destination"), [(BUSY, SOURCE), (SOURCE, BUSY)])
def test_call_to_who_is_busy_ends(line: Line, source: str, destination: str) -> None:
    call_id = line.dial(source, destination)
    line.call(call_id)
    line.wait(0.5)
    assert line.find(call_id) is None


def test_source_that_stops_ringing_leaves_the_others(line: Line) -> None:
    call_id = line.dial([BUSY, SILENT], PUBLIC)
    line.wait(1)
    assert line.views(call_id)[SILENT]["source"] == [SILENT]


def test_first_of_several_destinations_that_answers_is_connected(line: Line) -> None:
    call_id = line.dial(SOURCE, [SILENT, DESTINATION, BUSY])
    line.wait(BETWEEN)
    assert line.states(call_id) == {SOURCE: "4", SILENT: "3", DESTINATION: "3"}
    line.wait(1)
    assert line.states(call_id) == {SOURCE: "5", DESTINATION: "5"}
    assert line.views(call_id)[SOURCE]["destination"] == [DESTINATION]


@pytest.mark.parametrize("create", ["simple", "callback"])
def test_call_ends_after_its_duration(line: Line, create: str) -> None:
    extension = CALLBACK if create == "callback" else SOURCE
    view = {"source": PUBLIC, "destination": SLOW}
    response = line.desk.post(f"@me/{create}?callDuration=60", {"extension": extension, "phoneCallView": [view]})
    call_id = response.json()[0]["id"]
    line.wait(5.2 + 59.9)
    assert line.states(call_id) == {extension: "5"}
    line.wait(0.2)
    assert line.find(call_id) is None


def test_call_without_a_duration_goes_on(line: Line) -> None:
    call_id = line.talk()
    line.wait(86400)
    assert line.states(call_id) == {SOURCE: "5", DESTINATION: "5"}


def test_what_was_to_happen_has_happened_for_whoever_looks_first(line: Line) -> None:
    """A list, a page of one, an action, a hang-up and the control interface all see the present."""
    call_id = line.dial(SILENT, PUBLIC)
    line.wait(26)
    assert line.desk.get(f"12/{SILENT}").status_code == 204
    call_id = line.dial(SILENT, PUBLIC)
    line.wait(26)
    response = line.desk.put(f"@me/@self/{call_id}", {"action": "OnHold", "phoneCallViewId": "00"})
    line.desk.refused(response, 400, "pc_phonecall_invalid")
    call_id = line.dial(SILENT, PUBLIC)
    line.wait(26)
    assert line.desk.delete(f"@me/@self/{call_id}").status_code == 204
    call_id = line.dial(SILENT, PUBLIC)
    line.wait(26)
    assert line.desk.delete(f"@me/{SILENT}").status_code == 204
    call_id = line.dial(SILENT, PUBLIC)
    line.wait(26)
    response = line.desk.send("POST", f"/control/calls/{call_id}/answer", token=None)
    line.desk.refused(response, 400, "pc_phonecall_invalid")


def test_clock_of_the_control_interface_moves_calls(desk: Desk) -> None:
    view = {"source": SOURCE, "destination": DESTINATION}
    [call] = desk.post("@me/simple", {"phoneCallView": [view]}).json()
    desk.client.post("/control/clock", json={"advance": 1})
    assert desk.entries(f"@me/@self/{call['id']}")[0]["phoneCallView"][1]["status"] == "5"


def test_control_answers_who_rings_next(line: Line) -> None:
    call_id = line.dial(SILENT, UNANSWERED)
    assert line.desk.client.post(f"/control/calls/{call_id}/answer").json() == {"done": True}
    assert line.states(call_id) == {SILENT: "4"}
    assert line.desk.client.post(f"/control/calls/{call_id}/answer").json() == {"done": True}
    assert line.states(call_id) == {SILENT: "5"}
    line.wait(60)
    assert line.states(call_id) == {SILENT: "5"}


def test_call_that_was_dialled_by_control_rings_until_it_is_answered(line: Line) -> None:
    placed = line.desk.client.post("/control/calls", json={"from": SOURCE, "to": SECOND}).json()
    line.wait(3600)
    assert line.states(placed["id"]) == {SOURCE: "4", SECOND: "3"}
