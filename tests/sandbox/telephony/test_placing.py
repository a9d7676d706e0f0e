"""Phone calls are placed: who is called, who is charged, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.desk import ADMINISTRATOR, ORGANIZATION, OWN_CALLS, STRANGER
from sandbox.telephony.conftest import (
    CALLBACK,
    COLLEAGUE,
    CONFERENCE,
    DESTINATION,
    FOREIGN,
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

NOW = "2026-07-01T12:30:15+00:00"


def body(extension: str | None = SOURCE, **view: Any) -> dict[str, Any]:
    told = {"source": [SOURCE], "destination": [DESTINATION], **view}
    return {"phoneCallView": [told], **({"extension": extension} if extension else {})}


def test_simple_call_rings_at_its_source(desk: Desk) -> None:
    response = desk.post("@me/simple", {**body(callerId="Bob <42>"), "nonce": "n-1"})
    assert response.status_code == 200
    [call] = response.json()
    assert (call["extension"], call["ownerId"], call["nonce"], call["published"]) == (SOURCE, "3", "n-1", NOW)
    assert "answered" not in call
    [view] = call["phoneCallView"]
    assert view == {
        "id": "00",
        "extension": SOURCE,
        "source": [SOURCE],
        "destination": [DESTINATION],
        "callerId": "Bob <42>",
        "flow": 2,
        "status": "3",
        "ringing": NOW,
    }
    assert desk.entries(f"12/{SOURCE}") == [call]
    assert desk.entries(call["links"]["self"].partition("/phoneCalls/")[2]) == [call]


def test_simple_call_is_answered_by_one_after_the_other(line: Line) -> None:
    call_id = line.dial(DESTINATION, SLOW)
    line.wait(1)
    view = line.views(call_id)[DESTINATION]
    assert (view["status"], view["answered"], view["flow"]) == ("4", "2026-07-01T12:30:15+00:00", 4)
    assert "answered" not in line.call(call_id)
    line.wait(5)
    assert line.states(call_id) == {DESTINATION: "5"}
    assert line.call(call_id)["answered"] == "2026-07-01T12:30:20+00:00"


def test_destination_has_a_view_from_when_it_rings(line: Line) -> None:
    call_id = line.dial(SOURCE, SILENT, view={"callerId": "A <1>", "callerDestination": "B <2>"})
    assert line.states(call_id) == {SOURCE: "3"}
    line.wait(1)
    assert line.states(call_id) == {SOURCE: "4", SILENT: "3"}
    view = line.views(call_id)[SILENT]
    assert (view["callerId"], view["source"], view["destination"]) == ("B <2>", [SOURCE], [SILENT])
    assert view["ringing"] == "2026-07-01T12:30:15+00:00"
    assert "answered" not in view
    assert line.desk.ids(f"12/{SILENT}") == [call_id]


def test_call_between_two_extensions_is_answered(line: Line) -> None:
    call_id = line.talk()
    assert line.states(call_id) == {SOURCE: "5", DESTINATION: "5"}
    assert all("answered" in view and "ringing" not in view for view in line.views(call_id).values())
    assert set(line.desk.ids("12/@self")) == {*OWN_CALLS, call_id}


def test_call_to_another_user_is_in_the_lists_of_both(line: Line) -> None:
    call_id = line.talk(SOURCE, COLLEAGUE)
    assert call_id in line.desk.ids("33/@self", token=STRANGER)
    assert call_id in line.desk.ids(f"33/{COLLEAGUE}", token=STRANGER)


def test_moment_of_looking_does_not_matter(line: Line) -> None:
    watched, unwatched = line.dial(SOURCE, SLOW), line.dial(SECOND, SLOW)
    for _ in range(55):
        line.wait(0.1)
        line.call(watched)
    line.wait(60)
    both = [line.call(call_id) for call_id in (watched, unwatched)]
    assert [call["answered"] for call in both] == ["2026-07-01T12:30:20+00:00"] * 2


@pytest.mark.parametrize("source", [SOURCE, [SOURCE], "214", ["214"]])
@pytest.mark.parametrize("destination", [DESTINATION, "215", [DESTINATION]])
def test_forms_of_numbers(line: Line, source: object, destination: object) -> None:
    call_id = line.talk(source, destination)
    assert line.states(call_id) == {SOURCE: "5", DESTINATION: "5"}
    for view in line.views(call_id).values():
        assert (view["source"], view["destination"]) == ([SOURCE], [DESTINATION])


def test_first_source_that_answers_is_connected(line: Line) -> None:
    call_id = line.dial([SILENT, SLOW, SOURCE], UNANSWERED)
    assert line.states(call_id) == {SILENT: "3", SOURCE: "3"}
    line.wait(1)
    assert line.states(call_id) == {SOURCE: "4"}
    assert line.views(call_id)[SOURCE]["source"] == [SOURCE]
    assert line.desk.ids(f"12/{SILENT}") == []


def test_public_source_that_answers_first_leaves_the_view_of_the_extension_that_is_charged(line: Line) -> None:
    call_id = line.talk([SILENT, PUBLIC], SLOW)
    assert line.states(call_id) == {SOURCE: "5"}
    assert line.views(call_id)[SOURCE]["source"] == [PUBLIC]


def test_call_between_public_numbers_has_the_view_of_the_extension_that_is_charged(line: Line) -> None:
    call_id = line.dial("5354353", ["5353535"])
    assert line.states(call_id) == {SOURCE: "2"}
    line.wait()
    assert line.states(call_id) == {SOURCE: "5"}
    view = line.views(call_id)[SOURCE]
    assert (view["source"], view["destination"], view["flow"]) == (["5354353"], ["5353535"], 4)


def test_call_from_outside_to_an_extension(line: Line) -> None:
    call_id = line.talk(PUBLIC, DESTINATION)
    assert line.views(call_id)[DESTINATION]["flow"] == 8


@pytest.mark.parametrize("user", ["@me", "@viewer", "@owner", "12"])
def test_users_of_a_path(desk: Desk, user: str) -> None:
    assert desk.post(f"{user}/simple", body()).status_code == 200


@pytest.mark.parametrize("token", [ORGANIZATION, ADMINISTRATOR])
def test_call_on_behalf_of_a_user(desk: Desk, token: str) -> None:
    [call] = desk.post("12/simple", body(), token=token).json()
    assert desk.ids(f"12/{SOURCE}") == [call["id"]]
    assert desk.post("@owner/simple", body(), token=token).status_code == 200


def test_without_an_extension_a_source_of_the_user_is_charged(desk: Desk) -> None:
    [call] = desk.post("@me/simple", body(None, source=[COLLEAGUE, DESTINATION], destination=PUBLIC)).json()
    assert call["extension"] == DESTINATION
    [call] = desk.post("@me/simple", body(None, source=["5354353"], destination=PUBLIC)).json()
    assert call["extension"] == "0003*210"


def test_fields_of_a_call_that_is_placed(desk: Desk) -> None:
    [call] = desk.post("@me/simple?fields=id,extension", body()).json()
    assert call.keys() == {"id", "extension"}
    assert call["id"] in desk.ids("@me/@self")


@pytest.mark.parametrize("query", ["video=true", "video=false&allowPublicTransfer=false", "allowPublicTransfer=true"])
def test_switches(desk: Desk, query: str) -> None:
    assert desk.post(f"@me/simple?{query}", body()).status_code == 200


@pytest.mark.parametrize(
    ("path", "order", "code"),
    [
        ("@me/simple", body("0003*999"), "extension_invalid"),
        ("@me/simple", body(COLLEAGUE), "extension_invalid"),
        ("@me/simple", body(FOREIGN), "extension_invalid"),
        ("@me/simple", body(CALLBACK), "extension_invalid"),
        ("@me/simple", body("@self"), "request_malformed"),
        ("@owner/simple", body(None), "user_invalid"),
        ("99/simple", body(), "user_invalid"),
        ("@me/simple", body(source="0003*999"), "request_malformed"),
        ("@me/simple", body(destination=["0009*1"]), "request_malformed"),
        ("@me/simple", body(source="0003*215"), "request_malformed"),
        ("@me/simple", body(source=[]), "request_malformed"),
        ("@me/simple", {"extension": SOURCE}, "request_malformed"),
        ("@me/simple", {"extension": SOURCE, "phoneCallView": []}, "request_malformed"),
        ("@me/simple", [], "request_malformed"),
        ("@me/simple?waitForPickup=x", body(), "request_malformed"),
        ("@me/simple?callDuration=0", body(), "request_malformed"),
        ("@me/callback", body(None, source=PUBLIC, destination=SLOW), "request_malformed"),
        ("@me/callback", body(SOURCE, source=PUBLIC, destination=SLOW), "extension_invalid"),
        ("@me/callback", body("@self", source=PUBLIC, destination=SLOW), "request_malformed"),
        ("@me/callback", body(CALLBACK, source=SOURCE, destination=SLOW), "request_malformed"),
        ("@me/callback", body(CALLBACK, source=PUBLIC, destination=SECOND), "request_malformed"),
        ("@me/conferenceInvite", body(None, source=CONFERENCE), "request_malformed"),
        ("@me/conferenceInvite", body(SOURCE, source=CONFERENCE), "extension_invalid"),
        ("@me/conferenceInvite", body(CONFERENCE), "request_malformed"),
        ("@me/conferenceInvite?number=4&pin=2233", body(CONFERENCE, source=CONFERENCE), "request_malformed"),
        ("@me/conferenceInvite?number=3&pin=2234", body(CONFERENCE, source=CONFERENCE), "request_malformed"),
        ("@me/conferenceInvite?number=3", body(CONFERENCE, source=CONFERENCE), "request_malformed"),
    ],
)
def test_what_is_refused_places_no_call(desk: Desk, path: str, order: object, code: str) -> None:
    desk.refused(desk.post(path, order), 400, code)
    assert set(desk.ids("@me/@self")) == OWN_CALLS


def test_user_out_of_reach(desk: Desk) -> None:
    desk.refused(desk.post("33/simple", body(COLLEAGUE)), 401, "access_denied")
    desk.refused(desk.post("12/simple", body(), token=STRANGER), 401, "access_denied")
    assert set(desk.ids("@me/@self")) == OWN_CALLS
    assert len(desk.ids("33/@self", token=STRANGER)) == 1


def test_callback(line: Line) -> None:
    order = {**body(CALLBACK, source=["3334444"], destination=SLOW, callerId="John Doe <4242425>"), "nonce": "n-2"}
    [call] = line.desk.post("@me/callback", order).json()
    assert (call["extension"], call["nonce"]) == (CALLBACK, "n-2")
    assert line.states(call["id"]) == {CALLBACK: "2"}
    line.wait(1)
    assert line.states(call["id"]) == {CALLBACK: "4"}
    line.wait(5)
    view = line.views(call["id"])[CALLBACK]
    assert (view["status"], view["source"], view["destination"]) == ("5", ["3334444"], [SLOW])


@pytest.mark.parametrize("query", ["", "?number=3&pin=2233", "?pin=1"])
def test_conference_invitation(line: Line, query: str) -> None:
    order = body("219", source=["219"], destination=["3235742879"], callerId="John Doe <4242425>")
    [call] = line.desk.post(f"@me/conferenceInvite{query}", order).json()
    assert line.states(call["id"]) == {CONFERENCE: "4"}
    line.wait()
    assert line.states(call["id"]) == {CONFERENCE: "5"}
    assert line.desk.ids(f"12/{CONFERENCE}") == [call["id"]]


def test_extension_is_invited_to_a_conference(line: Line) -> None:
    [call] = line.desk.post("@me/conferenceInvite", body(CONFERENCE, source=CONFERENCE)).json()
    assert line.states(call["id"]) == {CONFERENCE: "4", DESTINATION: "3"}
    line.wait()
    assert line.states(call["id"]) == {CONFERENCE: "5", DESTINATION: "5"}
