"""Phone calls are hung up: one, all of an extension, or the leg of one party."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.desk import ADMINISTRATOR, FOREIGN_CALL, OWN_CALLS, STRANGER, STRANGERS_CALL
from sandbox.telephony.conftest import (
    COLLEAGUE,
    DESTINATION,
    PUBLIC,
    SECOND,
    SILENT,
    SOURCE,
)

if TYPE_CHECKING:
    from httpx2 import Response

    from sandbox.telephony.conftest import Line


def ids(response: Response) -> set[str]:
    assert response.status_code == 200, response.text
    return {call["id"] for call in response.json()}


@pytest.mark.parametrize("path", [f"@me/{SOURCE}", "@me/@self", "12/215", "@owner/@self"])
def test_call_is_hung_up(line: Line, path: str) -> None:
    call_id, other = line.talk(), line.talk()
    before = line.call(call_id)
    response = line.desk.delete(f"{path}/{call_id}")
    assert response.json()[0]["phoneCallView"] == before["phoneCallView"]
    assert ids(response) == {call_id}
    assert line.find(call_id) is None
    assert line.desk.ids(f"12/{SOURCE}") == [other]
    assert line.desk.delete(f"{path}/{call_id}").status_code == 204


def test_call_that_rings_is_hung_up(line: Line) -> None:
    call_id = line.dial()
    assert ids(line.desk.delete(f"@me/@self/{call_id}")) == {call_id}
    line.wait()
    assert line.find(call_id) is None


def test_call_that_does_not_exist(line: Line) -> None:
    assert line.desk.delete("@me/@self/444444").status_code == 204
    assert line.desk.delete("@owner/@self/444444").status_code == 204
    line.desk.refused(line.desk.delete("@me/@self/4-4"), 400, "pc_phonecall_invalid")


def test_call_of_others_is_left(line: Line) -> None:
    assert line.desk.delete(f"@me/@self/{STRANGERS_CALL}").status_code == 204
    assert line.desk.delete(f"@owner/@self/{FOREIGN_CALL}").status_code == 204
    line.desk.refused(line.desk.delete(f"33/@self/{STRANGERS_CALL}"), 401, "access_denied")
    line.desk.refused(line.desk.delete("33/@self"), 401, "access_denied")
    line.desk.refused(line.desk.delete(f"@me/{COLLEAGUE}"), 400, "extension_invalid")
    line.desk.refused(line.desk.delete("@owner/@self"), 400, "user_invalid")
    assert line.find(STRANGERS_CALL)
    assert line.find(FOREIGN_CALL)


def test_all_calls_of_an_extension_are_hung_up(line: Line) -> None:
    calls = {line.talk(), line.talk(SECOND, SOURCE), line.dial(SOURCE, SILENT)}
    other = line.talk(SECOND, PUBLIC, extension=SECOND)
    assert ids(line.desk.delete(f"@me/{SOURCE}")) == calls
    assert set(line.desk.ids("@me/@self")) == {*OWN_CALLS, other}
    assert line.desk.delete(f"@me/{SOURCE}").status_code == 204


def test_all_calls_of_a_user_are_hung_up(line: Line) -> None:
    call_id = line.talk(SOURCE, COLLEAGUE)
    assert ids(line.desk.delete("@me/@self")) == {*OWN_CALLS, call_id}
    assert line.desk.get("@me/@self").status_code == 204
    assert line.desk.ids("33/@self", token=STRANGER) == [STRANGERS_CALL]


@pytest.mark.parametrize("number", [DESTINATION, "215", SOURCE])
def test_leg_of_one_of_two_parties_ends_the_call(line: Line, number: str) -> None:
    call_id = line.talk()
    assert ids(line.desk.delete(f"@me/{SOURCE}/{call_id}?phoneNumber={number}")) == {call_id}
    assert line.find(call_id) is None


@pytest.mark.parametrize("number", [SECOND, "5550100", "999"])
def test_number_of_nobody_hangs_up_nothing(line: Line, number: str) -> None:
    call_id = line.talk()
    before = line.call(call_id)
    assert line.desk.delete(f"@me/{SOURCE}/{call_id}?phoneNumber={number}").status_code == 204
    assert line.desk.delete(f"@me/{SOURCE}?phoneNumber={number}").status_code == 204
    assert line.call(call_id) == before


def test_calls_with_a_number_are_hung_up(line: Line) -> None:
    gone, kept = line.talk(SOURCE, "+15550100"), line.talk()
    assert ids(line.desk.delete(f"@me/{SOURCE}?phoneNumber=%2B15550100")) == {gone}
    assert line.desk.ids(f"@me/{SOURCE}") == [kept]


def test_leg_of_one_of_three_parties_leaves_the_others(line: Line) -> None:
    call_id = line.talk()
    line.act(call_id, "BargeIn", DESTINATION, sendCallTo=SECOND)
    line.wait()
    assert ids(line.desk.delete(f"@me/{SOURCE}/{call_id}?phoneNumber={SOURCE}")) == {call_id}
    views = line.views(call_id)
    assert line.states(call_id) == {DESTINATION: "5", SECOND: "5"}
    assert (views[DESTINATION]["source"], views[DESTINATION]["destination"]) == ([SECOND], [DESTINATION])
    assert ids(line.desk.delete(f"@me/@self/{call_id}?phoneNumber={SECOND}")) == {call_id}
    assert line.find(call_id) is None


def test_leg_of_one_of_several_sources(line: Line) -> None:
    call_id = line.dial([SILENT, SECOND], PUBLIC)
    line.desk.delete(f"@me/@self/{call_id}?phoneNumber={SECOND}")
    line.wait()
    assert line.states(call_id) == {SILENT: "3"}
    line.desk.delete(f"@me/@self/{call_id}?phoneNumber={PUBLIC}")
    assert line.find(call_id) is None


def test_call_with_several_sources_ends_without_its_destination(line: Line) -> None:
    call_id = line.dial([SILENT, SECOND], PUBLIC)
    line.desk.delete(f"@me/@self/{call_id}?phoneNumber={PUBLIC}")
    assert line.find(call_id) is None


@pytest.mark.parametrize("path", ["@me/@self/{}", "@me/0003*214"])
def test_fields(line: Line, path: str) -> None:
    call_id = line.talk()
    response = line.desk.delete(path.format(call_id) + "?fields=id")
    body: Any = response.json()
    assert body == [{"id": call_id}]


def test_administrator_hangs_up(line: Line) -> None:
    assert ids(line.desk.delete(f"@owner/@self/{FOREIGN_CALL}", token=ADMINISTRATOR)) == {FOREIGN_CALL}
