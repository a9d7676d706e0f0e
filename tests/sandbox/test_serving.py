"""The sandbox on a real socket: what uvicorn does with requests that no client library would send."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from sandbox.desk import CREDENTIALS, LOCAL_CALL, START, USER
from sandbox.live import exchange, serving
from uapi.sandbox.errors import AddressError
from uapi.sandbox.middleware import BODY_LIMIT
from uapi.sandbox.serving import base_url, listen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.conftest import Premises
    from uapi.sandbox.store import Store

TARGET = f"/uapi/phoneCalls/12/0003*210/{LOCAL_CALL}".encode()
AUTHORIZATION = f"Authorization: Bearer {USER}\r\n".encode()
HEADERS = b"Host: test\r\nConnection: close\r\n" + AUTHORIZATION
JSON = b"Content-Type: application/json\r\n"
BODY = json.dumps(START).encode()


@pytest.fixture(scope="module")
def url(premises: Premises) -> Iterator[str]:
    with serving(premises.app) as served:
        yield served


def parsed(answer: bytes) -> tuple[int, dict[bytes, bytes], object]:
    """Return status, headers and body of an answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(b": ") for line in lines)}
    return int(first.split()[1]), headers, json.loads(body) if body else None


def code(answer: bytes) -> tuple[int, str]:
    status, headers, body = parsed(answer)
    assert headers[b"content-type"] == b"application/json"
    assert isinstance(body, dict)
    assert set(body["error"]) == {"code", "message"}
    assert USER.encode() not in answer
    return status, body["error"]["code"]


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GARBAGE\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /\xff HTTP/1.1\r\nHost: test\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : test\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: test\r\nX: \x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: test\r\nContent-Length: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: test\r\nContent-Length: -1\r\n\r\n",
        b"PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"PUT / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\nHost: test\r\nX: " + b"x" * 100_000,
    ],
    ids=lambda sent: repr(sent[:40]),
)
def test_what_is_no_http_has_the_error_body(url: str, request_bytes: bytes) -> None:
    answer = exchange(url, request_bytes)
    assert code(answer) in {(400, "request_malformed"), (501, "request_malformed")}
    assert parsed(answer)[1][b"connection"] == b"close"


def test_absolute_and_odd_targets(url: str) -> None:
    for target in (b"http://test/uapi/x", b"*", b"x", b"//", b"/%zz", b"/?%zz=%"):
        assert code(exchange(url, b"OPTIONS " + target + b" HTTP/1.1\r\n" + HEADERS + b"\r\n")) == (404, "not_found")
    assert code(exchange(url, b"CONNECT test:80 HTTP/1.1\r\n" + HEADERS + b"\r\n")) == (404, "not_found")


@pytest.mark.parametrize("origin", [b"http://other.example:81", b"HTTPS://other.example:81"])
def test_target_with_scheme_and_host_is_read(url: str, origin: bytes) -> None:
    answer = exchange(url, b"GET " + origin + TARGET + b"/ HTTP/1.1\r\n" + HEADERS + b"\r\n")
    status, _, body = parsed(answer)
    assert status == 200
    assert isinstance(body, dict)
    assert body["entry"][0]["links"]["self"] == f"http://other.example:81{TARGET.decode()}"


def test_token_is_requested_by_a_target_with_scheme_and_host(url: str) -> None:
    form = urlencode(CREDENTIALS).encode()
    head = b"POST https://test/oauth/token.php HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
    kind = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(form)
    assert parsed(exchange(url, head + kind + form))[0] == 200


def test_raw_and_encoded_reserved_characters(url: str) -> None:
    for path in (b"@me/0003*210", b"%40me/0003%2A210", b"%40%6d%65/%30003%2a210"):
        answer = exchange(url, b"GET /uapi/phoneCalls/" + path + b" HTTP/1.1\r\n" + HEADERS + b"\r\n")
        assert parsed(answer)[0] == 200


def test_head_has_no_body(url: str) -> None:
    status, headers, body = parsed(exchange(url, b"HEAD " + TARGET + b" HTTP/1.1\r\n" + HEADERS + b"\r\n"))
    assert (status, body, headers[b"allow"]) == (405, None, b"GET, PUT, DELETE")


def test_http_1_0_is_served(url: str) -> None:
    status, _, body = parsed(exchange(url, b"GET " + TARGET + b" HTTP/1.0\r\n" + AUTHORIZATION + b"\r\n"))
    assert status == 200
    assert isinstance(body, dict)
    assert body["entry"][0]["link"]["self"].startswith(url)


def test_chunked_body_is_read(url: str, store: Store) -> None:
    head = b"PUT " + TARGET + b" HTTP/1.1\r\n" + HEADERS + JSON + b"Transfer-Encoding: chunked\r\n\r\n"
    chunks = [b"%x\r\n%s\r\n" % (len(BODY[at : at + 7]), BODY[at : at + 7]) for at in range(0, len(BODY), 7)]
    assert parsed(exchange(url, head, *chunks, b"0\r\n\r\n"))[0] == 200
    call = store.call(LOCAL_CALL)
    assert call is not None
    assert call.phoneCallView[1].is_recorded


def test_chunked_body_that_is_too_large_ends_the_connection(url: str) -> None:
    head = b"PUT " + TARGET + b" HTTP/1.1\r\n" + HEADERS + JSON + b"Transfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    assert code(exchange(url, head, chunk, b"1\r\nx\r\n")) == (413, "content_too_large")


def test_declared_body_that_is_too_large_is_refused_before_it_is_sent(url: str) -> None:
    for length in (BODY_LIMIT + 1, 10**15):
        head = b"PUT " + TARGET + b" HTTP/1.1\r\n" + HEADERS.replace(b"Connection: close\r\n", b"") + JSON
        answer = exchange(url, head + b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % length)
        assert code(answer) == (413, "content_too_large")
        assert parsed(answer)[1][b"connection"] == b"close"


def test_body_that_ends_early_changes_nothing(url: str, store: Store) -> None:
    head = b"PUT " + TARGET + b" HTTP/1.1\r\n" + HEADERS + JSON + b"Content-Length: 500\r\n\r\n"
    exchange(url, head, BODY, then_close=True)
    call = store.call(LOCAL_CALL)
    assert call is not None
    assert not call.phoneCallView[1].is_recorded


def test_many_requests_on_one_connection(url: str) -> None:
    request = b"GET " + TARGET + b" HTTP/1.1\r\nHost: test\r\n" + AUTHORIZATION + b"\r\n"
    last = request.replace(b"Host: test", b"Host: test\r\nConnection: close")
    assert exchange(url, request * 20 + last).count(b"HTTP/1.1 200 OK") == 21


def test_answer_has_the_time_and_no_name_of_the_server(url: str) -> None:
    _, headers, _ = parsed(exchange(url, b"GET / HTTP/1.1\r\n" + HEADERS + b"\r\n"))
    assert b"date" in headers
    assert b"server" not in headers


def test_accepted_sockets_send_without_delay() -> None:
    """A socket that does not say that it is TCP gets no TCP_NODELAY of asyncio, and 40 ms for each answer."""
    with listen("127.0.0.1", 0) as bound:
        assert bound.proto == socket.IPPROTO_TCP


# Addresses


def test_port_in_use() -> None:
    with (
        listen("127.0.0.1", 0) as bound,
        pytest.raises(AddressError, match="cannot listen there: Address already in use"),
    ):
        listen("127.0.0.1", bound.getsockname()[1])


@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("", "'': there is no address of this name"),
        ("x" * 300, "there is no address of this name: the name is malformed"),
        ("192.0.2.1", "192.0.2.1:0: cannot listen there"),
    ],
)
def test_bad_host(host: str, message: str) -> None:
    with pytest.raises(AddressError, match=f"{message}.*\n  Name ".replace("\n", "\\n")):
        listen(host, 0)


def test_unknown_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(AddressError, match="'nobody': there is no address of this name: Name or service not known"):
        listen("nobody", 0)


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "127.0.0.1"), ("localhost", None), ("0.0.0.0", "127.0.0.1")],  # noqa: S104 - what is tested
)
def test_base_url(host: str, address: str | None) -> None:
    with listen(host, 0) as bound:
        url = base_url(bound)
        assert url.startswith(f"http://{address or ''}")
        assert url.endswith(f":{bound.getsockname()[1]}/uapi")
        assert base_url(bound, "https://sandbox.example/") == "https://sandbox.example/uapi"


@pytest.mark.machine
def test_base_url_of_ipv6() -> None:
    try:
        bound = listen("::1", 0)
    except AddressError:
        pytest.skip("this machine has no IPv6")
    with bound:
        assert base_url(bound) == f"http://[::1]:{bound.getsockname()[1]}/uapi"
