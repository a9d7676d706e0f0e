"""World files: what a world has to be, and how each mistake in one is told."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from uapi.sandbox.errors import WorldError
from uapi.sandbox.world import load_world

if TYPE_CHECKING:
    from pathlib import Path

    from uapi.sandbox.world import World

MISSING = object()


@pytest.fixture
def document(world: World) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(world.model_dump_json(exclude_none=True))
    return found


def load(path: Path, document: object) -> World:
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return load_world(path)


def test_world_is_read_from_a_file(tmp_path: Path, world: World, document: dict[str, Any]) -> None:
    loaded = load(tmp_path / "world.json", document)
    assert loaded == world
    assert loaded.fingerprint == world.fingerprint
    document["organizations"][0]["name"] = "Other"
    assert load(tmp_path / "world.json", document).fingerprint != world.fingerprint


def test_small_world(tmp_path: Path) -> None:
    loaded = load(tmp_path / "w", {"organizations": [], "users": [], "extensions": [], "principals": []})
    assert loaded.target is None
    assert loaded.phone_calls == ()


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["organizations"], MISSING, r"\$: 'organizations' is missing"),
        (["colour"], "red", r"\$\.colour: 'colour' is not known here"),
        (["users"], {}, r"\$\.users: \{\} is invalid: Input should be a valid array"),
        (["users", 0, "id"], 12, r"\$\.users\[0\]\.id: 12 is invalid: Input should be a valid string"),
        (["users", 0, "id"], "a b", r"\$\.users\[0\]\.id: \"a b\" is invalid"),
        (["users", 0, "id"], MISSING, r"\$\.users\[0\]: 'id' is missing"),
        (["users", 1, "id"], "1000", r"\$\.users\[1\]\.id: \"1000\" is there twice"),
        (["users", 0, "organization"], "9", r"\$\.users\[0\]\.organization: \"9\" is not among the organizations"),
        (["extensions", 0, "number"], "210", r"\$\.extensions\[0\]\.number: \"210\" is invalid"),
        (["extensions", 0, "user"], "9", r"\$\.extensions\[0\]\.user: \"9\" is not among the users"),
        (["extensions", 0, "recording_on_demand"], 1, r"\$\.extensions\[0\]\.recording_on_demand: 1 is invalid"),
        (["extensions", 1, "number"], "0009*210", r"\$\.extensions\[1\]\.number: .*has the short form 210 of another"),
        (["extensions", 0, "type"], "phone", r"\$\.extensions\[0\]\.type: \"phone\" is invalid: .*'phone_terminal'"),
        (["extensions", 0, "answers_after"], -1, r"\$\.extensions\[0\]\.answers_after: -1 is invalid"),
        (["extensions", 0, "answers_after"], "later", r"\$\.extensions\[0\]\.answers_after: \"later\" is invalid"),
        (
            ["extensions", 0, "conferences"],
            [{"number": 1, "pin": "1"}],
            r"\$\.extensions\[0\]\.conferences: \"0003\*210\" has conferences, and is of type phone_terminal",
        ),
        (["public_numbers", 1, "number"], "5550190", r"\$\.public_numbers\[1\]\.number: .* is there twice"),
        (["public_numbers", 0, "number"], "0003*1", r"\$\.public_numbers\[0\]\.number: \"0003\*1\" is invalid"),
        (["phone_calls", 0, "plan"], {"due": [{"at": 1}]}, r"\$\.phone_calls\[0\]\.plan.*is invalid"),
        (["target", "create", "source"], "0003*999", r"\$\.target\.create\.source: .* not among the extensions"),
        (
            ["target", "second_extension", "extension"],
            "0003*218",
            r"second_extension\.extension: .* is of type callback",
        ),
        (["target", "callback_extension", "extension"], "0003*999", r"callback_extension\.extension: .* not among"),
        (["target", "callback_extension", "extension"], "0003*210", r"\.extension: .* is of type phone_terminal"),
        (
            ["target", "conference_extension", "pin"],
            "1",
            r"conference_extension\.number: 3 is no conference of 0003\*219",
        ),
        (["principals", 0, "kind"], "root", r"\$\.principals\[0\]\.kind: \"root\" is invalid: .*'administrator'"),
        (["apps", 0, "principal"], "x", r"\$\.apps\[0\]\.principal: \"x\" is not among the principals"),
        (["tokens", 0, "token"], "short", r"\$\.tokens\[0\]\.token: \"short\" is invalid: .* at least 8 characters"),
        (["tokens", 0, "token"], "with a space", r"\$\.tokens\[0\]\.token: \"with a space\" is invalid"),
        (["tokens", 0, "principal"], "x", r"\$\.tokens\[0\]\.principal: \"x\" is not among the principals"),
        (["tokens", 1, "token"], "sandbox-user-12", r"\$\.tokens\[1\]\.token: \"sandbox-user-12\" is there twice"),
        (["tokens", 0, "expires_in"], -1, r"\$\.tokens\[0\]\.expires_in: -1 is invalid"),
        (["phone_calls", 0, "id"], "a-b", r"\$\.phone_calls\[0\]\.id: \"a-b\" is invalid"),
        (["phone_calls", 0, "extension"], "0003*999", r"\$\.phone_calls\[0\]\.extension: .* not among the extensions"),
        (["phone_calls", 0, "published"], "yesterday", r"\$\.phone_calls\[0\]\.published: \"yesterday\" is invalid"),
        (["phone_calls", 0, "published"], "2012-02-30T00:00:00Z", r"\$\.phone_calls\[0\]\.published: .*out of range"),
        (["phone_calls", 0, "answered"], "2012-02-28T00:00:00", r"\$\.phone_calls\[0\]\.answered: .* is invalid"),
        (["phone_calls", 0, "phoneCallView"], [], r"\$\.phone_calls\[0\]\.phoneCallView: \[\] is invalid"),
        (["phone_calls", 0, "phoneCallView", 0, "status"], 9, r"\.phoneCallView\[0\]\.status: 9 is invalid"),
        (["phone_calls", 0, "phoneCallView", 0, "callerId"], None, r"\.phoneCallView\[0\]\.callerId: null is invalid"),
        (["phone_calls", 0, "phoneCallView", 0, "onhold"], "x", r"\.phoneCallView\[0\]\.onhold: 'onhold' is not known"),
        (
            ["phone_calls", 0, "phoneCallView", 0, "onHold"],
            "2012-02-30T00:00:00Z",
            r"phoneCallView\[0\]: .*out of range",
        ),
        (
            ["phone_calls", 0, "phoneCallView", 0, "recording"],
            "2012-01-01T00:00:00Z",
            r"a recording begins when the view",
        ),
        (
            ["phone_calls", 3, "phoneCallView", 0, "recording"],
            "2027-01-01T00:00:00Z",
            r"a recording begins when the view",
        ),
        (["phone_calls", 1, "phoneCallView", 1, "id"], "00", r"\$\.phone_calls\[1\]: .*each view has an id of its own"),
        (["phone_calls", 0, "ends_on_update"], "yes", r"\$\.phone_calls\[0\]\.ends_on_update: \"yes\" is invalid"),
        (["target", "colour"], {}, r"\$\.target\.colour: 'colour' is not known here"),
        (["target", "caller"], MISSING, r"\$\.target: 'caller' is missing"),
        (["target", "caller", "token"], "unknown-token", r"\$\.target\.caller\.token: .* not among the tokens"),
        (["target", "caller", "user_id"], "33", r"\$\.target\.caller\.user_id: \"33\" does not own the extension"),
        (["target", "idle", "extension"], "0003*999", r"\$\.target\.idle\.extension: .* not among the extensions"),
        (["target", "phone_call", "id"], "444444", r"\$\.target\.phone_call\.id: .* not among the phone calls"),
        (["target", "phone_call", "view_id"], "07", r"\$\.target\.phone_call\.view_id: \"07\" is no view of the call"),
        (
            ["target", "ending_call", "extension"],
            "0003*212",
            r"\$\.target\.ending_call\.id: .* not among the phone calls",
        ),
    ],
)
def test_mistake(tmp_path: Path, document: dict[str, Any], path: list[str | int], value: object, message: str) -> None:
    place: Any = document
    for part in path[:-1]:
        place = place[part]
    if value is MISSING:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    file = tmp_path / "world.json"
    with pytest.raises(WorldError) as caught:
        load(file, document)
    text = str(caught.value)
    assert text.startswith(f"{file}: $")
    assert re.search(message, text), text
    assert "\n  " in text
    assert len(text) < 600


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON in UTF-8: Expecting value: line 1 column 1"),
        ("{\n  'a': 1}", "line 2 column 3"),
        ('{"users": [], "users": []}', "an object has the member 'users' twice"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", r"\$: \[\] is invalid"),
        ("1", r"\$: 1 is invalid"),
    ],
)
def test_file_that_is_no_world(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(WorldError, match=message):
        load(tmp_path / "world.json", text)


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="the world cannot be read: No such file"):
        load_world(tmp_path / "nothing.json")
    with pytest.raises(WorldError, match="the world cannot be read: Is a directory"):
        load_world(tmp_path)
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(WorldError, match="not JSON in UTF-8"):
        load_world(tmp_path / "binary")
