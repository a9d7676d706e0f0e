"""Settings of a target, and files, variables and options that set them."""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from uapi.conformance.errors import TargetError
from uapi.conformance.target import environment_name, is_flag, load_target, settings

if TYPE_CHECKING:
    from uapi.conformance.target import Target

Setting = tuple[str, ...]

TOKEN = "s3cr3t-t0k3n"
SETTINGS = dict(settings())
REQUIRED: dict[Setting, str] = {
    ("base_url",): "http://127.0.0.1/uapi",
    ("caller", "token"): TOKEN,
    ("caller", "user_id"): "12",
    ("caller", "extension"): "0003*210",
    ("phone_call", "id"): "b817d2618fe6f1804333",
    ("phone_call", "view_id"): "01",
}
PATHS = [pytest.param(path, id=".".join(path)) for path in SETTINGS]
URLS = {
    "base_url": "http://{}.example/uapi",
    "token_url": "https://{}.example/token",
    "proxy": "http://{}.example:3128",
}
NUMBERS = {"minimum_views", "max_requests_per_second"}
WHOLE = ("create", "callback_extension", "conference_extension")
CONFERENCE = ("conference_extension", "number")
FILES = {"a": str(Path(__file__)), "b": str(Path(__file__).with_name("conftest.py"))}
PAIR = ("source", "destination")
CALLS = {"unrecordable_call", "ending_call"}
SOURCES = {"discover": {"extension", "minimum_views"}, "command": {"place", "hang_up", "command_timeout_seconds"}}


def value(path: Setting, which: str = "a") -> str:
    """Return one of two values of a setting, as text."""
    name = path[-1]
    if is_flag(path):
        return {"a": "false", "b": "true"}[which]
    if name in URLS:
        return URLS[name].format(which)
    if name.endswith("_seconds") or name in NUMBERS or path == CONFERENCE:
        return {"a": "2", "b": "3"}[which]
    if path[0] == "tls":
        return FILES[which]
    others = {
        ("headers",): f"X-Header: {which}",
        ("phone_call", "source"): "given",
        ("phone_call", "further"): f"0003*211/{which}-call/00 0003*214/{which}-other/01",
    }
    return others.get(path, f"{which}-{name.replace('_', '')}")


def beside(path: Setting) -> dict[Setting, str]:
    """Return what has to be set for a setting to be of use, the setting itself left out."""
    found = dict(REQUIRED)
    principal, name = path[0], path[-1]
    section = {other[1] for other in SETTINGS if other[0] == principal and len(other) > 1}
    if "token" in section:
        own = {
            other for other in SETTINGS if other[0] == principal and other[1] not in {"token", "token_command", "oauth"}
        }
        if path[1] == "oauth":
            own |= {(principal, "oauth", part) for part in ("token_url", "client_id", "client_secret")}
            found.pop((principal, "token"), None)
        elif path[1] == "token_command":
            found.pop((principal, "token"), None)
        else:
            own |= {(principal, "token")}
        found |= {other: value(other) for other in own if other not in found}
    elif principal in CALLS:
        found |= {(principal, part): value((principal, part)) for part in ("id", "view_id", "extension")}
    elif principal == "phone_call" and name not in {"id", "view_id", "source", "further"}:
        found = {other: text for other, text in found.items() if other[0] != "phone_call"}
        source = next(source for source, names in SOURCES.items() if name in names)
        found |= {("phone_call", "source"): source}
        if source == "command":
            found |= {("phone_call", "place"): "place"}
    elif principal in WHOLE:
        found |= {
            other: value(other) for other in SETTINGS if other[0] == principal and other[1] in {"extension", *PAIR}
        }
    elif path == ("tls", "client_key"):
        found |= {("tls", "client_certificate"): FILES["a"]}
    found.pop(path, None)
    return found


def toml(values: dict[Setting, str]) -> str:
    """Write settings as a target file, strings all of them."""
    return "".join(f'{".".join(path)} = "{text}"\n' for path, text in values.items())


def environment(values: dict[Setting, str]) -> dict[str, str]:
    return {environment_name(path): text for path, text in values.items()}


def read(target: Target, path: Setting) -> str:
    """Return a setting of a target as the text that sets it."""
    found = attrgetter(".".join(path))(target)
    match found:
        case bool():
            return str(found).lower()
        case float():
            return f"{found:g}"
        case tuple():
            return " ".join(map(str, found))
        case dict():
            return "\n".join(f"{name}: {text}" for name, text in found.items())
    return str(found)


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "target.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def mistake(folder: Path, text: str, variables: dict[str, str] | None = None) -> TargetError:
    """Load a target whose file adds to what is required; return the complaint."""
    with pytest.raises(TargetError) as caught:
        load_target(written(folder, text), variables or {}, REQUIRED)
    return caught.value


def refused(**options: str) -> TargetError:
    """Load a target of options alone; return the complaint. `__` stands between the parts of a path."""
    values = {**REQUIRED, **{tuple(name.split("__")): text for name, text in options.items()}}
    with pytest.raises(TargetError) as caught:
        load_target(None, {}, values)
    return caught.value
