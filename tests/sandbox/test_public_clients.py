"""The sandbox is used as the public clients of the service use a server: they ask for tokens, look and record."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest

from sandbox.desk import CREDENTIALS, EXPIRED, LOCAL_CALL, PAGE_CALL, USER
from sandbox.public_clients import usual

if TYPE_CHECKING:
    from sandbox.public_clients import ClientOfToday, Server

EXTENSION = "0003*210"
KEY, SECRET = CREDENTIALS["client_id"], CREDENTIALS["client_secret"]
FORM = {"Content-type": "application/x-www-form-urlencoded"}


def started(call: Any, view_id: str) -> bool:
    """Whether an answer to a PUT shows a view as recorded."""
    return any(view["id"] == view_id and "recording" in view for view in call["phoneCallView"])


# Requests for a token


def test_samples_put_the_whole_url_and_an_ampersand_in_front_of_everything(server: Server) -> None:
    """The Python sample sends the URL as request target; it and the Perl one encode nothing of their form."""
    form = (
        f"&client_id={KEY}&client_secret={SECRET}&grant_type=client_credentials&type=unifiedapi"
        f"&redirect_uri={server.origin}/ouath/token.php"
    )
    for target in (f"{server.origin}/oauth/token.php", "/oauth/token.php"):
        token = server.send("POST", target, FORM, form).json()
        assert token["token_type"] == "Bearer"
        assert server.send("GET", "/uapi/phoneCalls/@me/@self", usual(token["access_token"])).status == 200


def test_applications_send_a_state_and_no_type(server: Server) -> None:
    form = f"grant_type=client_credentials&redirect_uri=/request.php&client_id={KEY}&client_secret={SECRET}&state=0"
    token = server.send("POST", "/oauth/token.php", FORM, form).json()
    assert token["state"] == "0"
    assert server.send("GET", "/unifiedapi/phoneCalls/@me/@self", usual(token["access_token"])).status == 200


def test_client_of_today_keeps_the_token_in_a_file_of_its_own_form(server: Server) -> None:
    """It splits the file at colons, wants letters, digits and `_-.`, and renews five minutes before the end."""
    form = urlencode({**CREDENTIALS, "type": "unifiedapi", "redirect_uri": f"{server.origin}/ouath/token.php"})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "VoipNow Calls"}
    token = server.send("POST", "/oauth/token.php", headers, form).json()
    assert re.fullmatch(r"[A-Za-z0-9_.-]{10,}", token["access_token"])
    assert isinstance(token["expires_in"], int)
    assert token["expires_in"] > 300


def test_wrong_secret_is_told_in_the_way_of_oauth(server: Server) -> None:
    form = urlencode({**CREDENTIALS, "client_secret": "wrong-secret", "type": "unifiedapi"})
    answer = server.send("POST", "/oauth/token.php", FORM, form)
    assert answer.status >= 400
    assert answer.json()["error"] == "invalid_client"


def test_token_is_sent_in_the_query(server: Server) -> None:
    for token in (USER, f"Bearer%20{USER}"):
        answer = server.send("GET", f"/uapi/phoneCalls/@owner/{EXTENSION}?accessRequestToken={token}", {})
        assert answer.json()["totalResults"] > 0


# Lists


@pytest.mark.parametrize("extension", [EXTENSION, "210", "@self"])
def test_client_of_today_lists(client: ClientOfToday, extension: str) -> None:
    listed = client.list(extension).json()
    assert isinstance(listed["entry"], list)
    assert listed["totalResults"] == len(listed["entry"]) > 0
    assert client.list(extension, LOCAL_CALL).json()["entry"][0]["id"] == LOCAL_CALL


@pytest.mark.parametrize(
    "operation", ["contains", "equals", "greaterThan", "inArray", "lessThan", "present", "startsWith"]
)
@pytest.mark.parametrize(("member", "value"), [("id", LOCAL_CALL), ("published", "2012-06-27T16:08:50+02:00")])
def test_client_of_today_filters(client: ClientOfToday, operation: str, member: str, value: str) -> None:
    query = {"filterBy": member, "filterOp": operation, "filterValue": value, "sortOrder": "descending"}
    answer = client.list("@self", **query)
    assert answer.status in {200, 204}
    found = {call["id"] for call in answer.json()["entry"]} if answer.status == 200 else set()
    expected = {"id": LOCAL_CALL, "published": PAGE_CALL}[member]
    assert (expected in found) == (operation not in {"greaterThan", "lessThan"})


def test_client_of_today_sorts_pages_and_names_fields(client: ClientOfToday) -> None:
    ascending = [call["id"] for call in client.list("@self", sortOrder="ascending").json()["entry"]]
    descending = [call["id"] for call in client.list("@self", sortOrder="descending").json()["entry"]]
    assert ascending == descending[::-1]
    page = client.list("@self", count="1", startIndex="1", fields="id,published", sortOrder="ascending").json()
    assert [sorted(call) for call in page["entry"]] == [["id", "published"]]
    assert page["entry"][0]["id"] == ascending[1]
    assert client.list("@self", count="4999", startIndex="4999").status == 200


def test_client_of_today_reads_code_and_message_of_an_error(client: ClientOfToday) -> None:
    answers = [
        client.list("999"),
        client.list(EXTENSION, filterBy="published", filterOp="equals", filterValue="yesterday"),
        client.update(EXTENSION, "444444", action="StartRecording", phoneCallViewId="01", format="wav"),
        client.server.send(
            "GET", "/uapi/phoneCalls/@me/@self/", {**client.headers, "Authorization": f"Bearer {EXPIRED}"}
        ),
    ]
    codes = [(answer.status, answer.json()["error"]["code"]) for answer in answers]
    assert codes == [
        (400, "extension_invalid"),
        (400, "filtervalue_invalid"),
        (400, "pc_phonecall_invalid"),
        (401, "access_denied"),
    ]
    assert all(isinstance(answer.json()["error"]["message"], str) for answer in answers)


def test_pages_are_followed_by_their_urls(server: Server) -> None:
    """A third client takes `paging.next` for a whole URL, and asks for it with the token alone."""
    url, seen = f"{server.target['base_url']}/phoneCalls/@me/@self?count=2", []
    while url:
        page = server.follow(url, {"Authorization": f"Bearer {USER}"}).json()
        seen += [call["id"] for call in page["entry"]]
        url = page.get("paging", {}).get("next")
    assert len(seen) == len(set(seen)) == page["totalResults"]


# One phone call


def test_application_polls_the_self_link(server: Server) -> None:
    """The demonstration application asks for `links.self` until it is closed, and reads the status as a number."""
    call = server.send("GET", f"/unifiedapi/phoneCalls/@me/@self/{PAGE_CALL}", usual()).json()["entry"][0]
    polled = server.follow(call["links"]["self"], usual()).json()
    assert int(polled["entry"][0]["phoneCallView"][0]["status"]) == 5
    assert "error" not in polled


@pytest.mark.parametrize("path", [f"@owner/{EXTENSION}", "@owner/@self", "12/@self"])
def test_clients_poll_until_a_call_is_over(server: Server, path: str) -> None:
    """One stops at `totalResults` 0, quoted or not; another where there is no entry."""
    url = f"/uapi/phoneCalls/{path}/{LOCAL_CALL}"
    before = server.send("GET", url, usual()).json()
    assert (int(before["totalResults"]), len(before["entry"])) == (1, 1)
    server.control("DELETE", f"calls/{LOCAL_CALL}")
    after = server.send("GET", url, usual()).json()
    assert (int(after["totalResults"]), len(after["entry"])) == (0, 0)


# Recording


@pytest.mark.parametrize("prefix", ["/uapi", "/unifiedapi"])
@pytest.mark.parametrize("extension", ["@self", EXTENSION])
def test_samples_start_a_recording(server: Server, prefix: str, extension: str) -> None:
    body = json.dumps({"action": "StartRecording", "format": "wav", "phoneCallViewId": "01"})
    call = server.send("PUT", f"{prefix}/phoneCalls/@me/{extension}/{LOCAL_CALL}", usual(), body).json()
    assert started(call, "01")


def test_sample_that_does_not_verify_the_server(server: Server) -> None:
    body = json.dumps({"phoneCallViewId": "01", "format": "wav", "action": "StartRecording"})
    url = f"/uapi/phoneCalls/@me/{EXTENSION}/{LOCAL_CALL}"
    assert started(server.send("PUT", url, usual(), body, verify=False).json(), "01")


def test_path_is_sent_encoded(server: Server) -> None:
    path = quote(f"@me/{EXTENSION}/{LOCAL_CALL}")
    assert server.send("GET", f"/uapi/phoneCalls/{path}", usual()).json()["totalResults"] == 1


@pytest.mark.parametrize("form", ["wav", "wav49"])
def test_client_of_today_records_the_first_call_of_an_extension(client: ClientOfToday, form: str) -> None:
    """Its own live test: list, take the view of the extension, start, stop; any answer in JSON is a success."""
    call = client.list(EXTENSION).json()["entry"][0]
    view = next(view["id"] for view in call["phoneCallView"] if view["extension"] == EXTENSION)
    start = client.update(EXTENSION, call["id"], action="StartRecording", phoneCallViewId=view, format=form)
    assert started(start.json(), view)
    stop = client.update(EXTENSION, call["id"], action="StopRecording", phoneCallViewId=view)
    assert not started(stop.json(), view)
