"""The errors that a user of the tools can cause, and can mend.

Every room raises a subclass of `UapiError`; the command line renders it and ends with its exit code. An exception of
any other kind is a defect of the tools.
"""

from __future__ import annotations

from typing import ClassVar, Final

from uapi.printable import printable


class UapiError(Exception):
    """What happened, where (`file:line`, a setting or a request), and the way out.

    Not a frozen dataclass: `contextlib` assigns `__traceback__` to exceptions, which a frozen dataclass refuses.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        """Keep what happened, where, and the way out."""
        super().__init__(message)
        self.message: Final = message
        self.where: Final = where
        self.hint: Final = hint

    def __str__(self) -> str:
        """Return the error as it is shown: `where: message`, then the way out on a line of its own.

        A server may have written a part of it; a terminal is not to obey that.
        """
        text = f"{self.where}: {self.message}" if self.where else self.message
        return printable(f"{text}\n  {self.hint}" if self.hint else text, keep="\n")
