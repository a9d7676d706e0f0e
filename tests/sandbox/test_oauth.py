"""The token endpoint: client credentials, refresh tokens, and the errors of OAuth 2.0."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.desk import CREDENTIALS
from uapi.sandbox.oauth import LIFETIME

if TYPE_CHECKING:
    from httpx2 import Response

    from sandbox.conftest import Clock
    from sandbox.desk import Desk

URL = "/oauth/token.php"
APP = {name: value for name, value in CREDENTIALS.items() if name != "grant_type"}


def ask(desk: Desk, form: dict[str, Any], **options: Any) -> Response:
    response = desk.client.post(URL, data=form, **options)
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    return response


def refused(response: Response, status: int, error: str) -> None:
    body = response.json()
    assert (response.status_code, body["error"]) == (status, error)
    assert set(body) == {"error", "error_description"}
    assert "secret-user" not in response.text
    assert ("www-authenticate" in response.headers) == (status == 401)


def served(desk: Desk, token: str) -> bool:
    return desk.get("@me/@self", token=token).status_code == 200


def test_client_credentials(desk: Desk) -> None:
    answer = ask(desk, {**CREDENTIALS, "type": "unifiedapi", "redirect_uri": "https://app.example/", "state": "xyz"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["state"]) == ("Bearer", LIFETIME, "xyz")
    assert set(body) == {"access_token", "token_type", "expires_in", "refresh_token", "state"}
    assert served(desk, body["access_token"])
    assert not served(desk, body["refresh_token"])


def test_what_may_be_left_out(desk: Desk) -> None:
    assert set(ask(desk, CREDENTIALS).json()) == {"access_token", "token_type", "expires_in", "refresh_token"}


def test_app_may_identify_itself_by_http_basic(desk: Desk) -> None:
    encoded = b64encode(f"{APP['client_id']}:{APP['client_secret']}".encode()).decode()
    headers = {"Authorization": f"Basic {encoded}"}
    answer = ask(desk, {"grant_type": "client_credentials"}, headers=headers)
    assert served(desk, answer.json()["access_token"])
    refused(ask(desk, CREDENTIALS, headers=headers), 400, "invalid_request")


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !", "Basic " + b64encode(b"\xff:x").decode(), "Bearer sandbox-user-12", "Basic Og=="]
)
def test_header_that_is_no_http_basic(desk: Desk, header: str) -> None:
    answer = ask(desk, {"grant_type": "client_credentials"}, headers={"Authorization": header})
    refused(answer, 401, "invalid_client")


def test_token_is_that_of_the_app(desk: Desk) -> None:
    app = {"client_id": "sandbox-app-organization-3", "client_secret": "sandbox-secret-organization-3"}
    token = ask(desk, {"grant_type": "client_credentials", **app}).json()["access_token"]
    assert desk.get("33/@self", token=token).status_code == 200
    assert desk.get("44/@self", token=token).status_code == 401


def test_refresh_token_is_good_once(desk: Desk, clock: Clock) -> None:
    first = ask(desk, CREDENTIALS).json()
    clock.advance(LIFETIME + 1)
    assert not served(desk, first["access_token"])
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], **APP}
    second = ask(desk, form).json()
    assert served(desk, second["access_token"])
    refused(ask(desk, form), 400, "invalid_grant")
    assert served(desk, ask(desk, {**form, "refresh_token": second["refresh_token"]}).json()["access_token"])


def test_refresh_token_of_another_app(desk: Desk) -> None:
    refresh = ask(desk, CREDENTIALS).json()["refresh_token"]
    other = {"client_id": "sandbox-app-user-33", "client_secret": "sandbox-secret-user-33"}
    refused(ask(desk, {"grant_type": "refresh_token", "refresh_token": refresh, **other}), 400, "invalid_grant")


@pytest.mark.parametrize("token", [None, "", "unknown", "sandbox-user-12"])
def test_refresh_token_that_is_none(desk: Desk, token: str | None) -> None:
    form = {"grant_type": "refresh_token", **APP} | ({} if token is None else {"refresh_token": token})
    refused(ask(desk, form), 400, "invalid_grant")


@pytest.mark.parametrize("wrong", [{"client_secret": "wrong"}, {"client_id": "wrong"}, {"client_secret": ""}])
def test_wrong_client(desk: Desk, wrong: dict[str, str]) -> None:
    refused(ask(desk, {**CREDENTIALS, **wrong}), 401, "invalid_client")


@pytest.mark.parametrize("missing", ["client_id", "client_secret"])
def test_missing_client(desk: Desk, missing: str) -> None:
    refused(ask(desk, {name: value for name, value in CREDENTIALS.items() if name != missing}), 401, "invalid_client")


@pytest.mark.parametrize("grant", ["authorization_code", "password", "CLIENT_CREDENTIALS", ""])
def test_unsupported_grant(desk: Desk, grant: str) -> None:
    refused(ask(desk, {**APP, "grant_type": grant}), 400, "unsupported_grant_type")


def test_missing_grant(desk: Desk) -> None:
    refused(ask(desk, APP), 400, "invalid_request")


def test_other_api(desk: Desk) -> None:
    refused(ask(desk, {**CREDENTIALS, "type": "systemapi"}), 400, "invalid_request")


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"grant_type=client_credentials&grant_type=refresh_token", "application/x-www-form-urlencoded"),
        (b"grant_type=%FF", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % number for number in range(40)), "application/x-www-form-urlencoded"),
        (b'{"grant_type": "client_credentials"}', "application/json"),
        (b"grant_type=client_credentials", None),
    ],
)
def test_body_that_is_no_form(desk: Desk, content: bytes, media: str | None) -> None:
    response = desk.client.post(URL, content=content, headers={"Content-Type": media} if media else {})
    refused(response, 400, "invalid_request")


def test_media_type_may_have_parameters(desk: Desk) -> None:
    media = "Application/X-WWW-Form-Urlencoded; charset=UTF-8"
    content = "&".join(f"{name}={value}" for name, value in CREDENTIALS.items())
    assert desk.client.post(URL, content=content, headers={"Content-Type": media}).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods(desk: Desk, method: str) -> None:
    response = desk.send(method, URL, token=None)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
