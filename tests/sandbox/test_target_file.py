"""The target file: what the conformance kit reads of a sandbox."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from sandbox.desk import ENDING_CALL, LOCAL_CALL, UNRECORDABLE_CALL
from uapi.sandbox.errors import TargetFileError
from uapi.sandbox.target_file import FEATURES, target_text, write_target_file
from uapi.sandbox.world import Target

if TYPE_CHECKING:
    from pathlib import Path

    from uapi.sandbox.world import World

URL = "http://127.0.0.1:8080/uapi"


def test_all_roles_are_told(tmp_path: Path, world: World) -> None:
    assert world.target is not None
    write_target_file(tmp_path / "target.toml", target_text(world.target, URL))
    user = {"token": "sandbox-user-12", "user_id": "12", "extension": "0003*210"}
    assert tomllib.loads((tmp_path / "target.toml").read_text()) == {
        "base_url": URL,
        "caller": user,
        "phone_call": {"id": LOCAL_CALL, "view_id": "01"},
        "stranger": {"token": "sandbox-user-33", "user_id": "33", "extension": "0003*220"},
        "expired": {"token": "sandbox-user-12-expired"},
        "organization": {"token": "sandbox-organization-3"},
        "other_organization": {"token": "sandbox-organization-4"},
        "administrator": {"token": "sandbox-administrator"},
        "idle": {"extension": "0003*212"},
        "unrecordable_call": {"extension": "0003*213", "id": UNRECORDABLE_CALL, "view_id": "00"},
        "ending_call": {"extension": "0003*211", "id": ENDING_CALL, "view_id": "00"},
        "create": {"source": "0003*214", "destination": "0003*215", "limit_seconds": 1},
        "second_extension": {"extension": "0003*216"},
        "unanswered": {"extension": "0003*217"},
        "foreign_extension": {"extension": "0004*210"},
        "public_number": {"number": "5550190"},
        "callback_extension": {"extension": "0003*218", "source": "5550190", "destination": "5550194"},
        "conference_extension": {"extension": "0003*219", "number": 3, "pin": "2233"},
        "features": dict.fromkeys(FEATURES, True),
    }


def test_roles_that_are_not_there_are_left_out(world: World) -> None:
    assert world.target is not None
    few = Target(caller=world.target.caller, phone_call=world.target.phone_call)
    document = tomllib.loads(target_text(few, URL))
    assert set(document) == {"base_url", "caller", "phone_call", "features"}


@pytest.mark.parametrize("token", ['quote"backslash\\', "${HOME}'#=[]", "~!@$%^&*()"])
def test_every_token_can_be_written(world: World, token: str) -> None:
    assert world.target is not None
    target = world.target.model_copy(update={"caller": world.target.caller.model_copy(update={"token": token})})
    assert tomllib.loads(target_text(target, URL))["caller"]["token"] == token


def test_file_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    file.write_text("old")
    write_target_file(file, "new")
    assert file.read_text() == "new"
    assert list(tmp_path.iterdir()) == [file]


def test_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(TargetFileError, match="the target file cannot be written: No such file or directory"):
        write_target_file(tmp_path / "missing" / "target.toml", "")
    with pytest.raises(TargetFileError, match="cannot be written: Is a directory"):
        write_target_file(tmp_path, "")
    assert list(tmp_path.parent.glob(f".{tmp_path.name}.*")) == []
