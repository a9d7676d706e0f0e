"""Parties of phone calls are transferred, to a number or to a voicemail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.desk import PARKED_CALL
from sandbox.telephony.conftest import (
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


def test_party_is_transferred_to_an_extension(line: Line) -> None:
    call_id = line.talk()
    answer = line.act(call_id, "Transfer", sendCallTo=SECOND, transferFromNumber=SOURCE, transferNumber=DESTINATION)
    assert [(view["extension"], view["status"]) for view in answer["phoneCallView"]] == [
        (SOURCE, "5"),
        (DESTINATION, "5"),
        (SECOND, "3"),
    ]
    line.wait()
    assert line.states(call_id) == {DESTINATION: "5", SECOND: "5"}
    views = line.views(call_id)
    assert (views[DESTINATION]["source"], views[DESTINATION]["destination"]) == ([SECOND], [DESTINATION])
    assert (views[SECOND]["source"], views[SECOND]["destination"]) == ([DESTINATION], [SECOND])
    assert line.call(call_id)["extension"] == SOURCE


@pytest.mark.parametrize(
    ("members", "left"),
    [
        ({"transferFromNumber": DESTINATION}, SOURCE),
        ({"transferNumber": SOURCE}, SOURCE),
        ({"transferFromNumber": "215", "transferNumber": "214"}, SOURCE),
        ({"transferFromNumber": SOURCE}, DESTINATION),
    ],
)
def test_ways_to_say_who_transfers_whom(line: Line, members: dict[str, str], left: str) -> None:
    call_id = line.talk()
    line.act(call_id, "Transfer", sendCallTo=SECOND, **members)
    line.wait()
    assert line.states(call_id) == {left: "5", SECOND: "5"}


def test_party_of_the_view_transfers(line: Line) -> None:
    call_id = line.talk()
    line.act(call_id, "Transfer", DESTINATION, sendCallTo=SECOND)
    line.wait()
    assert line.states(call_id) == {SOURCE: "5", SECOND: "5"}


@pytest.mark.parametrize("members", [{"transferFromNumber": SOURCE}, {"transferNumber": DESTINATION}])
def test_numbers_decide_over_the_view(line: Line, members: dict[str, str]) -> None:
    call_id = line.talk()
    line.act(call_id, "Transfer", DESTINATION, sendCallTo=SECOND, **members)
    line.wait()
    assert line.states(call_id) == {DESTINATION: "5", SECOND: "5"}


def test_extension_of_the_path_transfers_where_nothing_is_said(line: Line) -> None:
    call_id = line.talk()
    line.desk.put(f"@me/{DESTINATION}/{call_id}", {"action": "Transfer", "sendCallTo": SECOND})
    line.wait()
    assert line.states(call_id) == {SOURCE: "5", SECOND: "5"}


def test_transfer_to_a_public_number(line: Line) -> None:
    call_id = line.talk()
    line.act(call_id, "Transfer", sendCallTo=SLOW, transferFromNumber=SOURCE)
    line.wait(6)
    assert line.states(call_id) == {DESTINATION: "5"}
    view = line.views(call_id)[DESTINATION]
    assert (view["source"], view["flow"]) == ([SLOW], 8)


def test_transfer_that_leaves_public_numbers_only(line: Line) -> None:
    call_id = line.talk(SOURCE, PUBLIC, "?allowPublicTransfer=true")
    line.act(call_id, "Transfer", sendCallTo=SLOW, transferFromNumber=SOURCE)
    line.wait(6)
    [view] = line.call(call_id)["phoneCallView"]
    assert (view["extension"], view["source"], view["destination"], view["status"]) == (SOURCE, [SLOW], [PUBLIC], "5")


@pytest.mark.parametrize("number", [SILENT, "5550192", "5550191"])
def test_transfer_that_nobody_answers_leaves_the_call_as_it_was(line: Line, number: str) -> None:
    call_id = line.talk()
    before = line.call(call_id)
    line.act(call_id, "Transfer", sendCallTo=number, transferFromNumber=SOURCE)
    line.wait(26)
    assert line.call(call_id) == before


def test_party_hangs_up_while_the_other_is_transferred(line: Line) -> None:
    call_id = line.talk()
    line.act(call_id, "Transfer", sendCallTo=SECOND, transferFromNumber=SOURCE)
    line.desk.delete(f"@me/@self/{call_id}?phoneNumber={SOURCE}")
    line.wait()
    assert line.states(call_id) == {DESTINATION: "5", SECOND: "5"}


def test_call_ends_where_nobody_is_left_to_be_transferred(line: Line) -> None:
    call_id = line.talk()
    line.act(call_id, "Transfer", sendCallTo=SILENT, transferFromNumber=SOURCE)
    line.desk.delete(f"@me/@self/{call_id}?phoneNumber={SOURCE}")
    assert line.states(call_id) == {DESTINATION: "5", SILENT: "3"}
    line.wait(26)
    assert line.find(call_id) is None


def test_transferred_party_hangs_up_before_the_aim_answers(line: Line) -> None:
    call_id = line.talk()
    line.act(call_id, "Transfer", sendCallTo=SECOND, transferFromNumber=SOURCE)
    line.desk.delete(f"@me/@self/{call_id}?phoneNumber={DESTINATION}")
    line.wait()
    assert line.find(call_id) is None


@pytest.mark.parametrize("query", ["", "?allowPublicTransfer=false"])
def test_call_to_a_public_number_is_not_transferred_unless_that_was_allowed(line: Line, query: str) -> None:
    call_id = line.talk(SOURCE, PUBLIC, query)
    for action in ("Transfer", "TransferToVoicemail"):
        message = line.refused(call_id, action, sendCallTo=SECOND, transferFromNumber=SOURCE)
        assert "allowPublicTransfer=false" in message


@pytest.mark.parametrize("query", ["", "?allowPublicTransfer=false", "?allowPublicTransfer=true"])
def test_call_between_extensions_is_transferred_in_any_case(line: Line, query: str) -> None:
    line.act(line.talk(query=query), "Transfer", sendCallTo=SECOND, transferFromNumber=SOURCE)


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"sendCallTo": None},
        {"sendCallTo": "0003*999"},
        {"sendCallTo": DESTINATION},
        {"sendCallTo": SECOND, "transferFromNumber": "5550100"},
        {"sendCallTo": SECOND, "transferNumber": COLLEAGUE},
        {"sendCallTo": SECOND, "transferFromNumber": SOURCE, "transferNumber": SOURCE},
        {"sendCallTo": SECOND, "phoneCallViewId": "07"},
    ],
)
def test_transfer_that_is_refused(line: Line, members: dict[str, object]) -> None:
    line.refused(line.talk(), "Transfer", **members)


@pytest.mark.parametrize("action", ["Transfer", "TransferToVoicemail"])
def test_states_that_do_not_allow_it(line: Line, action: str) -> None:
    call_id = line.dial(SOURCE, SILENT)
    line.wait()
    assert "has not been answered" in line.refused(call_id, action, sendCallTo=SECOND, transferFromNumber=SOURCE)
    assert "is parked" in line.refused(PARKED_CALL, action, sendCallTo=SECOND, transferFromNumber="0003*211")


@pytest.mark.parametrize(
    "members", [{}, {"transferNumber": DESTINATION}, {"transferFromNumber": SOURCE, "transferNumber": DESTINATION}]
)
def test_voicemail_answers_at_once(line: Line, members: dict[str, str]) -> None:
    call_id = line.talk()
    body = {"action": "TransferToVoicemail", "sendCallTo": SECOND, **members}
    response = line.desk.put(f"@me/{SOURCE}/{call_id}", body)
    assert response.status_code == 200
    assert line.states(call_id) == {DESTINATION: "5", SECOND: "5"}
    assert line.views(call_id)[DESTINATION]["source"] == [SECOND]


def test_own_voicemail(line: Line) -> None:
    call_id = line.talk()
    line.act(call_id, "TransferToVoicemail", sendCallTo=SOURCE, transferNumber=DESTINATION)
    assert line.states(call_id) == {SOURCE: "5", DESTINATION: "5"}


@pytest.mark.parametrize("number", [FOREIGN, "0003*999", PUBLIC, DESTINATION])
def test_voicemail_that_is_refused(line: Line, number: str) -> None:
    line.refused(line.talk(), "TransferToVoicemail", sendCallTo=number, transferFromNumber=SOURCE)


def test_call_of_three_parties(line: Line) -> None:
    """Who joined stays, and may be transferred, too."""
    call_id = line.talk()
    line.act(call_id, "BargeIn", SOURCE, sendCallTo=COLLEAGUE)
    line.wait()
    line.act(call_id, "Transfer", sendCallTo=SECOND, transferFromNumber=SOURCE, transferNumber=COLLEAGUE)
    line.wait()
    assert line.states(call_id) == {DESTINATION: "5", COLLEAGUE: "5", SECOND: "5"}
