"""Comparing two folders byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from uapi.contract.check import compare

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("expected", "found", "line", "shown"),
    [
        (b"a\nb\nc\n", b"a\nB\nc\n", 2, ("'b\\n'", "'B\\n'")),
        (b"a\nb\n", b"a\nb", 2, ("'b\\n'", "'b'")),
        (b"a\n", b"a\r\n", 1, ("'a\\n'", "'a\\r\\n'")),
        (b"a\nb\n", b"a\n", 2, ("'b\\n'", "(the end of the file)")),
        (b"a\n", b"a\nb\n", 2, ("(the end of the file)", "'b\\n'")),
        (b"a\n", b"\xff\n", 1, ("'a\\n'", "'\\\\xff\\n'")),
        (b"", b" ", 1, ("(the end of the file)", "' '")),
    ],
)
def test_the_first_line_that_differs_is_shown(
    tmp_path: Path, expected: bytes, found: bytes, line: int, shown: tuple[str, str]
) -> None:
    for name, data in (("expected", expected), ("found", found)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes(data)
    (difference,) = compare(tmp_path / "expected", tmp_path / "found")
    assert (str(difference.file), difference.line) == ("generated/file", line)
    assert (difference.expected, difference.found) == shown


def test_long_lines_are_clipped(tmp_path: Path) -> None:
    for name in ("expected", "found"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name * 1000)
    (difference,) = compare(tmp_path / "expected", tmp_path / "found")
    assert max(len(line) for line in str(difference).splitlines()) < 200


def test_equal_folders_do_not_differ_and_caches_do_not_count(tmp_path: Path) -> None:
    for name in ("expected", "found"):
        (tmp_path / name / "a").mkdir(parents=True)
        (tmp_path / name / "a" / "file").write_text("same")
    (tmp_path / "found" / "a" / "__pycache__").mkdir()
    (tmp_path / "found" / "a" / "__pycache__" / "x.pyc").write_text("")
    assert list(compare(tmp_path / "expected", tmp_path / "found")) == []


def test_a_folder_that_was_never_generated_is_one_difference(tmp_path: Path) -> None:
    (tmp_path / "expected").mkdir()
    assert [str(difference) for difference in compare(tmp_path / "expected", tmp_path / "found")] == [
        "generated: the folder is missing"
    ]
