"""What a place of a contract is called in a sentence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from uapi.contract.grammar import METHODS
from uapi.contract.location import resolve

if TYPE_CHECKING:
    from uapi.contract.diff.model import Contract
    from uapi.contract.location import Tokens

COMPONENT: Final = 3
KEYWORDS: Final = frozenset({"allOf", "anyOf", "oneOf", "content", "headers", "parameters", "properties", "responses"})
"""What is left out of a name, and a name or a number follows it."""
SHORT: Final = {"items": "[]", "additionalProperties": ".*", "schema": ""}


def subject(contract: Contract, tokens: Tokens) -> str:
    """Return the name of a place: `PhoneCall.phoneCallView[].status`, or `GET /phoneCalls/{userId} 200`."""
    match tokens:
        case ("components", _, name, *_):
            text, rest = name, tokens[COMPONENT:]
        case ("paths", path, method, *_) if method in METHODS:
            text, rest = f"{method.upper()} {path}", tokens[COMPONENT:]
        case ("paths", path, *_):
            text, rest = path, tokens[2:]
        case _:
            text, rest = "the contract", tokens
    at = tokens[: len(tokens) - len(rest)]
    keyword = ""
    for token in rest:
        at = (*at, token)
        if keyword:
            text, keyword = f"{text}{_member(contract, keyword, at)}", ""
        elif token in KEYWORDS:
            keyword = token
        else:
            text += SHORT.get(token, f" {token}")
    return text


def _member(contract: Contract, keyword: str, tokens: Tokens) -> str:
    """Return what is added for a member of a map or a list, which stands at the last token."""
    if keyword.endswith("Of"):
        return ""
    if keyword == "properties":
        return f".{tokens[-1]}"
    return f" {_parameter(contract, tokens) if keyword == 'parameters' else tokens[-1]}"


def _parameter(contract: Contract, tokens: Tokens) -> str:
    value = resolve(contract.bundle.document, tokens)
    if isinstance(value, dict):
        return str(value.get("name") or str(value.get("$ref", "")).rpartition("/")[2])
    return tokens[-1]


def quoted(value: object, longest: int = 60) -> str:
    """Return a value for a sentence."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{text}`" if len(text) <= longest else f"`{text[: longest - 1]}…`"
