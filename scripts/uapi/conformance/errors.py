"""The errors of the kit that its user can mend."""

from __future__ import annotations

from typing import ClassVar

from uapi.errors import UapiError


class ConformanceError(UapiError):
    """The kit cannot do what it was asked to do."""


class TargetError(ConformanceError):
    """The target configuration is missing, malformed, or says something impossible."""


class UnreachableError(ConformanceError):
    """The target does not answer, or does not answer as a server of this API does."""

    exit_code: ClassVar[int] = 3
