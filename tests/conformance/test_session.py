"""What a session makes of answers; the next file has those of hostile servers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.loopback import Line, Received, answering, recording, serving
from conformance.made import response, target, wire
from mutants.world import IDLE, ROLES
from uapi.conformance.engine import decide
from uapi.conformance.exchange import Request
from uapi.conformance.place import Place
from uapi.conformance.probe import Probe
from uapi.conformance.register import register
from uapi.conformance.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.loopback import Script
    from mutants import messages
    from mutants.laboratory import Laboratory
    from mutants.mutant import Serve
    from uapi.conformance.exchange import Exchange

    Sent = Callable[[bytes], Exchange]

CLOSE = b"Connection: close\r\n"
CALL = str(ROLES.phone_call.id)
PATHS = [
    "/phoneCalls/@me/0003*210/a",
    "/phoneCalls/%40me/0003%2A210/a",
    "/phoneCalls/%40me/0003*210/a",
    "/phoneCalls/@me/@self",
    "/phoneCalls/@me/@self/",
    "/phoneCalls/a%20b/%C3%A9/a%2Fb",
    "/phoneCalls/@me/@self?fields=id,phoneCallView",
    "/phoneCalls/@me/@self?filterValue=0003*210&filterBy=extension&x=%2A+%20",
]
BODIES = [b"", b"{}", b"\xff\x00", b"x" * 100_000, '{"a": "é"}'.encode()]


@pytest.fixture
def received() -> list[Received]:
    return []


@pytest.fixture
def session(received: list[Received]) -> Iterator[Session]:
    """Return a session with a server that keeps what it receives."""
    with serving(recording(wire(), received)) as server, Session(target(server.base_url)) as session:
        yield session


@pytest.fixture(params=["send", "send_raw"])
def sent(request: pytest.FixtureRequest) -> Sent:
    """Return a function that has a server answer with bytes, and returns the exchange."""

    def send(answer: bytes, method: str = "GET") -> Exchange:
        with serving(once(answer)) as server, Session(target(server.base_url, timeout_seconds=2.0)) as session:
            asked = Request(method, f"{server.base_url}/phoneCalls/@me/@self/{CALL}", operation="getPhoneCall")
            exchange: Exchange = getattr(session, request.param)(asked)
            assert session.exchanges == [exchange]
            return exchange

    return send


def once(answer: bytes) -> Script:
    """Answer one request, then close the connection."""

    def script(line: Line) -> None:
        line.receive()
        line.send(answer)

    return script


@pytest.mark.parametrize("how", ["send", "send_raw"])
@pytest.mark.parametrize("path", PATHS)
def test_a_path_arrives_as_it_is(session: Session, received: list[Received], path: str, how: str) -> None:
    getattr(session, how)(Request("GET", session.target.base_url + path))
    assert [request.path for request in received] == ["/uapi" + path]


@pytest.mark.parametrize("how", ["send", "send_raw"])
@pytest.mark.parametrize("body", BODIES, ids=["empty", "short", "no UTF-8", "long", "not ASCII"])
def test_a_body_arrives_as_it_is(session: Session, received: list[Received], body: bytes, how: str) -> None:
    url = f"{session.target.base_url}/phoneCalls/@me/@self/{CALL}"
    getattr(session, how)(Request("PUT", url, (("Content-Type", "application/json"),), body))
    assert [(request.method, request.body) for request in received] == [("PUT", body)]


@pytest.mark.parametrize("how", ["send", "send_raw"])
def test_headers_arrive_as_they_are(session: Session, received: list[Received], how: str) -> None:
    headers = (("Authorization", "Bearer a"), ("X-One", "1"), ("X-One", "2"))
    getattr(session, how)(Request("GET", f"{session.target.base_url}/phoneCalls/@me/@self", headers))
    assert [pair for pair in received[0].headers if pair in headers] == list(headers)


@pytest.mark.parametrize("how", ["send", "send_raw"])
def test_a_request_without_credentials_has_none(session: Session, received: list[Received], how: str) -> None:
    getattr(session, how)(Request("GET", f"{session.target.base_url}/phoneCalls/@me/@self"))
    assert received[0].header("authorization") is None


@pytest.mark.parametrize("how", ["send", "send_raw"])
def test_an_answer_is_not_asked_to_be_compressed(session: Session, received: list[Received], how: str) -> None:
    getattr(session, how)(Request("GET", f"{session.target.base_url}/phoneCalls/@me/@self"))
    assert received[0].header("accept-encoding") in {None, "identity"}


@pytest.mark.parametrize("how", ["send", "send_raw"])
def test_proxies_of_the_environment_are_not_used(
    session: Session, received: list[Received], how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    getattr(session, how)(Request("GET", f"{session.target.base_url}/phoneCalls/@me/@self"))
    assert len(received) == 1


def test_cookies_are_not_kept() -> None:
    received: list[Received] = []
    script = recording(wire(Set_Cookie="session=1; path=/"), received)
    with serving(script) as server, Session(target(server.base_url)) as session:
        for _ in range(2):
            session.send(Request("GET", f"{server.base_url}/phoneCalls/@me/@self"))
    assert [request.header("cookie") for request in received] == [None, None]


def test_an_answer_is_kept(sent: Sent) -> None:
    exchange = sent(wire(b'{"a": 1}', X_One="1"))
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (200, b'{"a": 1}')
    assert (exchange.response.media_type, exchange.response.header("x-one")) == ("application/json", "1")


@pytest.mark.parametrize("status", [200, 201, 204, 301, 304, 400, 401, 405, 418, 500, 501, 599])
def test_any_status_is_an_answer(sent: Sent, status: int) -> None:
    assert sent(wire(b"", status=status)).status == status


def test_repeated_headers_of_an_answer_are_kept(sent: Sent) -> None:
    answer = b"HTTP/1.1 405 X\r\nAllow: GET\r\nAllow: PUT\r\nContent-Length: 0\r\n\r\n"
    exchange = sent(answer)
    assert exchange.response is not None
    assert exchange.response.header("allow") == "GET, PUT"


def test_a_header_of_an_answer_may_be_latin_1(sent: Sent) -> None:
    exchange = sent(wire(X_Name="\xe9"))
    assert exchange.response is not None
    assert exchange.response.header("x-name") == "\xe9"


def test_a_compressed_answer_stays_as_it_came(sent: Sent) -> None:
    exchange = sent(wire(b"\x1f\x8b", Content_Encoding="gzip"))
    assert exchange.response is not None
    assert exchange.response.body == b"\x1f\x8b"


def test_a_chunked_answer_is_put_together(sent: Sent) -> None:
    head = b"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    exchange = sent(head + b'4\r\n{"a"\r\n4;x=y\r\n: 1}\r\n0\r\nX-Trailer: 1\r\n\r\n')
    assert exchange.response is not None
    assert exchange.response.body == b'{"a": 1}'


def test_an_answer_of_http_1_0_ends_with_the_connection(sent: Sent) -> None:
    exchange = sent(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{}")
    assert exchange.response is not None
    assert exchange.response.body == b"{}"


@pytest.mark.parametrize("status", ["100 Continue", "102 Processing", "103 Early Hints"])
def test_an_interim_answer_is_not_the_answer(sent: Sent, status: str) -> None:
    assert sent(f"HTTP/1.1 {status}\r\nLink: </a>\r\n\r\n".encode() + wire()).status == 200


def test_the_body_of_a_204_is_seen_on_a_connection_of_its_own() -> None:
    answer = b"HTTP/1.1 204 X\r\n" + CLOSE + b'\r\n{"a": 1}'
    with serving(once(answer)) as server, Session(target(server.base_url)) as session:
        exchange = session.send_raw(Request("GET", f"{server.base_url}/phoneCalls/@me/@self"))
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (204, b'{"a": 1}')


@pytest.mark.parametrize("header", [b"", b"Content-Length: 0\r\n", b"Content-Length: 9\r\n"])
def test_a_204_without_a_body_has_none(header: bytes) -> None:
    with serving(once(b"HTTP/1.1 204 X\r\n" + header + b"\r\n")) as server, Session(target(server.base_url)) as session:
        exchange = session.send_raw(Request("GET", f"{server.base_url}/phoneCalls/@me/@self"))
    assert exchange.response is not None
    assert exchange.response.body == b""


def test_a_body_after_a_204_does_not_spoil_the_next_answer() -> None:
    # On a kept connection the bytes that follow the 204 stand where the next answer is expected.
    with serving(answering(b"HTTP/1.1 204 X\r\n\r\n{}", wire())) as server, Session(target(server.base_url)) as session:
        exchanges = [session.send(Request("GET", f"{server.base_url}/phoneCalls/@me/@self")) for _ in range(2)]
    assert [(exchange.status, exchange.fault) for exchange in exchanges] == [(204, None), (200, None)]


def test_a_server_that_keeps_a_connection_that_was_to_be_closed_is_read_all_the_same() -> None:
    def script(line: Line) -> None:
        line.receive()
        line.send(wire())
        line.hold()

    with serving(script) as server, Session(target(server.base_url, timeout_seconds=0.5)) as session:
        exchange = session.send_raw(Request("GET", f"{server.base_url}/phoneCalls/@me/@self"))
    assert (exchange.status, exchange.fault) == (200, None)


def test_a_connection_that_the_server_closed_meanwhile_is_no_fault_of_the_server() -> None:
    # A server may end a kept connection at any time, also while the next request is on its way (RFC 9112,
    # 9.3.1): a request on a connection that was used before is repeated once on a new one.
    def script(line: Line) -> None:
        line.receive()
        line.send(wire())
        line.receive()

    with serving(script) as server, Session(target(server.base_url)) as session:
        exchanges = [session.send(Request("GET", f"{server.base_url}/phoneCalls/@me/@self")) for _ in range(3)]
    assert [exchange.fault for exchange in exchanges] == [None] * 3


def test_exchanges_are_numbered_and_kept_in_order(session: Session) -> None:
    request = Request("GET", f"{session.target.base_url}/phoneCalls/@me/@self")
    exchanges = [session.send(request), session.send_raw(request), session.keep(request, response({}))]
    assert (session.exchanges, [exchange.number for exchange in exchanges]) == (exchanges, [1, 2, 3])


def test_an_exchange_knows_its_phase(session: Session) -> None:
    session.phase = "check REC-001"
    assert session.send(Request("GET", f"{session.target.base_url}/phoneCalls/@me/@self")).phase == "check REC-001"


def test_an_exchange_hides_the_tokens_of_the_target(session: Session) -> None:
    probe = Probe(session)
    shown = [probe.get(principal=principal).as_json() for principal in ("caller", "stranger", "expired")]
    assert not any(token in json.dumps(shown) for token in session.target.secrets())


@pytest.mark.parametrize("number", [0, 1])
def test_a_chunked_200_for_an_empty_list_is_read(laboratory: Laboratory, number: int) -> None:
    # The check of the 204 reads from the connection itself: what it takes for the body must be without the chunks.
    async def fault(request: messages.Request, serve: Serve) -> messages.Response | bytes:
        answer = await serve(request)
        if answer.status != 204:
            return answer
        head = b"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n" + CLOSE
        return head + b'\r\nd\r\n{"entry": []}\r\n0\r\n\r\n'

    with laboratory.probe(fault) as probe:
        decide(register()["HTTP-003"], probe)
        place = Place("@me", IDLE.extension)  # type: ignore[union-attr]
        exchange = [probe.list(place), probe.session.exchanges[0]][number]
    assert exchange.response is not None
    assert exchange.response.json() == {"entry": []}
