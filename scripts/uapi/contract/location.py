"""Where something stands: a JSON pointer in a document, a line in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pathlib import PurePosixPath

Tokens: TypeAlias = tuple[str, ...]
"""A JSON pointer, taken apart: ("paths", "/phoneCalls/{userId}", "get")."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A line of a file; the path is relative to the root of the project."""

    file: PurePosixPath
    line: int

    def __str__(self) -> str:
        """Return `file:line`, which editors and terminals turn into a link."""
        return f"{self.file}:{self.line}"


def to_pointer(tokens: Tokens) -> str:
    """Write tokens as a JSON pointer (RFC 6901)."""
    return "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in tokens)


def to_tokens(pointer: str) -> Tokens:
    """Take a JSON pointer apart; raise ValueError if it does not begin with a slash."""
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        message = f"a JSON pointer begins with '/', not {pointer[0]!r}"
        raise ValueError(message)
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/"))


def resolve(document: object, tokens: Tokens) -> object:
    """Return what stands at a pointer; raise LookupError where nothing does."""
    value = document
    for token in tokens:
        if isinstance(value, dict):
            value = value[token]
        elif isinstance(value, list) and token.isascii() and token.isdigit():
            value = value[int(token)]
        else:
            raise LookupError(token)
    return value
