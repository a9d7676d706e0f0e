"""Reads a target from a file, the environment and options."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from uapi.conformance.errors import TargetError
from uapi.conformance.target.explaining import EXAMPLE, explained, holds_secrets
from uapi.conformance.target.model import Target
from uapi.conformance.target.settings import (
    CREDENTIALS,
    Path_,
    environment_name,
    is_command,
    is_file,
    settings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def load_target(file: Path | None, environment: Mapping[str, str], options: Mapping[Path_, str]) -> Target:
    """Return the target that a file, the environment and options describe together.

    Files that a target file names are looked for beside it. Raises TargetError for a file that cannot be read, and
    for settings that are missing, unknown, malformed or contradictory.
    """
    document = _read(file, environment) if file else {}
    if file:
        _resolve(document, file.parent)
    origins: dict[Path_, str] = {}
    named = {path: environment_name(path) for path, _ in settings()}
    _lay_over(document, {path: environment[name] for path, name in named.items() if name in environment})
    origins |= {path: name for path, name in named.items() if name in environment}
    _lay_over(document, options)
    origins |= dict.fromkeys(options, "")
    try:
        return Target.model_validate(document)
    except ValidationError as error:
        raise explained(error, file, origins) from None  # what pydantic says has the secrets in it


def _lay_over(document: dict[str, Any], values: Mapping[Path_, str]) -> None:
    """Put stronger settings over weaker ones. Credentials of one kind replace those of another."""
    stronger: dict[str, set[str]] = {}
    for path in values:
        if len(path) > 1 and path[1] in CREDENTIALS:
            stronger.setdefault(path[0], set()).add(path[1])
    for principal, kinds in stronger.items():
        section = document.get(principal)
        if isinstance(section, dict):
            for weaker in set(CREDENTIALS) - kinds:
                section.pop(weaker, None)
    for path, value in values.items():
        _put(document, path, value)


def _put(document: dict[str, Any], path: Path_, value: str) -> None:
    section = document
    for name in path[:-1]:
        below = section.setdefault(name, {})
        if not isinstance(below, dict):
            what = "" if holds_secrets((name,)) else f", not {below!r}"
            raise TargetError(f"{name} must be a table{what}", where=".".join(path), hint=EXAMPLE)
        section = below
    section[path[-1]] = value


def _read(file: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        message = f"the target file cannot be read: {reason}"
        hint = "Name a TOML file with --target; 'uapi conformance init' writes one to fill in."
        raise TargetError(message, where=str(file), hint=hint) from error
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        hint = "The file must be TOML, see https://toml.io: text stands in quotation marks."
        raise TargetError(str(error), where=str(file), hint=hint) from error
    return {key: _substituted(value, environment, f"{file}: {key}") for key, value in document.items()}


def _substituted(value: Any, environment: Mapping[str, str], where: str) -> Any:  # noqa: ANN401 - any TOML value
    match value:
        case dict():
            return {key: _substituted(item, environment, f"{where}.{key}") for key, item in value.items()}
        case list():
            return [_substituted(item, environment, where) for item in value]
        case str():

            def variable(match: re.Match[str]) -> str:
                if (found := environment.get(match[1])) is None:
                    message = f"the environment variable {match[1]} is not set"
                    raise TargetError(message, where=where, hint=f"Set it: export {match[1]}=…")
                return found

            return VARIABLE.sub(variable, value)
        case _:
            return value


def _resolve(section: dict[str, Any], folder: Path, prefix: Path_ = ()) -> None:
    """Make relative the files and the programs of a target file to the folder that it stands in."""
    for name, value in section.items():
        path = (*prefix, name)
        if isinstance(value, dict):
            _resolve(value, folder, path)
        elif is_file(path) and isinstance(value, str):
            section[name] = str(folder / Path(value).expanduser())
        elif is_command(path):
            section[name] = _program(value, folder)


def _program(value: Any, folder: Path) -> Any:  # noqa: ANN401 - any TOML value
    """Resolve the program of a command, where it is named by a path and not looked for on PATH."""
    try:
        words = shlex.split(value) if isinstance(value, str) else list(value)
    except (TypeError, ValueError):
        return value  # the model says what is wrong with it
    if words and isinstance(words[0], str) and "/" in words[0]:
        words[0] = str((folder / Path(words[0]).expanduser()).absolute())
    return words
