"""The kinds of values that settings have, each with what is wrong with a value in words of its own."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

TOKEN: Final = re.compile(r"[\x21-\x7e]+")
SEGMENT: Final = re.compile(r"[^/?#\s]+")
CALL: Final = re.compile(r"[^/?#\s]+/[^/?#\s]+/[^/?#\s]+")
HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE: Final = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
OWN_HEADERS: Final = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "expect",
        "host",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that decide what a request is, which the kit sets itself or leaves out on purpose."""
LONGEST_SEGMENT: Final = 255
Call = TypeVar("Call")
UNKNOWN: Final = "unknown"
"""What is said of a feature of which nobody knows whether the server has it."""


def _token(value: str) -> str:
    if not value:
        raise ValueError("it is empty")
    if not TOKEN.fullmatch(value):
        raise ValueError("it has a space, a line break or another character that no token has")
    return value


def _text(value: str) -> str:
    if not value:
        raise ValueError("it is empty")
    return value


def _segment(value: str) -> str:
    if not value:
        raise ValueError("it is empty")
    if len(value) > LONGEST_SEGMENT:
        raise ValueError(f"it has more than {LONGEST_SEGMENT} characters")
    if not SEGMENT.fullmatch(value):
        raise ValueError("it must have no slash, question mark, number sign or space")
    return value


def _url(value: str, example: str) -> str:
    try:
        parts = urlsplit(value)
        well_formed = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        well_formed = False
    if not well_formed or not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError(f"it must be an absolute http or https URL, such as {example}")
    if {"?", "#"} & set(value) or parts.username is not None:
        raise ValueError("it must have no query, fragment or user")
    return value


def _base_url(value: str) -> str:
    return _url(value, "https://pbx.example.com/uapi").rstrip("/")


def _token_url(value: str) -> str:
    return _url(value, "https://pbx.example.com/oauth/token.php")


def _proxy(value: str) -> str:
    try:
        parts = urlsplit(value)
        well_formed = bool(parts.hostname) and parts.port is not None
    except ValueError:
        well_formed = False
    if not well_formed or parts.scheme != "http" or parts.path not in {"", "/"} or parts.query or parts.fragment:
        # Not the value: it may hold a password.
        raise ValueError("it must be the http URL of a proxy with its port, such as http://proxy.example.com:3128")
    return value


def _offered(value: object, of_union: ValidatorFunctionWrapHandler) -> object:
    """Read whether a feature is offered; what is wrong is said once, and not for each kind of value."""
    try:
        return of_union(value)
    except ValidationError as error:
        raise ValueError("it must be true, false or unknown") from error


def _words(value: object) -> object:
    """Split a command as a shell would split it; nothing is expanded, and no shell runs it."""
    if not isinstance(value, str):
        return value
    try:
        return shlex.split(value)
    except ValueError as error:
        raise ValueError("a quotation mark in it is not closed") from error


def _calls(value: object) -> object:
    """Read phone calls, each of them text: in a list, or as words with spaces between."""
    words = value.split() if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) and CALL.fullmatch(word) for word in words):
        raise ValueError("it must have EXTENSION/ID/VIEW_ID for each phone call, such as 0003*211/b817d2618fe6f180/01")
    return [dict(zip(("extension", "id", "view_id"), word.split("/"), strict=True)) for word in words]


def _command(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value or not value[0]:
        raise ValueError("it names no program")
    return value


def _file(value: Path) -> Path:
    file = value.expanduser()
    if not file.is_file():
        raise ValueError("there is no such file")
    if not os.access(file, os.R_OK):
        raise ValueError("the file cannot be read")
    return file


def _header_lines(value: object) -> object:
    """Read headers from text, as an option or a variable gives them: one `Name: value` on each line."""
    if not isinstance(value, str):
        return value
    lines = [line for line in value.splitlines() if line.strip()]
    if not all(":" in line for line in lines):
        raise ValueError("it must have one 'Name: value' on each line")
    return {name.strip(): text.strip() for name, _, text in (line.partition(":") for line in lines)}


def _headers(value: dict[str, str]) -> dict[str, str]:
    for name, text in value.items():
        if not HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a header")
        if name.lower() in OWN_HEADERS:
            raise ValueError(f"the header {name} is the kit's own")
        if not HEADER_VALUE.fullmatch(text):
            raise ValueError(f"the value of {name} must be ASCII text without line breaks or spaces around it")
    return value


Token = Annotated[str, AfterValidator(_token), Field(json_schema_extra={"pattern": rf"^{TOKEN.pattern}$"})]
Text = Annotated[str, AfterValidator(_text), Field(json_schema_extra={"minLength": 1})]
Segment = Annotated[
    str,
    AfterValidator(_segment),
    Field(json_schema_extra={"pattern": rf"^{SEGMENT.pattern}$", "maxLength": LONGEST_SEGMENT}),
]
BaseUrl = Annotated[str, AfterValidator(_base_url), Field(json_schema_extra={"pattern": r"^https?://[^\s?#@]+$"})]
TokenUrl = Annotated[str, AfterValidator(_token_url), Field(json_schema_extra={"pattern": r"^https?://[^\s?#@]+$"})]
ProxyUrl = Annotated[str, AfterValidator(_proxy), Field(json_schema_extra={"pattern": r"^http://[^\s/?#]+:[0-9]+/?$"})]
File = Annotated[Path, AfterValidator(_file), WithJsonSchema({"type": "string", "minLength": 1})]
Command = Annotated[
    tuple[str, ...],
    BeforeValidator(_words),
    AfterValidator(_command),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]
Several: TypeAlias = Annotated[
    tuple[Call, ...],
    BeforeValidator(_calls),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string", "pattern": rf"^{CALL.pattern}$"}},
            ]
        }
    ),
]
"""Phone calls, each by its place."""
Offered = Annotated[bool | Literal["unknown"], WrapValidator(_offered)]
Headers = Annotated[dict[str, str], BeforeValidator(_header_lines), AfterValidator(_headers)]
