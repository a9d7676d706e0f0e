"""Makes the TLS settings of a target into what the `ssl` module wants."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from uapi.conformance.errors import TargetError

if TYPE_CHECKING:
    from uapi.conformance.target import Tls


class _EncryptedKeyError(Exception):
    """A key is protected by a passphrase."""


def tls_context(tls: Tls) -> ssl.SSLContext:
    """Return the context of TLS settings; raise TargetError for files that do not hold what they should."""
    try:
        context = ssl.create_default_context(cafile=tls.ca_file)
    except (ssl.SSLError, OSError) as error:
        hint = "It must be certificates in PEM: -----BEGIN CERTIFICATE-----."
        raise TargetError(f"no certificates can be read from {tls.ca_file}", where="tls.ca_file", hint=hint) from error
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if tls.client_certificate:
        _load_own(context, tls)
    return context


def _load_own(context: ssl.SSLContext, tls: Tls) -> None:
    def ask() -> str:
        raise _EncryptedKeyError

    certificate, key = tls.client_certificate, tls.client_key
    assert certificate is not None  # noqa: S101 - the caller looked
    try:
        context.load_cert_chain(certificate, key, password=ask)
    except _EncryptedKeyError:
        hint = "Name a file with the key as it is: openssl pkey -in KEY -out PLAIN"
        raise TargetError("the key is protected by a passphrase", where="tls.client_key", hint=hint) from None
    except (ssl.SSLError, OSError) as error:
        if "KEY_VALUES_MISMATCH" in str(error):
            message, hint = "the key is not that of the certificate", "Name the key that belongs to it."
        else:
            message = f"{certificate} and {key or 'no other file'} do not hold a certificate and its key"
            hint = "Both must be PEM; a key in a file of its own is named by tls.client_key."
        raise TargetError(message, where="tls.client_certificate", hint=hint) from error
