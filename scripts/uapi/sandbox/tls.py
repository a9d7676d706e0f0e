"""The certificate of the sandbox: made for it, with an authority that clients can trust, or made by somebody else."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from uapi.sandbox.errors import CertificateError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
"""The names that every certificate of the sandbox's own making is for."""
VALID: Final = timedelta(days=365)
SLACK: Final = timedelta(days=1)
"""By how much the clock of a client may be behind."""
OWNER_ONLY: Final = 0o600


@dataclass(frozen=True)
class Tls:
    """The files of a certificate and its key, and of the authority that signed it where that is known."""

    certificate: Path
    key: Path
    authority: Path | None = None


class _EncryptedKeyError(Exception):
    """A key is protected by a passphrase."""


def make_certificate(folder: Path, names: Iterable[str], authority: Path | None = None) -> Tls:
    """Make an authority and a certificate for names and addresses; write them into a folder.

    The certificate of the authority goes to the file `authority` if there is one; its key is not kept. Raises
    CertificateError for a name that no certificate can be for, and where that file cannot be written.
    """
    import trustme  # noqa: PLC0415 - needed only where a certificate is made

    now = datetime.now(UTC)
    signer = trustme.CA(path_length=0, organization_name="uapi sandbox")
    served = tuple(dict.fromkeys((*LOOPBACK, *names)))
    try:
        leaf = signer.issue_cert(
            *served, organization_name="uapi sandbox", not_before=now - SLACK, not_after=now + VALID
        )
    except ValueError as error:
        hint = "Name an address with --host, or give a certificate with --cert and --key."
        message = f"a certificate cannot be made for one of these names: {error}"
        raise CertificateError(message, where=", ".join(served), hint=hint) from error
    made = Tls(folder / "certificate.pem", folder / "key.pem", authority or folder / "ca.pem")
    chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
    _write(made.certificate, chain)
    _write(made.key, leaf.private_key_pem.bytes())
    if authority:
        try:
            authority.write_bytes(signer.cert_pem.bytes())
        except OSError as error:
            message = f"the certificate of the authority cannot be written: {error.strerror}"
            hint = "Name a file in a folder that you can write to with --ca-file."
            raise CertificateError(message, where=str(authority), hint=hint) from error
    else:
        _write(folder / "ca.pem", signer.cert_pem.bytes())
    return made


def given_certificate(certificate: Path, key: Path) -> Tls:
    """Return a certificate that somebody made.

    Raises CertificateError for files that cannot be read, that do not hold what they should, or that do not belong
    together.
    """
    for option, file, label in (("--cert", certificate, b"CERTIFICATE-----"), ("--key", key, b"PRIVATE KEY-----")):
        try:
            content = file.read_bytes()
        except OSError as error:
            hint = f"Name a file in PEM that you can read with {option}."
            raise CertificateError(
                f"the file cannot be read: {error.strerror}", where=f"{option} {file}", hint=hint
            ) from error
        if label not in content:
            what = "certificate" if option == "--cert" else "private key"
            hint = f"It must be PEM, with a line that ends with {label.decode()}."
            raise CertificateError(f"the file has no {what}", where=f"{option} {file}", hint=hint)
    _load(certificate, key)
    return Tls(certificate, key)


def _load(certificate: Path, key: Path) -> None:
    def ask() -> str:
        raise _EncryptedKeyError

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=ask)
    except _EncryptedKeyError:
        hint = "Name a file with the key as it is: openssl pkey -in KEY -out PLAIN"
        raise CertificateError("the key is protected by a passphrase", where=f"--key {key}", hint=hint) from None
    except ssl.SSLError as error:
        if "MISMATCH" in str(error):
            message, hint = f"the key is not that of the certificate {certificate}", "Name the key that belongs to it."
            raise CertificateError(message, where=f"--key {key}", hint=hint) from error
        message, hint = f"the certificate and the key cannot be used: {error.reason}", "Both must be whole and in PEM."
        raise CertificateError(message, where=f"--cert {certificate} --key {key}", hint=hint) from error


def _write(file: Path, content: bytes) -> None:
    """Write a new file that is its owner's only from the beginning."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as stream:
        stream.write(content)
