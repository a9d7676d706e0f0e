"""The sandbox is used as the public clients of the service use a server: they place calls, poll them and hang up."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.desk import USER
from sandbox.public_clients import usual

if TYPE_CHECKING:
    from sandbox.public_clients import Answer, ClientOfToday, Server

EXTENSION, SECOND, SILENT = "0003*214", "0003*215", "0003*217"
CALLBACK, CONFERENCE = "0003*218", "0003*219"
PUBLIC, OTHER, UNANSWERED = "5550190", "3235742879", "5550192"
CALLER = "John Doe <4242425>"


def order(source: object, destination: object, extension: str = EXTENSION, **view: object) -> dict[str, Any]:
    return {"extension": extension, "phoneCallView": [{"source": source, "destination": destination, **view}]}


def first(answer: Answer) -> dict[str, Any]:
    """Return the first element of the array that a request to place a call is answered with."""
    call = answer.done()[0]
    assert isinstance(call, dict)
    return call


# Simple calls


@pytest.mark.parametrize("extension", [EXTENSION, "214"])
@pytest.mark.parametrize("source", [EXTENSION, "5354353"])
@pytest.mark.parametrize("destination", [SECOND, OTHER])
def test_samples_name_source_and_destination_without_brackets(
    server: Server, extension: str, source: str, destination: str
) -> None:
    placed = server.sample("POST", "/uapi/phoneCalls/@me/simple", order(source, destination, extension))
    call_id = first(placed)["id"]
    server.wait(10)
    assert server.on_call(call_id) == {EXTENSION} | ({destination} - {OTHER})


def test_sample_that_does_not_verify_the_server_places_a_call(server: Server) -> None:
    """The Perl samples look at no certificate; the one that is named after parking places a call, too."""
    placed = server.sample("POST", "/uapi/phoneCalls/@me/simple", order(PUBLIC, OTHER), verify=False)
    assert server.find(first(placed)["id"])


def test_example_of_the_page_has_two_sources_and_a_space_in_the_caller_id(server: Server) -> None:
    body = order(["5354353", "5302040"], ["5353535"], "210", callerId=CALLER)
    call = first(server.sample("POST", "/uapi/phoneCalls/@me/simple", body))
    assert (call["extension"], call["phoneCallView"][0]["callerId"]) == ("0003*210", CALLER)


@pytest.mark.parametrize("mark", ["", "?"])
def test_application_calls_a_visitor_and_polls_the_self_link(server: Server, mark: str) -> None:
    """It sends its source in an array, and its destination without; it may put a question mark after the link."""
    placed = server.sample("POST", "/unifiedapi/phoneCalls/@me/simple", order([EXTENSION], UNANSWERED))
    link = first(placed)["links"]["self"]
    server.wait(10)
    polled = server.follow(f"{link}{mark}", usual()).json()
    assert "error" not in polled
    assert int(polled["entry"][0]["phoneCallView"][0]["status"]) == 4


@pytest.mark.parametrize(("told", "status"), [("true", 200), ("false", 400)])
def test_client_of_another_maker_places_a_call_as_owner(server: Server, told: str, status: int) -> None:
    """It takes the brackets off the answer, and reads what is left as an object."""
    body = order([EXTENSION], PUBLIC)
    placed = server.sample("POST", f"/uapi/phoneCalls/@owner/simple?allowPublicTransfer={told}", body)
    text = placed.content.decode().strip()
    assert (text[0], text[-1]) == ("[", "]")
    call_id = json.loads(text[1:-1])["id"]
    server.wait(10)
    view = server.views(call_id)[EXTENSION]["id"]
    transfer = {"action": "Transfer", "sendCallTo": OTHER, "phoneCallViewId": view}
    assert server.sample("PUT", f"/uapi/phoneCalls/@owner/@self/{call_id}", transfer).status == status


def test_client_of_another_maker_polls_until_the_call_that_it_placed_is_over(server: Server) -> None:
    call_id = first(server.sample("POST", "/uapi/phoneCalls/@owner/simple", order(EXTENSION, PUBLIC)))["id"]
    place = f"/uapi/phoneCalls/@owner/{EXTENSION}/{call_id}"
    server.wait(10)
    before = server.sample("GET", place).done()
    assert (int(before["totalResults"]), int(before["entry"][0]["phoneCallView"][0]["status"])) == (1, 5)
    assert server.sample("DELETE", place).status == 200
    after = server.sample("GET", place).done()
    assert (int(after["totalResults"]), after["entry"]) == (0, [])


def test_client_of_today_places_a_call(server: Server, client: ClientOfToday) -> None:
    """All its query is text; its nonce is base64 for URLs without padding."""
    nonce = base64.urlsafe_b64encode(b"1234567>>??").decode().rstrip("=")
    view: dict[str, object] = {"source": [EXTENSION], "destination": [SECOND], "callerId": CALLER}
    view["callerDestination"] = "Jane Roe <+4242426>"
    query = {"waitForPickup": "20", "callDuration": "60", "allowPublicTransfer": "true", "video": "true"}
    call = first(client.create("simple", view, {"extension": EXTENSION, "nonce": nonce}, **query))
    assert call["nonce"] == nonce
    assert nonce in [each.get("nonce") for each in client.list("@self").done()["entry"]]
    server.wait(10)
    views = server.views(call["id"])
    assert (views[EXTENSION]["callerId"], views[SECOND]["callerId"]) == (CALLER, "Jane Roe <+4242426>")
    server.wait(60)
    assert server.find(call["id"]) is None


def test_client_of_today_is_not_told_an_extension(client: ClientOfToday) -> None:
    call = first(client.create("simple", {"source": [EXTENSION], "destination": [PUBLIC]}, {"nonce": "MTIz"}))
    assert call["extension"] == EXTENSION


def test_client_of_today_reads_why_a_call_is_not_placed(client: ClientOfToday) -> None:
    answer = client.create("simple", {"source": [EXTENSION], "destination": [PUBLIC]}, {"extension": "0003*999"})
    error = answer.json()["error"]
    assert (answer.status, error["code"]) == (400, "extension_invalid")
    assert "0003*999" in error["message"]


# Callbacks and conferences


def test_client_of_today_has_a_public_number_called_back(server: Server, client: ClientOfToday) -> None:
    view: dict[str, object] = {"source": ["3334444"], "destination": [OTHER], "callerId": CALLER}
    query = {"waitForPickup": "20", "callDuration": "60"}
    call = first(client.create("callback", view, {"extension": CALLBACK, "nonce": "MTIz"}, **query))
    assert (call["extension"], call["nonce"]) == (CALLBACK, "MTIz")
    server.wait(10)
    assert server.on_call(call["id"]) == {CALLBACK}


def test_application_invites_a_group_to_a_conference(server: Server) -> None:
    """One request for each number of the group; what has no `error` went well."""
    for number in (SECOND, PUBLIC):
        body = order([CONFERENCE], [number], CONFERENCE)
        call = first(server.sample("POST", "/unifiedapi/phoneCalls/@me/conferenceInvite", body))
        server.wait(10)
        assert server.on_call(call["id"]) == {CONFERENCE, number} - {PUBLIC}


def test_client_of_today_invites_to_a_scheduled_conference(server: Server, client: ClientOfToday) -> None:
    view: dict[str, object] = {"source": ["219"], "destination": [OTHER], "callerId": CALLER}
    query = {"waitForPickup": "20", "number": "3", "pin": "2233"}
    call = first(client.create("conferenceInvite", view, {"extension": "219"}, **query))
    server.wait(10)
    assert server.on_call(call["id"]) == {CONFERENCE}


# Hanging up


@pytest.fixture
def call_id(server: Server) -> str:
    """Return the id of a call between two extensions that goes on."""
    placed = first(server.sample("POST", "/uapi/phoneCalls/@me/simple", order(EXTENSION, SECOND)))
    server.wait(10)
    return str(placed["id"])


@pytest.mark.parametrize("query", [{}, {"phoneNumber": "215"}])
def test_client_of_today_hangs_up_a_call(
    server: Server, client: ClientOfToday, call_id: str, query: dict[str, str]
) -> None:
    ended = client.hang_up(EXTENSION, call_id, **query).done()
    assert [call["id"] for call in ended] == [call_id]
    assert server.find(call_id) is None


def test_client_of_today_hangs_up_what_an_extension_has(server: Server, client: ClientOfToday, call_id: str) -> None:
    other = first(client.create("simple", {"source": [EXTENSION], "destination": [PUBLIC]}, {}))["id"]
    assert {call["id"] for call in client.hang_up("214").done()} == {call_id, other}
    assert (server.find(call_id), server.find(other)) == (None, None)


def test_example_of_the_page_names_a_number_that_is_none_of_the_call(server: Server, call_id: str) -> None:
    answer = server.sample("DELETE", f"/uapi/phoneCalls/@me/{EXTENSION}/{call_id}?phoneNumber=8887777")
    assert (answer.status, answer.content) == (204, b"")
    assert server.on_call(call_id) == {EXTENSION, SECOND}


def test_token_of_a_request_that_acts_is_sent_in_the_query(server: Server, call_id: str) -> None:
    target = f"/uapi/phoneCalls/@me/@self/{call_id}?accessRequestToken=Bearer%20{USER}"
    assert server.send("DELETE", target, {}).done()[0]["id"] == call_id
