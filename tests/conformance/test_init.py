"""`uapi conformance init`: a target file to fill in, and the schema by which an editor helps."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest
from click.testing import CliRunner

from uapi.conformance.commands import conformance
from uapi.conformance.errors import ConformanceError
from uapi.conformance.target import target_schema, target_template

if TYPE_CHECKING:
    from pathlib import Path


def init(file: Path) -> None:
    done = CliRunner().invoke(conformance, ["init", str(file)], standalone_mode=False)
    if done.exception:
        raise done.exception


def test_the_template_is_written_with_the_schema_that_it_names(tmp_path: Path) -> None:
    init(tmp_path / "mine.toml")
    text = (tmp_path / "mine.toml").read_text("utf-8")
    assert text == target_template()
    (named,) = re.findall(r"\A#:schema (\S+)\n", text)
    schema = json.loads((tmp_path / named).read_text("utf-8"))
    assert schema == target_schema()
    assert jsonschema_rs.Draft202012Validator(schema).is_valid(tomllib.loads(text))


@pytest.mark.parametrize("name", ["target.toml", "target.schema.json"])
def test_what_is_there_is_left_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", "utf-8")
    if name == "target.toml":
        with pytest.raises(ConformanceError, match="exists already"):
            init(tmp_path / name)
    else:
        init(tmp_path / "target.toml")
    assert (tmp_path / name).read_text("utf-8") == "mine"


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConformanceError, match="cannot be written"):
        init(tmp_path / "no" / "target.toml")
