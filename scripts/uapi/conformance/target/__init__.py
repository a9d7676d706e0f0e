"""The target configuration: which server is tested, with whose tokens, on which phone call.

Every setting can stand in a TOML file, in an environment variable and on the command line; the command line is
stronger than the environment, the environment stronger than the file. `caller.token` is `UAPI_CALLER_TOKEN` in the
environment and `--caller-token` on the command line. In the file, `${NAME}` is replaced by an environment variable.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from uapi.conformance.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
EXAMPLE: Final = "See 'uapi conformance --help' for all settings."


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = "it must be an absolute http or https URL that ends with the base path, such as https://host/uapi"
        raise ValueError(message)
    if parts.query or parts.fragment or parts.username:
        message = "it must have no query, fragment or user"
        raise ValueError(message)
    return value.rstrip("/")


Token = Annotated[str, Field(min_length=1, pattern=r"^[\x21-\x7e]+$")]
Segment = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^/?#\s]+$")]


class Section(BaseModel):
    """A part of the configuration; a setting that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TokenOnly(Section):
    """A principal of whom only the token is needed."""

    token: Token = Field(description="an access token")


class User(Section):
    """A principal that is a user, with an extension of its own."""

    token: Token = Field(description="an access token of the user")
    user_id: Segment = Field(description="the user's identifier")
    extension: Segment = Field(description="an extension of the user, in its extended form")


class PhoneCall(Section):
    """A phone call in progress, and the view that is to be recorded."""

    id: Segment = Field(description="the id of a phone call in progress")
    view_id: Segment = Field(description="the id of the view to record, best one of two that can be recorded")


class OtherPhoneCall(PhoneCall):
    """A phone call of the caller, on an extension of its own."""

    extension: Segment = Field(description="the extension of the call")


class Extension(Section):
    """An extension of the caller."""

    extension: Segment = Field(description="an extension of the caller without phone calls")


class Features(Section):
    """What the server offers. A feature that it lacks leaves its requirements out of the verdict."""

    list: bool = Field(default=True, description="whether the server lists phone calls")
    get: bool = Field(default=True, description="whether the server returns one phone call")
    stop_recording: bool = Field(default=True, description="whether the server stops recordings")

    def offers(self, feature: str | None) -> bool:
        """Tell whether a feature of the register, such as `stop-recording`, is offered."""
        return feature is None or bool(getattr(self, feature.replace("-", "_")))


class Target(Section):
    """A server under test."""

    base_url: Annotated[str, AfterValidator(_base_url)] = Field(description="URL of the API with its base path /uapi")
    timeout_seconds: float = Field(default=10.0, gt=0, le=600, description="how long to wait for an answer, in seconds")
    caller: User = Field(description="the user whose phone call is recorded")
    phone_call: PhoneCall = Field(description="the phone call to record")
    stranger: User | None = Field(default=None, description="another user; without one, isolation is not exercised")
    expired: TokenOnly | None = Field(
        default=None, description="an expired token; without one, expiry is not exercised"
    )
    organization: TokenOnly | None = Field(default=None, description="a token of the caller's organization")
    other_organization: TokenOnly | None = Field(default=None, description="a token of another organization")
    administrator: TokenOnly | None = Field(default=None, description="a token of the administrator")
    idle: Extension | None = Field(default=None, description="an extension of the caller without phone calls")
    unrecordable_call: OtherPhoneCall | None = Field(
        default=None, description="a phone call on a terminal that is not set up for recording"
    )
    ending_call: OtherPhoneCall | None = Field(default=None, description="a phone call that ends while it is updated")
    features: Features = Field(default_factory=Features, description="what the server offers")

    def secrets(self) -> dict[str, str]:
        """Return each token with the shell variable that stands for it in a report."""
        found: dict[str, str] = {}
        for name in type(self).model_fields:
            token = getattr(getattr(self, name), "token", None)
            if token is not None:
                found.setdefault(token, f"${environment_name((name, 'token'))}")
        return found


Path_ = tuple[str, ...]


def settings(model: type[BaseModel] = Target, prefix: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Yield the path and the description of every setting, `(("caller", "token"), "an access token …")`."""
    for name, field in model.model_fields.items():
        nested = [kind for kind in (field.annotation, *getattr(field.annotation, "__args__", ())) if _is_section(kind)]
        if nested:
            section = f"{field.description or name}: "
            yield from ((path, section + text) for path, text in settings(nested[0], (*prefix, name)))
        else:
            yield (*prefix, name), field.description or ""


def _is_section(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Section)


def environment_name(path: Path_) -> str:
    """Return the environment variable of a setting."""
    return "_".join(("UAPI", *path)).upper()


def option_name(path: Path_) -> str:
    """Return the command-line option of a setting."""
    return "--" + "-".join(path).replace("_", "-")


def load_target(file: Path | None, environment: Mapping[str, str], options: Mapping[Path_, str]) -> Target:
    """Return the target that a file, the environment and options describe together.

    Raises TargetError for a file that cannot be read, and for settings that are missing, unknown or malformed.
    """
    document = _read(file, environment) if file else {}
    for path, _ in settings():
        if (name := environment_name(path)) in environment:
            _put(document, path, environment[name])
    for path, value in options.items():
        _put(document, path, value)
    try:
        return Target.model_validate(document)
    except ValidationError as error:
        raise _explained(error, file) from error


def _put(document: dict[str, Any], path: Path_, value: str) -> None:
    section = document
    for name in path[:-1]:
        below = section.setdefault(name, {})
        if not isinstance(below, dict):
            message = f"{name} must be a table, not {below!r}"
            raise TargetError(message, where=".".join(path), hint=EXAMPLE)
        section = below
    section[path[-1]] = value


def _read(file: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        message = f"the target file cannot be read: {reason}"
        raise TargetError(message, where=str(file), hint="Name a TOML file with --target.") from error
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TargetError(str(error), where=str(file), hint="The file must be TOML, see https://toml.io.") from error
    return {key: _substituted(value, environment, f"{file}: {key}") for key, value in document.items()}


def _substituted(value: Any, environment: Mapping[str, str], where: str) -> Any:  # noqa: ANN401 - any TOML value
    match value:
        case dict():
            return {key: _substituted(item, environment, f"{where}.{key}") for key, item in value.items()}
        case str():

            def variable(match: re.Match[str]) -> str:
                if (found := environment.get(match[1])) is None:
                    message = f"the environment variable {match[1]} is not set"
                    raise TargetError(message, where=where, hint=f"Set it: export {match[1]}=…")
                return found

            return VARIABLE.sub(variable, value)
        case _:
            return value


def _explained(error: ValidationError, file: Path | None) -> TargetError:
    """Name the first wrong setting, its value unless it is a secret, and each way to set it."""
    first = error.errors(include_url=False)[0]
    path = tuple(str(part) for part in first["loc"])
    name = ".".join(path)
    known = dict(settings())
    where = f"{file}: {name}" if file else name
    if first["type"] == "extra_forbidden":
        near = ", ".join(".".join(other) for other in known if other[:-1] == path[:-1]) or "none here"
        return TargetError("there is no such setting", where=where, hint=f"Settings that exist: {near}.")
    leaf = next((other for other in known if other[: len(path)] == path), path)
    hint = f"Set it with {option_name(leaf)}, {environment_name(leaf)}, or {'.'.join(leaf)} in the target file"
    hint += f": {known[leaf]}." if leaf in known else "."
    if first["type"] == "missing":
        return TargetError("it is required", where=where, hint=hint)
    value = "" if "token" in path else f": {str(first['input'])[:80]!r}"
    reason = first["msg"].removeprefix("Value error, ")
    return TargetError(f"{reason}{value}", where=where, hint=hint)
