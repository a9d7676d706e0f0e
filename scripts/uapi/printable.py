"""Makes a text that somebody else wrote fit for a terminal."""

from __future__ import annotations


def printable(text: str, *, keep: str = "") -> str:
    """Return a text in which what a terminal obeys, or cannot show, is written as an escape, but for `keep`."""
    return "".join(one if one.isprintable() or one in keep else repr(one)[1:-1] for one in text)
