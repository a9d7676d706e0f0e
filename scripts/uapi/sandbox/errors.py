"""The errors that a person who runs the sandbox can cause, and can mend."""

from __future__ import annotations

from uapi.errors import UapiError


class SandboxError(UapiError):
    """The sandbox cannot be run as it was asked to."""


class WorldError(SandboxError):
    """A world file cannot be read, or describes a world that cannot be."""


class DatabaseError(SandboxError):
    """The file that `--database` names cannot be used as the sandbox's database."""


class AddressError(SandboxError):
    """The sandbox cannot listen where it was asked to."""


class CertificateError(SandboxError):
    """The certificate that the sandbox was asked to serve with cannot be read, used or made."""


class TargetFileError(SandboxError):
    """The file that `--target-file` names cannot be written, or there is nothing to write into it."""
