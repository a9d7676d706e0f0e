"""Requests that are hard to digest: whatever is wrong with one of them, a server answers it, and does not fail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE: Final = 2**16
"""More characters than a text column holds, and than a buffer of 64 KiB."""
DEEP: Final = 5_000
"""More arrays in one another than a parser has levels that calls itself for each."""
LONG_TOKEN: Final = "no-such-token-" + "x" * 512


def bodies(view: str) -> Iterator[bytes]:
    """Yield bodies of a StartRecording on a view: a NUL, half a character, depth, size, a number that no double holds.

    Each is refused, or records the view; none names another view that exists.
    """
    start = {"action": "StartRecording", "phoneCallViewId": view}
    yield json.dumps({**start, "phoneCallViewId": "nosuch\0view"}).encode()
    yield json.dumps({**start, "phoneCallViewId": "nosuch\ud800view"}).encode()
    yield json.dumps(start).encode()[:-1] + b', "colour": ' + b"[" * DEEP + b"]" * DEEP + b"}"
    yield json.dumps({**start, "colour": "x" * LARGE}).encode()
    yield json.dumps(start).encode()[:-1] + b', "format": 1e400}'
