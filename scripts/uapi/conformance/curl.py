"""Writes a request as a shell command that sends it again, octet for octet, with tokens as environment variables."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from uapi.conformance.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uapi.conformance.exchange import Request

BEGIN, END = "\ue000", "\ue001"
"""Around the name of a variable, in texts that are still to be quoted."""
MARK: Final = re.compile(f"{BEGIN}(.*?){END}", re.DOTALL)
SPECIAL: Final = re.compile(r'[\\"`$]')
PLAIN: Final = frozenset(range(32, 127)) - set(b"\\%'")
"""Octets that printf prints as they stand in its format, between single quotes."""


def curl(request: Request, secrets: Mapping[str, str]) -> str:
    """Return the command. `secrets` maps each secret to the shell variable that stands for it, such as `$TOKEN`."""
    marks = {secret: f"{BEGIN}{variable.lstrip('$')}{END}" for secret, variable in secrets.items()}
    url, query = _query(request.url, marks)
    words = ["curl", "--silent", "--show-error", "--include", "--path-as-is", "--globoff"]
    if request.method != "GET":
        words += ["--request", _word(request.method, marks)]
    for name, value in request.headers:
        # A header without a value is written with a semicolon, since curl drops it otherwise.
        words += ["--header", _word(f"{name}: {value}" if value else f"{name};", marks)]
    words += [word for pair in query for word in ("--url-query", _word(pair, marks))]
    before = ""
    if request.body:
        if not any(name.lower() == "content-type" for name, _ in request.headers):
            words += ["--header", "Content-Type:"]  # curl would declare a form
        text = _text(request.body)
        if text is not None:
            words += ["--data-raw", _word(text, marks)]
        else:
            before = f"printf '{_octal(request.body)}' | "
            words += ["--data-binary", "@-"]
    return before + " ".join([*words, _word(url, marks)])


def _query(url: str, marks: Mapping[str, str]) -> tuple[str, list[str]]:
    """Take the parameters that hold a secret out of a URL: curl is to encode what the variable holds."""
    base, mark, query = url.partition("?")
    kept, taken = [], []
    for pair in query.split("&") if mark else ():
        name, _, value = pair.partition("=")
        decoded = unquote_plus(value)
        if any(secret in decoded for secret in marks):
            taken.append(f"{name}={decoded}")
        else:
            kept.append(pair)
    return base + (f"?{'&'.join(kept)}" if kept else ""), taken


def _text(body: bytes) -> str | None:
    """Return a body as text that a word of the shell can hold, None where it cannot."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _word(text: str, marks: Mapping[str, str]) -> str:
    """Quote a word for the shell, its secrets as variables that the shell fills in."""
    marked = redact(text, marks)
    if BEGIN not in marked:
        return shlex.quote(text)
    return f'"{"".join(_pieces(marked))}"'


def _pieces(marked: str) -> Iterator[str]:
    at = 0
    for match in MARK.finditer(marked):
        yield SPECIAL.sub(r"\\\g<0>", marked[at : match.start()])
        # In braces, or a letter that follows would become a part of the name.
        yield f"${{{match[1]}}}"
        at = match.end()
    yield SPECIAL.sub(r"\\\g<0>", marked[at:])


def _octal(body: bytes) -> str:
    return "".join(chr(octet) if octet in PLAIN else f"\\{octet:03o}" for octet in body)
