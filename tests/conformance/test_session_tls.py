"""TLS: whom the kit trusts, how it makes itself known, and what it says where that fails."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from conformance.certificates import Authority, openssl
from conformance.loopback import Line, answering, serving
from conformance.made import target, wire
from uapi.conformance.errors import TargetError, UnreachableError
from uapi.conformance.probe import Probe
from uapi.conformance.session import Session, preflight
from uapi.conformance.target import Tls

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

    from conformance.loopback import Script

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not on PATH")
HOST = "127.0.0.1"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("stranger"))


def encrypted(context: ssl.SSLContext, script: Script | None = None) -> Script:
    def wrapped(line: Line) -> None:
        with context.wrap_socket(line.socket, server_side=True) as line.socket:
            (script or answering(wire()))(line)

    return wrapped


def begin(script: Script, scheme: str = "https", **tls: Any) -> Session:
    """Have a session with a server; return it afterwards."""
    with serving(script) as server:
        base_url = server.base_url.replace("http:", f"{scheme}:")
        with Session(target(base_url, tls=Tls(**tls), connect_timeout_seconds=5.0)) as session:
            preflight(session, Probe(session).first_request())
    return session


def complaint(script: Script, scheme: str = "https", **tls: Any) -> UnreachableError:
    with pytest.raises(UnreachableError) as caught:
        begin(script, scheme, **tls)
    return caught.value


def test_a_certificate_of_a_known_authority_is_trusted(authority: Authority) -> None:
    session = begin(encrypted(authority.identity(HOST).context()), ca_file=authority.file)
    assert [exchange.status for exchange in session.exchanges] == [200]


def test_a_connection_is_used_again(authority: Authority) -> None:
    connections = []
    script = encrypted(authority.identity(HOST).context())

    def counted(line: Line) -> None:
        connections.append(line)
        script(line)

    with serving(counted) as server:
        base_url = server.base_url.replace("http:", "https:")
        with Session(target(base_url, tls=Tls(ca_file=authority.file))) as session:
            probe = Probe(session)
            statuses = [probe.get().status for _ in range(5)] + [session.send_raw(probe.first_request()).status]
    assert (statuses, len(connections)) == ([200] * 6, 2)


def test_an_unknown_authority_is_said(authority: Authority, stranger: Authority) -> None:
    for known in ({}, {"ca_file": stranger.file}):
        error = complaint(encrypted(authority.identity(HOST).context()), **known)
        assert "is not trusted" in error.message
        assert "tls.ca_file" in str(error.hint)


def test_a_wrong_name_is_said(authority: Authority) -> None:
    error = complaint(encrypted(authority.identity("pbx.example").context()), ca_file=authority.file)
    assert "the certificate is not for 127.0.0.1" in error.message
    assert "base_url" in str(error.hint)


def test_an_expired_certificate_is_said(authority: Authority) -> None:
    error = complaint(encrypted(authority.identity(HOST, days=-1).context()), ca_file=authority.file)
    assert "has expired" in error.message
    assert "Renew" in str(error.hint)


def test_any_certificate_will_do_without_verification_and_the_report_says_so(stranger: Authority) -> None:
    session = begin(encrypted(stranger.identity("pbx.example", days=-1).context()), verify=False)
    assert session.exchanges[0].status == 200
    assert "tls.verify is false" in session.warnings[0]


def test_a_client_certificate_is_shown(authority: Authority) -> None:
    own = authority.identity("kit.example")
    script = encrypted(authority.identity(HOST).context(trusting=authority.file))
    session = begin(script, ca_file=authority.file, client_certificate=own.certificate, client_key=own.key)
    assert session.exchanges[0].status == 200


def test_a_missing_client_certificate_is_said(authority: Authority) -> None:
    script = encrypted(authority.identity(HOST).context(trusting=authority.file))
    assert "tls.client_certificate" in str(complaint(script, ca_file=authority.file).hint)


def test_a_client_certificate_of_a_stranger_is_said(authority: Authority, stranger: Authority) -> None:
    own = stranger.identity("kit.example")
    script = encrypted(authority.identity(HOST).context(trusting=authority.file))
    error = complaint(script, ca_file=authority.file, client_certificate=own.certificate, client_key=own.key)
    assert "tls.client_certificate" in str(error.hint)


def test_a_port_without_tls_is_said() -> None:
    def plain(line: Line) -> None:
        line.socket.recv(16)
        line.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    error = complaint(plain)
    assert "does not speak TLS" in error.message
    assert "http://" in str(error.hint)


def test_a_server_that_hangs_up_in_the_handshake_is_said() -> None:
    def hanging_up(line: Line) -> None:
        line.socket.recv(16)
        line.reset()

    assert "handshake" in complaint(hanging_up).message


def test_a_handshake_that_does_not_end_is_ended() -> None:
    with serving(Line.hold) as server:
        base_url = server.base_url.replace("http:", "https:")
        with Session(target(base_url, connect_timeout_seconds=0.1)) as session:
            exchange = session.send(Probe(session).first_request())
    assert "did not end the handshake" in str(exchange.fault)


def test_a_port_with_tls_is_said(authority: Authority) -> None:
    error = complaint(encrypted(authority.identity(HOST).context()), "http")
    assert "https://" in str(error.hint) or "the connection was" in error.message


def test_a_port_that_wants_tls_is_said() -> None:
    page = b"<h1>400 The plain HTTP request was sent to HTTPS port</h1>"
    error = complaint(answering(wire(page, status=400, content_type="text/html")), "http")
    assert "https://" in str(error.hint)


def test_a_key_of_another_certificate_is_a_mistake(authority: Authority) -> None:
    one, other = authority.identity("one.example"), authority.identity("other.example")
    settings = Tls(client_certificate=one.certificate, client_key=other.key)
    with pytest.raises(TargetError, match="the key is not that of the certificate"):
        Session(target("https://127.0.0.1/uapi", tls=settings))


def test_a_key_with_a_passphrase_is_a_mistake(authority: Authority, tmp_path: Path) -> None:
    own, key = authority.identity("kit.example"), tmp_path / "protected.key"
    openssl("pkey", "-in", own.key, "-aes256", "-passout", "pass:s3cr3t", "-out", key)
    with pytest.raises(TargetError, match="passphrase"):
        Session(target("https://127.0.0.1/uapi", tls=Tls(client_certificate=own.certificate, client_key=key)))


@pytest.mark.parametrize("setting", ["ca_file", "client_certificate"])
def test_a_file_that_is_no_pem_is_a_mistake(tmp_path: Path, setting: str) -> None:
    file = tmp_path / "file.pem"
    file.write_text("nonsense", "ascii")
    with pytest.raises(TargetError, match="PEM") as caught:
        Session(target("https://127.0.0.1/uapi", tls=Tls(**{setting: file})))
    assert caught.value.where == f"tls.{setting}"
