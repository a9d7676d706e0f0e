"""How a body stands on a page: JSON on one line is indented, and a long body begins with its start alone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN_CHARACTERS: Final = 2000
"""How much of a body is shown at once."""
LEEWAY: Final = 500
"""A body is not cut for so few characters more."""
ONE_LINE: Final = 80
"""JSON up to this many characters is read well as it came."""
TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[][{},:]|[^][{},:"\s]+')

OPENING: Final = frozenset("[{")
CLOSING: Final = frozenset("]}")


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it is shown: its start, the rest of a long one, and whether its line was broken up."""

    start: str
    rest: str = ""
    indented: bool = False


def laid_out(text: str) -> Body:
    """Return a body as a page shows it. JSON keeps each of its tokens as it was sent; only white space is added."""
    shown = "".join(_indented(text)) if len(text) > ONE_LINE and "\n" not in text and _is_json(text) else text
    indented = shown != text
    if len(shown) <= SHOWN_CHARACTERS + LEEWAY:
        return Body(shown, indented=indented)
    end = shown.rfind("\n", SHOWN_CHARACTERS // 2, SHOWN_CHARACTERS) + 1 or SHOWN_CHARACTERS
    return Body(shown[:end], shown[end:], indented)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _indented(text: str) -> Iterator[str]:
    """Yield the tokens of a JSON text with white space between them, an empty array or object in one piece."""
    depth, before = 0, ""
    for part in TOKEN.findall(text):
        depth -= part in CLOSING
        if before == "," or (before in OPENING) != (part in CLOSING):
            yield "\n" + "  " * depth
        elif before == ":":
            yield " "
        yield part
        depth += part in OPENING
        before = part
