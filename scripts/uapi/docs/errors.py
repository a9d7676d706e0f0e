"""The errors that a person who builds the documentation can cause, and can mend."""

from __future__ import annotations

from uapi.errors import UapiError


class DocsError(UapiError):
    """The documentation cannot be built from what is there, or not be written where it should go."""
