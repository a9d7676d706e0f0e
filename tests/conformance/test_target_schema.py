"""The template of a target file, and the JSON Schema of one."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from uapi.conformance.target import load_target, settings, target_schema, target_template

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = target_template()
SCHEMA = target_schema()
PLACEHOLDERS = dict.fromkeys(re.findall(r"\$\{(\w+)\}", TEMPLATE), "a-value-of-it")
CHOICES = ("token_command = ", 'source = "discover"', "caller.oauth")
"""What the template offers in the place of something else."""


def validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(SCHEMA)


def uncommented(text: str) -> str:
    """Return the template with every setting that is commented out put into force."""
    return re.sub(r"(?m)^# (?=\[[a-z_.]+\]|[A-Za-z-]+\w* = )", "", text)


def alternative(*, source: str = "given", credentials: str = "token") -> str:
    """Return the template with everything put into force, one of its alternatives chosen each time."""
    lines, section = [], ""
    optional = {
        "given": {"id", "view_id", "further"},
        "discover": {"extension", "minimum_views"},
        "command": {"place", "hang_up"},
    }
    for line in uncommented(TEMPLATE).splitlines():
        if found := re.match(r"\[([a-z_.]+)\]", line):
            section = found[1]
        name = line.partition(" = ")[0]
        if section == "phone_call" and " = " in line and not line.startswith("#"):
            kind = next((kind for kind, names in optional.items() if name in names), "command")
            chosen = f'source = "{source}"' in line if name == "source" else kind == source
        elif section == "caller" and name in {"token", "token_command"}:
            chosen = name == credentials
        elif section == "caller.oauth":
            chosen = credentials == "oauth" and 'scope = ""' not in line
        else:
            chosen = not line.startswith("ca_file") and not line.startswith("client_")
        lines += [line] if chosen else []
    return "\n".join(lines)


VARIANTS = [
    {},
    {"credentials": "token_command"},
    {"credentials": "oauth"},
    {"source": "discover"},
    {"source": "command"},
]


def test_the_template_loads_once_its_placeholders_are_filled(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    file.write_text(TEMPLATE, "utf-8")
    target = load_target(file, PLACEHOLDERS, {})
    assert target.caller.token == "a-value-of-it"
    assert not target.recording_is_permitted


@pytest.mark.parametrize("chosen", VARIANTS, ids=str)
def test_what_the_template_leaves_commented_out_loads_too(tmp_path: Path, chosen: dict[str, str]) -> None:
    file = tmp_path / "target.toml"
    file.write_text(alternative(**chosen), "utf-8")
    target = load_target(file, PLACEHOLDERS, {})
    assert {"stranger", "expired", "organization", "other_organization", "administrator"} < set(target.principals())
    assert (target.phone_call.source, target.max_requests_per_second) == (chosen.get("source", "given"), 5)


def test_the_template_has_every_setting() -> None:
    text = uncommented(TEMPLATE)
    names = {path[-1] for path, _ in settings()} - {"headers"}
    assert {name for name in names if not re.search(rf"(?m)^(# )?{name} = ", text)} == set()


def test_the_template_names_no_choice_that_is_none() -> None:
    assert all(choice in TEMPLATE for choice in CHOICES)


def test_the_template_fits_the_schema() -> None:
    assert list(validator().iter_errors(tomllib.loads(TEMPLATE))) == []


@pytest.mark.parametrize("chosen", VARIANTS, ids=str)
def test_every_alternative_of_the_template_fits_the_schema(chosen: dict[str, str]) -> None:
    assert list(validator().iter_errors(tomllib.loads(alternative(**chosen)))) == []


def changed(**changes: Any) -> dict[str, Any]:
    """Return the template's settings with some replaced; `__` stands between section and setting, None removes."""
    document: dict[str, Any] = tomllib.loads(TEMPLATE)
    for path, value in changes.items():
        *sections, name = path.split("__")
        section = document
        for part in sections:
            section = section.setdefault(part, {})
        if value is None:
            section.pop(name)
        else:
            section[name] = value
    return document


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": None},
        {"base_url": "pbx.example.com/uapi"},
        {"base_url": "https://pbx.example.com/uapi?x=1"},
        {"caller": None},
        {"caller__token": None},
        {"caller__token": "two words"},
        {"caller__token": 7},
        {"caller__user": "12"},
        {"caller__user_id": 12},
        {"caller__user_id": "a/b"},
        {"caller__token_command": "get"},
        {"expired__oauth": {"token_url": "https://h/t", "client_id": "i", "client_secret": "s"}},
        {"stranger__token": "t"},
        {"phone_call__id": None},
        {"phone_call__source": "create"},
        {"phone_call": {"source": "command"}},
        {"phone_call": {"source": "given"}},
        {"phone_call": {}},
        {"timeout": 3},
        {"timeout_seconds": 0},
        {"timeout_seconds": "3"},
        {"timeout_seconds": True},
        {"features__list": "yes"},
        {"features__get": "Unknown"},
        {"features__stop": True},
        {"tls__client_key": "client.key"},
        {"tls__verify": 1},
        {"headers__X": 1},
        {"proxy": "socks5://h:1"},
        {"max_requests_per_second": -1},
    ],
    ids=str,
)
def test_a_typical_mistake_does_not_fit_the_schema(changes: dict[str, Any]) -> None:
    assert not validator().is_valid(changed(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "${BASE_URL}"},
        {"timeout_seconds": "${SECONDS}"},
        {"features__list": "${LIST}"},
        {"features__get": "unknown", "features__stop_recording": False},
        {"caller__user_id": "${USER}", "caller__extension": "0003*${EXTENSION}"},
        {"caller__token": None, "caller__token_command": ["get", "${USER}"]},
        {"tls__ca_file": "${HOME}/ca.pem"},
        {"proxy": "http://${USER}:${PASSWORD}@h:3128"},
        {"headers": {"X-Key": "${KEY}"}},
        {"phone_call": {"source": "discover"}},
        {"phone_call": {"source": "command", "place": "place"}},
        {"tls": {"client_certificate": "c.pem", "client_key": "c.key"}},
    ],
    ids=str,
)
def test_what_is_right_fits_the_schema(changes: dict[str, Any]) -> None:
    assert [error.message for error in validator().iter_errors(changed(**changes))] == []


def test_the_schema_is_one_and_describes_every_setting() -> None:
    jsonschema_rs.meta.validate(SCHEMA)
    sections = [SCHEMA, *SCHEMA["$defs"].values()]
    fields = [field for section in sections for field in section["properties"].values()]
    assert all(field["description"] for field in fields)
    assert all(section["additionalProperties"] is False for section in sections)
