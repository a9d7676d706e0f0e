"""The errors of the kit that its user can mend."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from uapi.conformance.redaction import shortened
from uapi.errors import UapiError

if TYPE_CHECKING:
    from collections.abc import Mapping


class ConformanceError(UapiError):
    """The kit cannot do what it was asked to do."""

    def without(self, secrets: Mapping[str, str]) -> Self:
        """Return the error as it may be told: a target may have written a part of it, and repeated a secret."""
        hint = None if self.hint is None else shortened(self.hint, secrets)
        return type(self)(shortened(self.message, secrets), where=self.where, hint=hint)


class TargetError(ConformanceError):
    """The target configuration is missing, malformed, or says something impossible."""


class UnreachableError(ConformanceError):
    """The target does not answer, or does not answer as a server of this API does."""

    exit_code: ClassVar[int] = 3
