"""Certificates for a test, made by openssl: an authority, and what it signs."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)  # noqa: S603, S607 - on PATH


@dataclass(frozen=True)
class Identity:
    """A certificate and its key."""

    certificate: Path
    key: Path

    def context(self, *, trusting: Path | None = None) -> ssl.SSLContext:
        """Return the context of a server; one that trusts an authority asks for a client certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        if trusting is not None:
            context.load_verify_locations(trusting)
            context.verify_mode = ssl.CERT_REQUIRED
        return context


class Authority:
    """Signs certificates; its own is `file`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.file = folder / "ca.pem"
        self._key = folder / "ca.key"
        openssl("req", "-x509", *KEY, "-keyout", self._key, "-out", self.file, "-subj", "/CN=tests", "-days", 2)

    def identity(self, name: str, days: int = 2) -> Identity:
        """Return a certificate for an address or a name; with a negative number of days it has expired."""
        base = self._folder / f"{name}{days}"
        request, certificate, key = (base.with_name(f"{base.name}.{kind}") for kind in ("csr", "pem", "key"))
        extension = base.with_name(f"{base.name}.ext")
        extension.write_text(f"subjectAltName={'IP' if name[0].isdigit() else 'DNS'}:{name}\n", "ascii")
        openssl("req", "-new", *KEY, "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        times = ("-days", days)
        signing = ("-CA", self.file, "-CAkey", self._key, "-CAcreateserial", "-extfile", extension)
        openssl("x509", "-req", "-in", request, "-out", certificate, *signing, *times)
        return Identity(certificate, key)
