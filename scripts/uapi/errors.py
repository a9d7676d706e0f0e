"""The errors that a user of the tools can cause, and can mend.

Every room raises a subclass of `UapiError`; the command line renders it and ends with its exit code. An exception of
any other kind is a defect of the tools.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class UapiError(Exception):
    """What happened, where (`file:line`, a setting or a request), and the way out."""

    exit_code: ClassVar[int] = 2

    message: str
    where: str | None = None
    hint: str | None = None

    def __str__(self) -> str:
        """Return the error as it is shown: `where: message`, then the way out on a line of its own."""
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\n  {self.hint}" if self.hint else text
