"""What a session bears of a bad target: how much it reads and keeps, and when it takes the target for gone."""

from __future__ import annotations

import contextlib
import gzip
from typing import TYPE_CHECKING

import pytest

from conformance.hostile import GIGABYTE, HEAD
from conformance.loopback import Line, answering, serving
from conformance.made import target, wire
from uapi.conformance import session as session_module
from uapi.conformance.exchange import JsonError
from uapi.conformance.probe import Probe
from uapi.conformance.session import MAX_BODY_BYTES, MAX_FAULTS, Session
from uapi.conformance.transport import Answer
from uapi.conformance.transport.connection import MAX_HEADERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.loopback import Received

BUFFERS = 16 * 1024 * 1024
"""What the system may take from a server before the client has read it."""


@pytest.mark.parametrize("how", ["send", "send_raw"])
def test_of_a_gigabyte_only_a_little_is_read(how: str) -> None:
    sent = [0]

    def flooding(line: Line) -> None:
        line.receive()
        line.send(HEAD + b"Content-Length: %d\r\n\r\n" % GIGABYTE)
        chunk = b"x" * 65536
        with contextlib.suppress(OSError):
            while sent[0] < GIGABYTE:
                line.send(chunk)
                sent[0] += len(chunk)

    with serving(flooding) as server, Session(target(server.base_url)) as session:
        exchange = getattr(session, how)(Probe(session).first_request())
    assert (exchange.response, exchange.fault) == (None, f"the answer is larger than {MAX_BODY_BYTES} bytes")
    assert sent[0] < MAX_BODY_BYTES + BUFFERS


def test_chunks_that_hold_almost_nothing_are_not_read_for_ever() -> None:
    def dripping(line: Line) -> None:
        line.receive()
        line.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        chunks = (b"1;" + b"x" * 1000 + b"\r\n{\r\n") * 64
        with contextlib.suppress(OSError):
            while not line.closing.is_set():
                line.send(chunks)

    with serving(dripping) as server, Session(target(server.base_url)) as session:
        assert Probe(session).get().fault == f"the answer is larger than {MAX_BODY_BYTES} bytes"


def test_a_compressed_bomb_stays_what_it_is() -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)
    with serving(answering(wire(bomb, Content_Encoding="gzip"))) as server, Session(target(server.base_url)) as session:
        response = Probe(session).get().response
    assert response is not None
    assert response.body == bomb


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_deep_nesting_is_no_json(opening: bytes) -> None:
    with serving(answering(wire(opening * 100_000))) as server, Session(target(server.base_url)) as session:
        response = Probe(session).get().response
    assert response is not None
    with pytest.raises(JsonError):
        response.json()


def test_the_answers_of_a_run_are_kept_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    weight = Answer(200, (("Content-Length", "2"), ("Content-Type", "application/json")), b"{}").weight
    monkeypatch.setattr(session_module, "MAX_KEPT_BYTES", 2 * weight)
    with serving(answering(wire(b"{}"))) as server, Session(target(server.base_url)) as session:
        faults = [Probe(session).get().fault for _ in range(3)]
    assert faults == [None, None, "the answers of the run are more than can be kept in memory"]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ((), b'[{"":0},{"":0},{}]'),
        ((), b"[[],[],[],[]]"),
        ((), b"[1,2,3,4]"),
        ((), b'["","","",""]'),
        ((("a", "b"),) * 4, b""),
    ],
    ids=["objects", "arrays", "numbers", "texts", "headers"],
)
def test_an_answer_weighs_what_it_takes_to_read_it(headers: tuple[tuple[str, str], ...], body: bytes) -> None:
    # Every value and every header is an object in memory, however few bytes it has in an answer.
    assert Answer(200, headers, body).weight > 4 * 50


def test_an_answer_has_no_more_headers_than_can_be_kept() -> None:
    many = HEAD + b"".join(b"X: y\r\n" for _ in range(MAX_HEADERS)) + b"\r\n"
    with serving(answering(many)) as server, Session(target(server.base_url)) as session:
        assert Probe(session).get().fault == f"the answer has more than {MAX_HEADERS} headers"


def failing(fails: Callable[[Received, int], bool]) -> tuple[Callable[[Line], None], list[Received]]:
    """Make a server that hangs up without an answer to some requests."""
    received: list[Received] = []

    def script(line: Line) -> None:
        while (request := line.receive()) is not None:
            received.append(request)
            if fails(request, len(received)):
                return
            line.send(wire())

    return script, received


def test_a_target_that_goes_away_is_not_waited_for() -> None:
    script, received = failing(lambda _, number: number > 3)
    with serving(script) as server, Session(target(server.base_url)) as session:
        probe = Probe(session)
        exchanges = [probe.get() for _ in range(50)]
    assert session.gone is not None
    assert session.warnings == [session.gone]
    assert len(received) < 3 + 2 * MAX_FAULTS
    assert exchanges[-1].fault == f"not sent: {session.gone}"
    assert [exchange.number for exchange in session.exchanges] == list(range(1, len(session.exchanges) + 1))


def test_a_target_that_never_answered_is_gone() -> None:
    script, received = failing(lambda *_: True)
    with serving(script) as server, Session(target(server.base_url)) as session:
        for _ in range(20):
            Probe(session).get()
    assert (len(received), "stopped answering" in str(session.gone)) == (MAX_FAULTS, True)


def test_a_target_that_fails_on_some_requests_is_there() -> None:
    script, _ = failing(lambda request, _: request.method == "PUT")
    with serving(script) as server, Session(target(server.base_url)) as session:
        probe = Probe(session)
        probe.get()
        faults = [probe.start().fault for _ in range(4 * MAX_FAULTS)]
    assert all(faults)
    assert session.gone is None


def test_a_target_that_keeps_everybody_waiting_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "MAX_FAULT_SECONDS", 0.0)

    def silent(line: Line) -> None:
        while (request := line.receive()) is not None:
            if request.method == "PUT":
                line.hold()
                return
            line.send(wire())

    with serving(silent) as server, Session(target(server.base_url, timeout_seconds=0.01)) as session:
        probe = Probe(session)
        while session.gone is None and len(session.exchanges) < 1000:
            probe.get()
            probe.start()
    assert "in all" in str(session.gone)


def test_a_target_that_is_back_is_asked_again() -> None:
    script, _ = failing(lambda _, number: number <= MAX_FAULTS)
    with serving(script) as server, Session(target(server.base_url)) as session:
        probe = Probe(session)
        for _ in range(MAX_FAULTS):
            probe.get()
        session.resume()
        assert probe.get().status == 200
    assert session.gone is None


def test_a_target_that_is_not_back_is_gone_at_once() -> None:
    script, received = failing(lambda *_: True)
    with serving(script) as server, Session(target(server.base_url)) as session:
        probe = Probe(session)
        for _ in range(MAX_FAULTS):
            probe.get()
        session.resume()
        for _ in range(5):
            probe.get()
    assert (len(received), session.gone is None) == (MAX_FAULTS + 1, False)


def test_something_is_warned_of_once() -> None:
    with Session(target("http://127.0.0.1/uapi")) as session:
        session.warn("a")
        session.warn("a")
    assert session.warnings == ["a"]
