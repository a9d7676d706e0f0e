"""HTTPS: whom the certificate of the sandbox's own making convinces, and what is said of one that is given."""

from __future__ import annotations

import http.client
import ssl
import stat
from pathlib import Path
from typing import Any

import httpx2
import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from sandbox.desk import LOCAL_CALL, START, USER
from sandbox.process import ask, connect, end, running
from uapi.sandbox.commands import sandbox
from uapi.sandbox.errors import CertificateError
from uapi.sandbox.tls import Tls, given_certificate, make_certificate
from uapi_phonecalls.client import Client
from uapi_phonecalls.client.errors import APIConnectionError

CALL = f"/uapi/phoneCalls/@me/0003*210/{LOCAL_CALL}"


def convinces(tls: Tls, name: str) -> bool:
    """Whether a client that trusts the authority believes that the server is the one of a name."""
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(tls.certificate, tls.key)
    client_side = ssl.create_default_context(cafile=tls.authority)
    client_side.verify_flags |= ssl.VERIFY_X509_STRICT
    upward, downward = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_side.wrap_bio(downward, upward, server_hostname=name)
    server = server_side.wrap_bio(upward, downward, server_side=True)
    for step in (client, server, client):
        try:
            step.do_handshake()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLCertVerificationError:
            return False
    return True


# Of its own making


def test_requests_and_links_are_https(tmp_path: Path) -> None:
    with running(tmp_path, "--tls") as (process, target):
        status, body = ask(target, "PUT", CALL, START)
        _, listed = ask(target, "GET", "/uapi/phoneCalls/@me/0003*210?count=1")
        output, errors = end(process)
    base_url, ca_file = target["base_url"], target["tls"]["ca_file"]
    assert (status, base_url[:18]) == (200, "https://127.0.0.1:")
    assert body["links"]["self"].startswith(f"{base_url}/phoneCalls/")
    assert listed["paging"]["next"].startswith(f"{base_url}/phoneCalls/")
    lines = output.splitlines()
    assert lines[:2] == [base_url, f"  CA file: {ca_file}"]
    assert lines[-1] == (f"curl --cacert {ca_file} -H 'Authorization: Bearer {USER}' '{base_url}/phoneCalls/@me/@self'")
    assert errors == ""


def test_generated_client_is_told_whom_to_trust(tmp_path: Path) -> None:
    with running(tmp_path, "--tls") as (_, target):
        context = ssl.create_default_context(cafile=target["tls"]["ca_file"])
        with (
            httpx2.Client(verify=context) as http_client,
            Client(base_url=target["base_url"], bearer=USER, http_client=http_client) as trusting,
        ):
            assert trusting.phone_calls.list_phone_calls(userId="@me", extension="0003*210") is not None
        with (
            Client(base_url=target["base_url"], bearer=USER, max_retries=0) as unknowing,
            pytest.raises(APIConnectionError),
        ):
            unknowing.phone_calls.list_phone_calls(userId="@me", extension="0003*210")


def test_nothing_of_the_key_is_left_or_can_be_read_by_others(tmp_path: Path) -> None:
    with running(tmp_path, "--tls") as (process, target):
        files = list((tmp_path / "temporary").rglob("*"))
        folder = Path(target["tls"]["ca_file"]).parent
        keys = [file for file in files if file.is_file() and b"PRIVATE KEY" in file.read_bytes()]
        assert [stat.S_IMODE(file.stat().st_mode) for file in (folder, *keys)] == [0o700, 0o600]
        end(process)
    assert not list((tmp_path / "temporary").iterdir())


def test_all_workers_have_the_certificate(tmp_path: Path) -> None:
    with running(tmp_path, "--tls", "--workers", "2") as (process, target):
        assert {ask(target, "GET", CALL)[0] for _ in range(10)} == {200}
        _, errors = end(process)
    assert errors == ""


def test_certificate_of_the_authority_goes_to_a_named_file(tmp_path: Path) -> None:
    file = tmp_path / "authority.pem"
    with running(tmp_path, "--tls", "--ca-file", str(file)) as (process, target):
        assert target["tls"]["ca_file"] == str(file)
        assert ask(target, "GET", CALL)[0] == 200
        end(process)
    assert b"PRIVATE KEY" not in file.read_bytes()


def test_unknown_authority_is_not_believed_and_plain_http_not_answered(tmp_path: Path) -> None:
    with running(tmp_path, "--tls") as (process, target):
        with pytest.raises(ssl.SSLCertVerificationError):
            ask({"base_url": target["base_url"]}, "GET", CALL)
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            ask({"base_url": target["base_url"].replace("https", "http")}, "GET", CALL)
        assert ask(target, "GET", CALL)[0] == 200
        _, errors = end(process)
    assert errors == ""


def test_idle_connection_does_not_hold_it(tmp_path: Path) -> None:
    with running(tmp_path, "--tls") as (process, target):
        connection = connect(target)
        connection.request("GET", CALL, headers={"Authorization": f"Bearer {USER}"})
        connection.getresponse().read()
        _, errors = end(process)
        connection.close()
    assert errors == ""  # uvicorn complains of connections that outlive the time they have to end.


@pytest.mark.parametrize(
    "name", ["localhost", "127.0.0.1", "::1", "sandbox.example", "192.0.2.7", "xn--bcher-kva.example"]
)
def test_certificate_is_for_loopback_and_the_names_asked_for(tmp_path: Path, name: str) -> None:
    tls = make_certificate(tmp_path, ["sandbox.example", "192.0.2.7", "127.0.0.1", "bücher.example"])
    assert convinces(tls, name)
    assert not convinces(tls, "other.example")


def test_certificate_is_for_the_host_and_the_public_url(tmp_path: Path) -> None:
    options = ("--host", "0.0.0.0", "--public-url", "https://sandbox.example")  # noqa: S104 - of the test machine
    with running(tmp_path, "--tls", *options) as (process, target):
        folder = Path(target["tls"]["ca_file"]).parent
        tls = Tls(folder / "certificate.pem", folder / "key.pem", folder / "ca.pem")
        assert target["base_url"] == "https://sandbox.example/uapi"
        assert convinces(tls, "sandbox.example")
        assert not convinces(tls, "0.0.0.0")  # noqa: S104 - no name of a server
        end(process)


def test_name_that_no_certificate_can_be_for(tmp_path: Path) -> None:
    with pytest.raises(
        CertificateError, match=r"localhost, 127\.0\.0\.1, ::1, my_host: a certificate cannot be made"
    ) as caught:
        make_certificate(tmp_path, ["my_host"])
    assert "--cert" in str(caught.value.hint)


def test_file_of_the_authority_that_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "missing" / "ca.pem"
    with pytest.raises(CertificateError, match=r"ca\.pem: .* cannot be written: No such file") as caught:
        make_certificate(tmp_path, [], file)
    assert "--ca-file" in str(caught.value.hint)


# Given


class Given:
    """Files of a certificate and a key, and what is wrong with some of them."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        leaf, other = self.authority.issue_cert("127.0.0.1"), self.authority.issue_cert("127.0.0.1")
        self.certificate, self.key = folder / "cert.pem", folder / "key.pem"
        leaf.cert_chain_pems[0].write_to_path(self.certificate)
        leaf.private_key_pem.write_to_path(self.key)
        self.missing = folder / "missing.pem"
        self.cut = folder / "cut.pem"
        self.cut.write_bytes(self.certificate.read_bytes()[:200])
        self.other = folder / "other.pem"
        other.private_key_pem.write_to_path(self.other)
        self.protected = folder / "protected.pem"
        protection = BestAvailableEncryption(b"s3cr3t")
        key = load_pem_private_key(self.key.read_bytes(), None)
        self.protected.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection))
        self.ca_file = folder / "ca.pem"
        self.authority.cert_pem.write_to_path(self.ca_file)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    return Given(tmp_path_factory.mktemp("given"))


def test_given_certificate_is_served(tmp_path: Path, given: Given) -> None:
    with running(tmp_path, "--cert", str(given.certificate), "--key", str(given.key)) as (process, target):
        assert "tls" not in target
        trusting: dict[str, Any] = {**target, "tls": {"ca_file": str(given.ca_file)}}
        assert ask(trusting, "GET", CALL)[0] == 200
        output, _ = end(process)
    assert "CA file" not in output
    assert "--cacert" not in output


@pytest.mark.parametrize(
    ("certificate", "key", "message", "hint"),
    [
        ("missing", "key", r"--cert \S+missing.pem: the file cannot be read: No such file", "--cert"),
        ("certificate", "missing", r"--key \S+missing.pem: the file cannot be read: No such file", "--key"),
        ("key", "key", r"--cert \S+key.pem: the file has no certificate", "BEGIN CERTIFICATE|CERTIFICATE-----"),
        ("certificate", "certificate", r"--key \S+cert.pem: the file has no private key", "PRIVATE KEY-----"),
        ("certificate", "other", r"--key \S+other.pem: the key is not that of the certificate \S+cert.pem", "belongs"),
        ("certificate", "protected", r"--key \S+protected.pem: the key is protected by a passphrase", "openssl pkey"),
        ("cut", "key", r"--cert \S+cut.pem --key \S+key.pem: the certificate and the key cannot be used", "in PEM"),
    ],
)
def test_mistake_in_a_given_certificate(given: Given, certificate: str, key: str, message: str, hint: str) -> None:
    with pytest.raises(CertificateError, match=message) as caught:
        given_certificate(getattr(given, certificate), getattr(given, key))
    assert any(part in str(caught.value.hint) for part in hint.split("|"))
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--cert", "cert.pem"), "--cert needs its private key"),
        (("--tls", "--key", "key.pem"), "--key is the key of a certificate"),
        (("--ca-file", "ca.pem"), "Give --tls too"),
        (("--tls", "--cert", "a", "--key", "b", "--ca-file", "ca.pem"), "and no --cert"),
    ],
)
def test_mistake_in_the_options(capsys: pytest.CaptureFixture[str], options: tuple[str, ...], message: str) -> None:
    with pytest.raises(SystemExit) as caught:
        sandbox.main(["--port", "0", *options])
    assert caught.value.code == 2
    assert message in capsys.readouterr().err
