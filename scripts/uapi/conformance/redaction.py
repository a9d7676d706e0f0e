"""Replaces secrets in a text by the variables that stand for them, however the target spelled them.

A target may echo a token in a URL, in JSON or in HTML, where some of its characters are written otherwise. So each
character of a secret is looked for in all of its spellings, not the secret as a whole in a few of them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ENTITIES: Final = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
LONGEST_SPELLING: Final = 12
"""How many characters the longest spelling of one character has: a surrogate pair in JSON."""


MAX_MESSAGE: Final = 1000
"""How long a message may be that quotes a target, in characters."""


def shortened(message: str, secrets: Mapping[str, str]) -> str:
    """Return a message without secrets and not too long: a target may send a value of any length."""
    return clipped(message, secrets, MAX_MESSAGE)


def clipped(text: str, secrets: Mapping[str, str], limit: int) -> str:
    """Return a text without secrets, and no more of it than `limit` characters."""
    if len(text) <= limit:
        return redact(text, secrets)
    # A secret that a cut runs through is not recognized, so the text is cut again, before where it would begin.
    beyond = reach(secrets)
    shown = redact(text[: limit + beyond], secrets)
    end = len(shown) - (beyond if len(text) > limit + beyond else 0)
    return f"{shown[: min(end, limit)]} … {len(text)} characters in all"


def redact(text: str, secrets: Mapping[str, str]) -> str:
    """Return a text with each secret replaced by its variable, `secrets` as variables by secret."""
    given = tuple((secret, variable) for secret, variable in secrets.items() if secret)
    if not given:
        return text
    pattern, variables = _pattern(given)
    return pattern.sub(lambda match: variables[match.lastgroup] if match.lastgroup else match[0], text)


def reach(secrets: Mapping[str, str]) -> int:
    """Return how many characters a secret takes at most: a cut leaves out as many, so that it shows no part of one."""
    return LONGEST_SPELLING * max(map(len, secrets), default=0)


@lru_cache(maxsize=8)
def _pattern(secrets: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return a pattern of variables, which stay as they are, and of secrets, the longest first, each in a group."""
    longest_first = sorted(secrets, key=lambda pair: -len(pair[0]))
    variables = {f"secret{index}": variable for index, (_, variable) in enumerate(longest_first)}
    kept = "|".join(re.escape(variable) for _, variable in longest_first)
    groups = [
        f"(?P<secret{index}>{''.join(map(_spellings, secret))})" for index, (secret, _) in enumerate(longest_first)
    ]
    return re.compile("|".join([f"(?:{kept})", *groups]), re.IGNORECASE), variables


def _spellings(character: str) -> str:
    """Return a pattern of one character: plain, escaped, in percent-encoding, in JSON, as an entity of HTML."""
    code = ord(character)
    units = character.encode("utf-16-be", "surrogatepass").hex()
    spelled = [
        rf"\\?{re.escape(character)}",
        "".join(f"%{byte:02x}" for byte in character.encode("utf-8", "surrogatepass")),
        "".join(rf"\\u{units[start : start + 4]}" for start in range(0, len(units), 4)),
        f"&#0*{code};",
        f"&#x0*{code:x};",
    ]
    if character in ENTITIES:
        spelled.append(f"&{ENTITIES[character]};")
    if character == " ":
        spelled.append(r"\+")
    return f"(?:{'|'.join(spelled)})"
