"""Credentials: where a token may stand, and how a request without a good one is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.desk import ADMINISTRATOR, EXPIRED, LOCAL_CALL, START, STRANGER, USER

if TYPE_CHECKING:
    from sandbox.conftest import Clock
    from sandbox.desk import Desk

PATH = f"/uapi/phoneCalls/12/0003*210/{LOCAL_CALL}"
CHALLENGE = 'Bearer realm="uapi"'
INVALID = f'{CHALLENGE}, error="invalid_token"'


@pytest.mark.parametrize("header", [f"Bearer {USER}", f"bearer {USER}", f"BEARER {USER}", f"Bearer   {USER}"])
def test_token_in_the_header(desk: Desk, header: str) -> None:
    assert desk.send("GET", PATH, token=None, headers={"Authorization": header}).status_code == 200


@pytest.mark.parametrize("value", [USER, f"Bearer%20{USER}", f"Bearer+{USER}", f"bearer%20{USER}"])
def test_token_in_the_query(desk: Desk, value: str) -> None:
    assert desk.send("GET", f"{PATH}?accessRequestToken={value}", token=None).status_code == 200
    response = desk.send("PUT", f"{PATH}?accessRequestToken={value}", token=None, json=START)
    assert response.status_code == 200


def test_same_token_in_both_places(desk: Desk) -> None:
    assert desk.send("GET", f"{PATH}?accessRequestToken={USER}").status_code == 200


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", f"Basic {USER}", USER, f"Token {USER}", "Bearer \xfc"],
)
def test_request_without_a_token(desk: Desk, header: str | None) -> None:
    headers = {"Authorization": header.encode("latin-1")} if header is not None else {}
    for method in ("GET", "PUT"):
        response = desk.send(method, PATH, token=None, headers=headers, **({"json": START} if method == "PUT" else {}))
        message = desk.refused(response, 401, "access_denied")
        assert response.headers["www-authenticate"] == CHALLENGE
        assert "Authorization: Bearer" in message
    assert desk.recordings().keys() == {("d3a96c5e0f4b81729e4d", "00")}


@pytest.mark.parametrize("token", [EXPIRED, "unknown-token", "sandbox-user-12x", "SANDBOX-USER-12", "x" * 5000, "a b"])
def test_token_of_no_use(desk: Desk, token: str) -> None:
    for response in (
        desk.send("GET", PATH, token=token),
        desk.send("GET", "/uapi/phoneCalls/@me/@self", token=token),
        desk.send("PUT", PATH, token=token, json=START),
        desk.send("GET", PATH, token=None, params={"accessRequestToken": token}),
    ):
        desk.refused(response, 401, "access_denied")
        assert response.headers["www-authenticate"] == INVALID
        assert token not in response.text
    assert desk.recordings().keys() == {("d3a96c5e0f4b81729e4d", "00")}


def test_expired_token_says_so(desk: Desk) -> None:
    assert "expired" in desk.refused(desk.send("GET", PATH, token=EXPIRED), 401, "access_denied")


def test_token_comes_before_the_rest_of_the_request(desk: Desk) -> None:
    desk.refused(desk.send("PUT", "/uapi/phoneCalls/%20/-/-", token=None, json={"action": 1}), 401, "access_denied")
    desk.refused(desk.send("GET", "/uapi/phoneCalls/%20/-?count=x", token=EXPIRED), 401, "access_denied")


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ([f"Bearer {USER}"], ADMINISTRATOR),
        ([f"Bearer {USER}"], "unknown-token"),
        ([f"Bearer {USER}", f"Bearer {USER}"], None),
        ([f"Bearer {USER}", f"Bearer {ADMINISTRATOR}"], None),
        ([f"Basic {USER}", f"Bearer {USER}"], None),
        ([], f"{USER}&accessRequestToken={USER}"),
        ([], f"{STRANGER}&accessRequestToken={USER}"),
    ],
)
def test_credentials_that_contradict_each_other(desk: Desk, headers: list[str], query: str | None) -> None:
    url = PATH + (f"?accessRequestToken={query}" if query else "")
    response = desk.client.request("GET", url, headers=[("Authorization", header) for header in headers])
    desk.refused(response, 401, "access_denied")


def test_account_without_the_right_is_challenged_without_an_invalid_token(desk: Desk) -> None:
    response = desk.send("GET", "/uapi/phoneCalls/33/@self")
    desk.refused(response, 401, "access_denied")
    assert response.headers["www-authenticate"] == CHALLENGE


def test_token_expires_by_the_clock(desk: Desk, clock: Clock) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": "sandbox-app-user-12",
        "client_secret": "sandbox-secret-user-12",
    }
    token = desk.client.post("/oauth/token.php", data=form).json()["access_token"]
    clock.advance(3599)
    assert desk.send("GET", PATH, token=token).status_code == 200
    clock.advance(1)
    desk.refused(desk.send("GET", PATH, token=token), 401, "access_denied")
    assert desk.send("GET", PATH).status_code == 200
