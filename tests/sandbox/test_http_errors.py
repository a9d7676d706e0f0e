"""Whatever goes wrong, and wherever: the status, the documented body, no trace, no token."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from sandbox.desk import ADMINISTRATOR, LOCAL_CALL, START, USER, Desk
from uapi.sandbox.app import create_sandbox
from uapi.sandbox.authorize import Authorize
from uapi.sandbox.middleware import BODY_LIMIT
from uapi.sandbox.service import PhoneCalls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from uapi.sandbox.store import Store
    from uapi.sandbox.world import World

LIST, ONE = "/uapi/phoneCalls/12/0003*210", f"/uapi/phoneCalls/12/0003*210/{LOCAL_CALL}"
BODY = json.dumps(START)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/uapi",
        "/uapi/",
        "/nothing",
        "/uapi/phoneCall/12/0003*210/1",
        "/uapi/PhoneCalls/12/0003*210",
        "/uapi/phoneCalls/12",
        "/uapi/phoneCalls/12/0003*210/1/2",
        "/uapi/phoneCalls//0003*210",
        "/uapi/phoneCalls/12/0003*210//",
        "//uapi/phoneCalls/12/0003*210",
        "/control",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/oauth/authorize.php",
        "/%00",
        "/%FF%FE",
        "/..%2F..%2Fetc%2Fpasswd",
    ],
)
@pytest.mark.parametrize("token", [USER, None])
def test_unknown_path(desk: Desk, path: str, token: str | None) -> None:
    desk.refused(desk.send("GET", path, token=token), 404, "not_found")


def test_encoded_slash_is_a_part_of_its_segment(desk: Desk) -> None:
    desk.refused(desk.send("GET", f"{LIST}%2F"), 400, "extension_invalid")
    desk.refused(desk.send("GET", f"{LIST}%2F{LOCAL_CALL}"), 400, "extension_invalid")
    desk.refused(desk.send("GET", "/uapi/phoneCalls%2F12/@self"), 404, "not_found")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PATCH", "BREW"])
@pytest.mark.parametrize(
    ("path", "allow"),
    [
        (LIST, "GET, DELETE"),
        ("/uapi/phoneCalls/%40me/%2A", "GET, DELETE"),
        (ONE, "GET, PUT, DELETE"),
        (f"{ONE}/", "GET, PUT, DELETE"),
        ("/uapi/phoneCalls/@me/simple", "POST"),
        ("/uapi/phoneCalls/%40me/callback/", "POST"),
        ("/uapi/phoneCalls/@me/conferenceInvite", "POST"),
    ],
)
def test_unknown_method(desk: Desk, method: str, path: str, allow: str) -> None:
    response = desk.send(method, path)
    assert response.status_code == 405
    assert response.headers["allow"] == allow
    if method != "HEAD":
        assert response.json()["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", LIST, "GET, DELETE"),
        ("POST", LIST, "GET, DELETE"),
        ("POST", ONE, "GET, PUT, DELETE"),
        ("GET", "/uapi/phoneCalls/@me/simple", "POST"),
        ("DELETE", "/uapi/phoneCalls/@me/callback", "POST"),
        ("PUT", "/uapi/phoneCalls/@me/conferenceInvite", "POST"),
    ],
)
def test_method_of_another_path(desk: Desk, method: str, path: str, allow: str) -> None:
    response = desk.send(method, path, json=START)
    desk.refused(response, 405, "method_not_allowed")
    assert response.headers["allow"] == allow


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"{",
        b"nonsense",
        b"[]",
        b"[" + BODY.encode() + b"]",
        b"null",
        b"true",
        b"1",
        b'"StartRecording"',
        BODY.encode() + b"}",
        BODY.encode() + BODY.encode(),
        BODY.replace('"', "'").encode(),
        BODY[:-1].encode() + b",}",
        b'{"action":"StartRecording","phoneCallViewId":"01","x":NaN}',
        b'{"action":"StartRecording","phoneCallViewId":"01","x":-Infinity}',
        b'{"action":"StartRecording","phoneCallViewId":"01","x":' + b"9" * 5000 + b"}",
        b'{"action":"StartRecording","phoneCallViewId":"01","x":01}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b"[" * 30_000 + b"]" * 30_000,
        BODY.encode("utf-16"),
        BODY.encode("utf-32"),
        BODY.replace("01", "ü").encode("latin-1"),
        b"\xff\xfe\x00",
        b"\x00" * 100,
        BODY.replace("}", ',"x":"\x01"}').encode(),
    ],
    ids=lambda content: repr(content[:24]),
)
def test_body_that_is_no_json_object(desk: Desk, content: bytes) -> None:
    message = desk.refused(desk.put_text(content), 400, "request_malformed")
    assert message.isascii()
    assert message.isprintable()
    assert not desk.views(LOCAL_CALL)["01"].get("recording")


@pytest.mark.parametrize(
    "media",
    [
        None,
        "",
        " ",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/vnd.api+json",
        "application/jsonx",
        "application/json, text/plain",
        "json",
        "*/*",
        "application/*",
        "text/plain; application/json",
        "\xff",
        "x" * 4000,
    ],
)
def test_body_that_is_not_declared_as_json(desk: Desk, media: str | None) -> None:
    declared = media.encode("latin-1") if media is not None else None
    response = desk.put_text(BODY, declared)
    message = desk.refused(response, 415, "media_type_unsupported")
    assert message.isascii()
    assert len(message) < 300
    assert not desk.views(LOCAL_CALL)["01"].get("recording")


@pytest.mark.parametrize(
    "media",
    [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON;Charset=UTF-8",
        'application/json; a="b;c"',
    ],
)
def test_body_that_is_declared_as_json(desk: Desk, media: str) -> None:
    assert desk.put_text(BODY, media).status_code == 200


def test_empty_body_without_a_media_type_is_malformed(desk: Desk) -> None:
    assert "missing" in desk.refused(desk.put_text(b"", None), 400, "request_malformed")


def test_body_of_a_get_is_not_looked_at(desk: Desk) -> None:
    assert desk.send("GET", ONE, content=b"{nonsense", headers={"Content-Type": "text/plain"}).status_code == 200


def padded(size: int) -> bytes:
    return BODY.replace("}", ',"x":"' + "x" * (size - len(BODY) - 7) + '"}').encode()


def test_body_of_the_greatest_size_is_taken(desk: Desk) -> None:
    assert len(padded(BODY_LIMIT)) == BODY_LIMIT
    assert desk.put_text(padded(BODY_LIMIT)).status_code == 200


@pytest.mark.parametrize("size", [BODY_LIMIT + 1, 10_000_000])
def test_body_that_is_too_large(desk: Desk, size: int) -> None:
    desk.refused(desk.put_text(padded(size)), 413, "content_too_large")
    desk.refused(desk.send("POST", "/oauth/token.php", content=b"x" * size, token=None), 413, "content_too_large")


@pytest.mark.parametrize("path", [ONE, "/oauth/token.php", "/control/calls"])
def test_body_that_is_too_large_is_not_read_to_its_end(desk: Desk, path: str) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 100 * BODY_LIMIT:
            sent += 4096
            yield b"x" * 4096

    method = "PUT" if path == ONE else "POST"
    headers = {"Content-Type": "application/json"}
    desk.refused(desk.send(method, path, content=endless(), headers=headers), 413, "content_too_large")


# Messages


def test_message_has_no_token_wherever_the_client_put_it(desk: Desk) -> None:
    for response in (
        desk.put_text(json.dumps({**START, "phoneCallViewId": f"x {USER}"})),
        desk.put_text(json.dumps({**START, "format": USER})),
        desk.put_text(json.dumps({**START, "action": USER})),
        desk.put_text(json.dumps({**START, "phoneCallViewId": USER})),
        desk.send("GET", f"/uapi/phoneCalls/{USER}/@self"),
        desk.send("GET", f"{LIST}?filterBy=published&filterValue={USER}"),
        desk.send("GET", f"{LIST}?sortOrder={USER}"),
        desk.put_text(BODY, f"text/{USER}"),
    ):
        assert response.status_code in {400, 415}
        assert "[token]" in response.text


@pytest.mark.parametrize("value", ["\x1b[31m", "a\r\nb", "\u202e", "ü" * 200, "\x7f", "<script>", "'\"\\"])
def test_message_quotes_values_in_printable_ascii(desk: Desk, value: str) -> None:
    for response in (
        desk.put_text(json.dumps({**START, "format": value})),
        desk.put_text(json.dumps({"action": value})),
    ):
        message = response.json()["error"]["message"]
        assert message.isascii()
        assert message.isprintable()
        assert len(message) < 700


# Faults inside


class Faulty(PhoneCalls):
    """A service with a fault in each operation."""

    def list_phone_calls(self, **_: Any) -> Any:
        raise RuntimeError(f"cannot serve {USER} of 10.0.0.1")

    def get_phone_call(self, **_: Any) -> Any:
        return {"entry": [{"id": None, "secret": "inside"}]}

    def update_phone_call(self, **_: Any) -> Any:
        raise MemoryError


class FaultyAuthorize(Authorize):
    def __call__(self, *_: Any) -> Any:
        raise KeyError(USER)


def faulty_desk(world: World, store: Store, **parts: Any) -> Desk:
    return Desk(TestClient(create_sandbox(world, store, **parts), raise_server_exceptions=True))


@pytest.mark.parametrize("method", ["LIST", "GET", "PUT"])
def test_fault_inside_is_500_and_tells_nothing(
    world: World, store: Store, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    desk = faulty_desk(world, store, service=Faulty)
    response = (
        desk.send("PUT", ONE, json=START) if method == "PUT" else desk.send("GET", ONE if method == "GET" else LIST)
    )
    message = desk.refused(response, 500, "internal_server_error")
    assert message == "The request could not be completed. Try again later, or tell the administrator."
    assert "inside" not in response.text
    [record] = [record for record in caplog.records if record.name == "uapi.sandbox.fault"]
    assert "Traceback" in record.getMessage()
    assert USER not in caplog.text
    assert store.call(LOCAL_CALL) == world.phone_calls[1].call


def test_fault_in_the_authorization_is_500(world: World, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    desk = faulty_desk(world, store, authorize=FaultyAuthorize)
    desk.refused(desk.send("GET", LIST), 500, "internal_server_error")
    desk.refused(desk.send("GET", f"{LIST}?accessRequestToken={USER}", token=None), 500, "internal_server_error")
    assert USER not in caplog.text


def test_fault_of_the_database_is_500(world: World, open_store: Callable[..., Store]) -> None:
    store = open_store()
    desk = faulty_desk(world, store)
    store.close()
    desk.refused(desk.send("GET", LIST), 500, "internal_server_error")
    form = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}
    desk.refused(desk.send("POST", "/oauth/token.php", token=None, data=form), 500, "internal_server_error")


def test_access_log_has_neither_query_nor_header(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk.send("GET", f"{LIST}?accessRequestToken={USER}&count=1")
    desk.send("GET", f"{LIST}%0A?accessRequestToken={ADMINISTRATOR}", token=None)
    lines = [record.getMessage() for record in caplog.records if record.name == "uapi.sandbox.access"]
    assert lines == [f"GET {LIST} 200", f"GET {LIST}\\n 400"]
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("uapi", "uvicorn")))
    assert USER not in ours
    assert ADMINISTRATOR not in ours
