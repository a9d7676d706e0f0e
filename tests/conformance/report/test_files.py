from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from uapi.conformance.errors import ConformanceError
from uapi.conformance.report.files import FORMS, prepare, report_schema, write

UNWRITABLE = Path("/proc/self")
"""A folder in which nobody can make a file, not even root."""


def test_every_form_is_written(failing: dict[str, Any], tmp_path: Path) -> None:
    paths = write(failing, tmp_path / "new" / "folder")
    assert [path.name for path in paths] == list(FORMS)
    assert all(path.stat().st_size for path in paths)
    assert json.loads(paths[1].read_text("utf-8")) == failing


def test_the_schema_that_a_report_names_is_beside_it(failing: dict[str, Any], tmp_path: Path) -> None:
    write(failing, tmp_path)
    schema = json.loads((tmp_path / failing["$schema"]).read_text("utf-8"))
    assert schema == json.loads(report_schema())
    assert jsonschema_rs.Draft202012Validator(schema).is_valid(failing)


def test_half_a_surrogate_pair_is_written_too(failing: dict[str, Any], tmp_path: Path) -> None:
    report = copy.deepcopy(failing)
    report["results"][0] |= {"outcome": "fail", "message": "got \ud800"}
    for path in write(report, tmp_path):
        path.read_text("utf-8")
    assert json.loads((tmp_path / "report.json").read_text("utf-8")) == report


def test_a_folder_that_cannot_be_made_is_an_error(failing: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ConformanceError, match="cannot be written"):
        write(failing, tmp_path / "file" / "folder")


@pytest.mark.skipif(not UNWRITABLE.exists(), reason="this system has no /proc")
def test_a_folder_in_which_nothing_can_be_written_is_an_error_before_the_run() -> None:
    with pytest.raises(ConformanceError, match="cannot be written"):
        prepare(UNWRITABLE)


def test_a_folder_is_left_as_it_was_until_there_are_reports(tmp_path: Path) -> None:
    prepare(tmp_path / "reports")
    assert list((tmp_path / "reports").iterdir()) == []
