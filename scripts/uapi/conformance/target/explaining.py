"""Says what is wrong with a target configuration: the setting, its value unless it is a secret, and the way out."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.errors import TargetError
from uapi.conformance.target.settings import Path_, environment_name, is_secret, option_name, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

EXAMPLE: Final = "See 'uapi conformance --help' for all settings."
CONFIDENTIAL: Final = re.compile(r"(?<=://)[^/?#]*(?=@)|(?<=://)(?P<before>[^?#]*[?#]).*")
SHOWN: Final = 80
"""How many characters of a wrong value are shown."""
REASONS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "missing": lambda _: "it is required",
    "string_type": lambda _: "it must be text, in quotation marks",
    "bool_parsing": lambda _: "it must be true or false",
    "bool_type": lambda _: "it must be true or false",
    "float_parsing": lambda _: "it must be a number",
    "float_type": lambda _: "it must be a number",
    "int_parsing": lambda _: "it must be a whole number",
    "int_parsing_size": lambda _: "it must be a whole number",
    "int_type": lambda _: "it must be a whole number",
    "int_from_float": lambda _: "it must be a whole number",
    "finite_number": lambda _: "it must be a number",
    "greater_than": lambda limit: f"it must be more than {limit['gt']:g}",
    "greater_than_equal": lambda limit: f"it must be at least {limit['ge']:g}",
    "less_than_equal": lambda limit: f"it must be at most {limit['le']:g}",
    "tuple_type": lambda _: "it must be a program with its arguments, as a list or as text",
    "dict_type": lambda _: "it must be a table",
    "model_type": lambda _: "it must be a table",
    "model_attributes_type": lambda _: "it must be a table",
    "path_type": lambda _: "it must be the name of a file",
    "literal_error": lambda choice: f"it must be one of {choice['expected']}",
}
"""What is wrong, in our words, by the type of pydantic's error."""


def explained(error: ValidationError, file: Path | None, origins: Mapping[Path_, str]) -> TargetError:
    """Return the error of the first wrong setting.

    `origins` names the variable of each setting that is from the environment, and is empty for one of an option.
    """
    # What may not be there at all says more than what is missing: it is often the same setting, misspelt.
    first = min(error.errors(include_url=False), key=lambda found: found["type"] != "extra_forbidden")
    path = tuple(str(part) for part in first["loc"])
    context = first.get("ctx", {})
    if first["type"] == "contradiction":
        path = (*path, context["setting"])
    known = dict(settings())
    leaf = next((other for end in range(len(path), 0, -1) for other in known if other[:end] == path[:end]), path)
    name = ".".join(path)
    origin = next((origins[path[:end]] for end in range(len(path), 0, -1) if path[:end] in origins), file)
    where = f"{origin}: {name}" if origin else name
    if first["type"] == "extra_forbidden":
        return _unknown(path, where)
    reason = _reason(first, context)
    return TargetError(f"{reason}{_shown(path, first)}", where=where, hint=_way_out(leaf, known))


def _reason(first: ErrorDetails, context: Mapping[str, Any]) -> str:
    if first["type"] in REASONS:
        return REASONS[first["type"]](context)
    return first["msg"].removeprefix("Value error, ")


def _shown(path: Path_, first: ErrorDetails) -> str:
    if first["type"] in {"missing", "contradiction"} or holds_secrets(path):
        return ""
    value = first["input"]
    return f": {shown(value) if isinstance(value, str) else str(value)[:SHOWN]!r}"


def shown(value: str) -> str:
    """Return a wrong value without what may be a secret in a URL: its user, and what its query says."""
    return CONFIDENTIAL.sub(lambda match: f"{match['before'] or ''}…", value)[:SHOWN]


def holds_secrets(path: Path_) -> bool:
    """Tell whether a setting is a secret, or is a section that has one."""
    return is_secret(path) or any(is_secret(other) for other, _ in settings() if other[: len(path)] == path)


def _unknown(path: Path_, where: str) -> TargetError:
    depth = len(path)
    beside = list(dict.fromkeys(".".join(other[:depth]) for other, _ in settings() if other[: depth - 1] == path[:-1]))
    near = get_close_matches(".".join(path), beside, 1)
    meant = f"Did you mean {near[0]}? " if near else ""
    hint = f"{meant}Settings that exist here: {', '.join(beside) or 'none'}."
    return TargetError("there is no such setting", where=where, hint=hint)


def _way_out(leaf: Path_, known: Mapping[Path_, str]) -> str:
    hint = f"Set it with {option_name(leaf)}, {environment_name(leaf)}, or {'.'.join(leaf)} in the target file"
    return f"{hint}: {known[leaf]}." if leaf in known else EXAMPLE
