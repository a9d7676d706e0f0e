"""Hostile servers: every exchange ends, with an answer or with a fault, and nothing is raised."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from conformance.hostile import HEAD, closing, dripping, repeating, resetting, silent
from conformance.loopback import Line, Received, recording, serving
from conformance.made import target, wire
from mutants.world import ROLES
from uapi.conformance.budget import Budget
from uapi.conformance.exchange import Request
from uapi.conformance.outcome import Verdict
from uapi.conformance.probe import Probe
from uapi.conformance.register import profile
from uapi.conformance.report.document import document
from uapi.conformance.run import Run
from uapi.conformance.session import MAX_BODY_BYTES, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.loopback import Script
    from mutants.laboratory import Laboratory
    from mutants.mutant import Serve
    from uapi.conformance.exchange import Exchange

SOON = 0.25
"""How long the session waits, in seconds. What drips takes a multiple of it, unless the session gives up."""
EMPTY = HEAD + b"Content-Length: 0\r\n\r\n"


def stalling(line: Line) -> None:
    line.receive()
    line.send(HEAD + b"Content-Length: 20\r\n\r\n{")
    line.hold()


def resetting_in_the_body(line: Line) -> None:
    line.receive()
    line.send(HEAD + b"Content-Length: 20\r\n\r\n{")
    line.reset()


def hanging_up(line: Line) -> None:
    line.socket.shutdown(socket.SHUT_RDWR)


def endless(line: Line) -> None:
    line.receive()
    line.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while not line.closing.is_set():
        line.send(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def endless_head(line: Line) -> None:
    line.receive()
    line.send(HEAD)
    while not line.closing.is_set():
        line.send(b"X-More: " + b"y" * 8000 + b"\r\n")


FAULTY: dict[str, Script] = {
    "never answers": silent,
    "closes at once": hanging_up,
    "closes without an answer": closing(b""),
    "resets": resetting,
    "resets in the body": resetting_in_the_body,
    "stalls in the body": stalling,
    "drips the body": dripping(b"x" * 50, HEAD + b"Content-Length: 50\r\n\r\n"),
    "drips the head": dripping(EMPTY),
    "drips a long head": dripping(b"X-Long: " + b"y" * 400 + b"\r\nContent-Length: 0\r\n\r\n", HEAD),
    "drips the head of a 204": dripping(b"HTTP/1.1 204 X\r\nX-Long: yyyyyyyyy\r\n\r\n"),
    "sends interim answers on and on": dripping(b"HTTP/1.1 102 X\r\n\r\n" * 99 + EMPTY),
    "sends a large answer": closing(
        HEAD + b"Content-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1) + b"x" * (MAX_BODY_BYTES + 1)
    ),
    "sends an answer without an end": endless,
    "sends a head without an end": endless_head,
    "sends a line without an end": closing(HEAD + b"X: " + b"y" * 2_000_000),
    "speaks another protocol": closing(b"SSH-2.0-OpenSSH_9.7\r\n"),
    "speaks nonsense": closing(b"nonsense\r\n\r\n"),
    "speaks HTTP/2": closing(b"HTTP/2 200\r\n\r\n"),
    "speaks TLS": closing(b"\x15\x03\x01\x00\x02\x02\x50"),
    "sends zeros": closing(b"\0" * 1000),
    "ends in the head": closing(HEAD),
    "ends in the body": closing(HEAD + b"Content-Length: 20\r\n\r\n{}"),
    "ends in a chunk": closing(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}"),
    "ends before the last chunk": closing(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
    "sends a wrong chunk": closing(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
    "has no status": closing(b"HTTP/1.1 OK\r\n\r\n"),
    "has the status 000": closing(b"HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n"),
    "has two lengths": closing(HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
    "has a negative length": closing(HEAD + b"Content-Length: -2\r\n\r\n{}"),
    "has an endless length": closing(HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}"),
}
"""Servers that give no whole answer in time."""
QUICK = [name for name in FAULTY if not name.startswith(("never", "stalls", "drips", "sends interim"))]
"""Those of which that is known without waiting."""
STRANGE: dict[str, Script] = {
    "1000 headers": closing(HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(1000)) + b"Content-Length: 2\r\n\r\n{}"),
    "a header of 60 KB": closing(HEAD + b"X: " + b"y" * 60_000 + b"\r\nContent-Length: 2\r\n\r\n{}"),
    "a header without a name": closing(HEAD + b": x\r\nContent-Length: 2\r\n\r\n{}"),
    "a header with a space": closing(HEAD + b"X : y\r\nContent-Length: 2\r\n\r\n{}"),
    "a header with a zero": closing(HEAD + b"X: a\0b\r\nContent-Length: 2\r\n\r\n{}"),
    "a header with a bare CR": closing(HEAD + b"X: a\rb\r\nContent-Length: 2\r\n\r\n{}"),
    "a long header that is none": closing(HEAD + b"X: " + b"y" * 60_000 + b"\rz\r\nContent-Length: 2\r\n\r\n{}"),
    "2000 headers": closing(HEAD + b"X: y\r\n" * 2000 + b"Content-Length: 2\r\n\r\n{}"),
    "a header over two lines": closing(HEAD + b"X: a\r\n b\r\nContent-Length: 2\r\n\r\n{}"),
    "a media type of other bytes": closing(b"HTTP/1.1 200 X\r\nContent-Type: \xff\xfe\r\nContent-Length: 2\r\n\r\n{}"),
    "lines that end in LF": closing(b"HTTP/1.1 200 X\nContent-Type: application/json\nContent-Length: 2\n\n{}"),
    "no reason": closing(b"HTTP/1.1 200\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"),
    "the status 999": closing(b"HTTP/1.1 999 X\r\nContent-Length: 2\r\n\r\n{}"),
    "an upgrade": closing(b"HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n{}"),
    "a compressed answer": closing(wire(b"\x1f\x8bnonsense", Content_Encoding="gzip")),
    "more than its length": closing(HEAD + b"Content-Length: 2\r\n\r\n{}{}{}"),
    "two answers": closing(wire() + wire()),
    "a cookie of other bytes": closing(wire(Set_Cookie="=;;\xff=; expires=never")),
    "a redirect to nowhere": closing(wire(status=302, Location="http://[::1")),
    "a redirect to a script": closing(wire(status=302, Location="javascript:alert(1)")),
    "a redirect to a wrong port": closing(wire(status=302, Location="http://h:port/")),
    "a redirect to other bytes": closing(wire(status=302, Location="http://\xff\xfe/")),
    "a redirect without a place": closing(wire(status=302)),
}
"""Servers whose answer is odd: whether it is one is a matter of taste."""


@pytest.fixture(params=["send", "send_raw"])
def exchanged(request: pytest.FixtureRequest) -> Callable[[Script], Exchange]:
    """Return a function that has one exchange with a server, on a connection that is kept or on one of its own."""

    def exchange(script: Script) -> Exchange:
        with serving(script) as server, Session(target(server.base_url, timeout_seconds=SOON)) as session:
            asked = Request("GET", f"{server.base_url}/phoneCalls/@me/@self")
            found: Exchange = getattr(session, request.param)(asked)
            assert session.exchanges == [found]
            return found

    return exchange


@pytest.mark.parametrize("script", FAULTY.values(), ids=FAULTY)
def test_what_is_no_whole_answer_in_time_is_a_fault(exchanged: Callable[[Script], Exchange], script: Script) -> None:
    exchange = exchanged(script)
    assert exchange.response is None
    assert exchange.fault


@pytest.mark.parametrize("script", STRANGE.values(), ids=STRANGE)
def test_what_is_odd_is_an_answer_or_a_fault(exchanged: Callable[[Script], Exchange], script: Script) -> None:
    exchange = exchanged(script)
    assert (exchange.response is None) != (exchange.fault is None)


@pytest.mark.parametrize("script", [FAULTY[name] for name in QUICK] + [*STRANGE.values()], ids=[*QUICK, *STRANGE])
def test_a_fault_is_told_in_one_short_line(script: Script) -> None:
    with serving(script) as server, Session(target(server.base_url, timeout_seconds=SOON)) as session:
        exchange = session.send(Request("GET", f"{server.base_url}/phoneCalls/@me/@self"))
    fault = exchange.fault or ""
    assert (len(fault) < 300, fault.isprintable()) == (True, True)


@pytest.mark.parametrize("how", ["send", "send_raw"])
@pytest.mark.parametrize(
    "answer",
    [
        lambda told: HEAD + f"X: {told}\rz\r\n\r\n".encode(),
        lambda told: f"HTTP/7 {told}\r\n\r\n".encode(),
        lambda told: HEAD + b"X: " + b"y" * 180 + f"{told}\rz\r\n\r\n".encode(),
    ],
    ids=["in a header", "in the status line", "where it is cut"],
)
def test_no_secret_that_a_server_repeats_is_in_a_fault(how: str, answer: Callable[[str], bytes]) -> None:
    with serving(repeating(answer)) as server, Session(target(server.base_url)) as session:
        exchange = getattr(session, how)(Probe(session).first_request())
        assert session.fault is not None
        told = [str(exchange.fault), session.fault.message, *session.warnings]
    assert [text for text in told if ROLES.caller.token[:8] in text] == []


@pytest.mark.parametrize("how", ["send", "send_raw"])
def test_a_server_that_is_not_there_is_a_fault(how: str) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # taken, but nobody listens
        base_url = f"http://127.0.0.1:{bound.getsockname()[1]}/uapi"
        with Session(target(base_url)) as session:
            exchange = getattr(session, how)(Request("GET", f"{base_url}/phoneCalls/@me/@self"))
    assert exchange.response is None


@pytest.mark.parametrize("host", ["....", "a..b", "x" * 64 + ".example"])
@pytest.mark.parametrize("how", ["send", "send_raw"])
def test_a_host_that_cannot_be_is_a_fault(how: str, host: str) -> None:
    base_url = f"http://{host}/uapi"
    with Session(target(base_url, timeout_seconds=SOON)) as session:
        exchange = getattr(session, how)(Request("GET", f"{base_url}/phoneCalls/@me/@self"))
    assert exchange.response is None


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[Received]]]:
    """Return the URL of another server, and what it receives."""
    received: list[Received] = []
    with serving(recording(wire(), received)) as server:
        yield server.base_url, received


@pytest.mark.parametrize("how", ["send", "send_raw"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(how: str, status: int, elsewhere: tuple[str, list[Received]]) -> None:
    location, received = elsewhere
    script = closing(wire(status=status, Location=location))
    with serving(script) as server, Session(target(server.base_url)) as session:
        exchange = getattr(session, how)(Probe(session).first_request())
    assert (exchange.status, received) == (status, [])


def test_a_redirect_to_itself_is_not_followed() -> None:
    received: list[Received] = []
    script = recording(wire(status=302, Location="/uapi/phoneCalls/@me/@self"), received)
    with serving(script) as server, Session(target(server.base_url)) as session:
        session.send(Probe(session).first_request())
    assert len(received) == 1


def whole(probe: Probe) -> tuple[Verdict, dict[str, object]]:
    """Run every check, and report."""
    run = Run(probe, "recording", profile("recording"), 1, Budget())
    for requirement in [*run.acting, *run.observing]:
        run.decide(requirement)
    verdict = run.finish()
    return verdict, document(run, verdict)


RUNS = ["closes at once", "resets", "ends in the body", "speaks nonsense", "sends zeros"]


@pytest.mark.parametrize("script", [FAULTY[name] for name in RUNS], ids=RUNS)
def test_a_whole_run_ends_and_the_server_does_not_pass(script: Script) -> None:
    with serving(script) as server, Session(target(server.base_url, timeout_seconds=SOON)) as session:
        verdict, report = whole(Probe(session))
    assert verdict is not Verdict.CONFORMANT
    assert report["verdict"] == verdict.value


def test_a_whole_run_against_a_silent_server_ends() -> None:
    with serving(silent) as server, Session(target(server.base_url, timeout_seconds=0.02)) as session:
        verdict, _ = whole(Probe(session))
    assert verdict is not Verdict.CONFORMANT


@pytest.mark.parametrize("after", [1, 20, 100])
def test_a_server_that_goes_away_half_way_does_not_pass(laboratory: Laboratory, after: int) -> None:
    served = [0]

    async def fault(request: object, serve: Serve) -> object:
        served[0] += 1
        return await serve(request) if served[0] <= after else b""  # type: ignore[arg-type]

    with laboratory.probe(fault) as probe:  # type: ignore[arg-type]
        verdict, report = whole(probe)
    assert verdict is not Verdict.CONFORMANT
    assert ROLES.caller.token not in str(report)
