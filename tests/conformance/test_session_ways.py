"""The way to a target: names, connections, a proxy, the pace of requests, further headers."""

from __future__ import annotations

import json
import socket
import threading
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from conformance.loopback import Line, Received, answering, recording, serving
from conformance.made import target, wire
from uapi.conformance.errors import UnreachableError
from uapi.conformance.exchange import Request
from uapi.conformance.probe import Probe
from uapi.conformance.session import Session, preflight
from uapi.conformance.transport.pace import Pace, Share

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.loopback import Script

PASSWORD = "s3cr3t/p@ss"
PROXY = "http://me:s3cr3t%2Fp%40ss@127.0.0.1:{port}"


def complaint(base_url: str, **settings: Any) -> UnreachableError:
    chosen = target(base_url, recording_is_permitted=True, **settings)
    with Session(chosen) as session, pytest.raises(UnreachableError) as caught:
        preflight(session, Probe(session).first_request())
    return caught.value


def unknown(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_a_name_that_is_not_found_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = complaint("http://pbx.example/uapi")
    assert error.message.endswith("the name pbx.example cannot be resolved")
    assert "DNS" in str(error.hint)


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(5) and [])
    try:
        error = complaint("http://pbx.example/uapi", connect_timeout_seconds=0.05)
    finally:
        released.set()
    assert error.message.endswith("was not resolved in time")


def test_every_address_of_a_name_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    with socket.socket() as bound, serving(answering(wire())) as server:
        bound.bind(("127.0.0.1", 0))  # taken, but nobody listens
        addresses = [(*stream, bound.getsockname()), (*stream, ("127.0.0.1", server.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: addresses)
        with Session(target(f"http://pbx.example:{server.port}/uapi")) as session:
            assert Probe(session).get().status == 200


def test_a_name_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    resolve = socket.getaddrinfo

    def counted(*arguments: Any, **options: Any) -> Any:
        asked.append(arguments[0])
        return resolve(*arguments, **options)

    with serving(answering(wire())) as server, Session(target(server.base_url)) as session:
        monkeypatch.setattr(socket, "getaddrinfo", counted)
        for _ in range(3):
            session.send_raw(Probe(session).first_request())
    assert asked == ["127.0.0.1"]


@pytest.fixture
def received() -> list[Received]:
    return []


def proxied(session_target: Any, port: int) -> Session:
    return Session(session_target.model_copy(update={"proxy": PROXY.format(port=port)}))


@pytest.mark.parametrize("how", ["send", "send_raw"])
def test_a_proxy_gets_the_whole_url(received: list[Received], how: str) -> None:
    base_url = "http://pbx.example/uapi"
    with serving(recording(wire(), received)) as proxy, proxied(target(base_url), proxy.port) as session:
        exchange = getattr(session, how)(Request("GET", f"{base_url}/phoneCalls/@me/@self"))
    assert exchange.status == 200
    assert [request.path for request in received] == [f"{base_url}/phoneCalls/@me/@self"]
    assert received[0].header("host") == "pbx.example"
    assert received[0].header("proxy-authorization") == "Basic bWU6czNjcjN0L3BAc3M="


def test_the_password_of_the_proxy_is_in_no_report(received: list[Received]) -> None:
    answer = wire(json.dumps({"you": PASSWORD}).encode(), status=407)
    with (
        serving(recording(answer, received)) as proxy,
        proxied(target("http://pbx.example/uapi"), proxy.port) as session,
    ):
        exchange = session.send(Request("GET", "http://pbx.example/uapi/phoneCalls/@me/@self"))
    shown = json.dumps(exchange.as_json())
    assert (PASSWORD in shown, "Proxy-Authorization" in shown, "$UAPI_PROXY_PASSWORD" in shown) == (False, False, True)
    assert PASSWORD not in repr(session.target)


def test_a_proxy_connects_to_a_server_with_tls(received: list[Received]) -> None:
    def connecting(line: Line) -> None:
        if (request := line.receive()) is not None:
            received.append(request)
            line.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            line.socket.recv(65536)  # the handshake, which this one cannot answer

    with serving(connecting) as proxy, proxied(target("https://pbx.example/uapi"), proxy.port) as session:
        exchange = session.send(Request("GET", "https://pbx.example/uapi/phoneCalls/@me/@self"))
    assert [(request.method, request.path) for request in received] == [("CONNECT", "pbx.example:443")]
    assert received[0].header("proxy-authorization") == "Basic bWU6czNjcjN0L3BAc3M="
    assert received[0].header("authorization") is None
    # What went wrong in the handshake is told in OpenSSL's words, which are not the same in each of its versions.
    assert str(exchange.fault).startswith("TLS: ")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (answering(b"HTTP/1.1 407 X\r\nContent-Length: 0\r\n\r\n"), "it answers 407"),
        (answering(b"HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n"), "it answers 502"),
        (answering(b"SSH-2.0-OpenSSH_9.7\r\n\r\n"), "does not answer as a proxy does"),
        (lambda line: line.receive(), "does not answer as a proxy does"),
        (lambda line: line.reset(), ""),
    ],
)
def test_a_proxy_that_does_not_connect_is_said(script: Script, said: str) -> None:
    with serving(script) as proxy:
        error = complaint("https://pbx.example/uapi", proxy=f"http://127.0.0.1:{proxy.port}")
    assert said in error.message


def test_a_proxy_that_says_nothing_is_left() -> None:
    with serving(Line.hold) as proxy:
        settings = {"proxy": f"http://127.0.0.1:{proxy.port}", "connect_timeout_seconds": 0.1}
        assert "no connection to 127.0.0.1" in complaint("https://pbx.example/uapi", **settings).message


@pytest.mark.parametrize("how", ["send", "send_raw"])
def test_further_headers_go_with_every_request_and_are_kept_secret(received: list[Received], how: str) -> None:
    headers = {"X-Gateway-Key": "k3y-of-the-gateway", "X-Stage": "1"}
    with serving(recording(wire(), received)) as server, Session(target(server.base_url, headers=headers)) as session:
        exchange = getattr(session, how)(Probe(session).first_request())
    assert [received[0].header(name) for name in headers] == list(headers.values())
    shown = exchange.as_json()
    assert ["X-Gateway-Key", "$UAPI_HEADERS_X_GATEWAY_KEY"] in shown["request"]["headers"]
    assert "k3y-of-the-gateway" not in json.dumps(shown) + repr(session.target)


def test_requests_are_spaced_evenly() -> None:
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(4.0, lambda: now[0], sleep)
    for _ in range(3):
        pace.wait()
    now[0] += 1.0
    pace.wait()
    assert slept == pytest.approx([0.25, 0.25])


def test_requests_of_many_threads_are_spaced_alike() -> None:
    lock, slept = threading.Lock(), []

    def sleep(seconds: float) -> None:
        with lock:
            slept.append(seconds)

    pace = Pace(2.0, lambda: 0.0, sleep)
    threads = [threading.Thread(target=pace.wait) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slept) == pytest.approx([0.5, 1.0, 1.5, 2.0])


def test_the_requests_of_several_processes_are_spaced_evenly() -> None:
    clock, sent = 1000.1, []
    paces = [Pace(4.0, lambda: clock, lambda seconds: sent.append(clock + seconds), Share(i, 3)) for i in range(3)]
    for pace in paces:
        for _ in range(4):
            pace.wait()
    times = sorted(sent)
    assert [later - earlier for earlier, later in pairwise(times)] == pytest.approx([0.25] * 11)


def test_a_process_that_was_idle_takes_the_next_turn_of_its_own() -> None:
    clock, slept = [10.0], []
    pace = Pace(2.0, lambda: clock[0], slept.append, Share(1, 2))
    pace.wait()
    clock[0] = 100.75
    pace.wait()
    assert slept == pytest.approx([0.5, 0.75])


def test_without_a_limit_nobody_waits() -> None:
    def never(_: float) -> None:
        raise AssertionError

    Pace(None, sleep=never).wait()


def test_every_request_of_a_session_keeps_the_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float | None] = []

    class Counted(Pace):
        def __init__(self, per_second: float | None, **_: object) -> None:
            super().__init__(None)
            self.rate = per_second

        def wait(self) -> None:
            waited.append(self.rate)

    monkeypatch.setattr("uapi.conformance.session.Pace", Counted)
    with serving(answering(wire())) as server, Session(target(server.base_url, max_requests_per_second=7.0)) as session:
        preflight(session, Probe(session).first_request())
        Probe(session).get()
        session.send_raw(Probe(session).first_request())
    assert waited == [7.0] * 3


def test_threads_share_a_session() -> None:
    exchanges = []
    with serving(answering(wire())) as server, Session(target(server.base_url)) as session:
        probe = Probe(session)
        threads = [threading.Thread(target=lambda: exchanges.extend(probe.get() for _ in range(5))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {exchange.status for exchange in exchanges} == {200}
    assert sorted(exchange.number for exchange in exchanges) == list(range(1, 41))


def dropping(every: int) -> Callable[[Line], None]:
    """Serve, but drop each so many-th request without an answer."""
    count = [0]

    def script(line: Line) -> None:
        while line.receive() is not None:
            count[0] += 1
            if count[0] % every == 0:
                return
            line.send(wire())

    return script


def test_a_server_that_drops_requests_is_found() -> None:
    with serving(dropping(3)) as server, Session(target(server.base_url)) as session:
        faults = [Probe(session).get().fault for _ in range(12)]
    assert any(faults)
