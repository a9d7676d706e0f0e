"""Guides are read from a folder, in the order of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from uapi.docs.errors import DocsError
from uapi.docs.guides import Guide, guides

if TYPE_CHECKING:
    from pathlib import Path


def test_guides_have_their_order_and_their_titles(tmp_path: Path) -> None:
    (tmp_path / "02-then.md").write_text("# Then `this`\n\nText.\n", "utf-8")
    (tmp_path / "01-first.md").write_text("# First\n", "utf-8")
    (tmp_path / "notes.txt").write_text("no guide", "utf-8")
    assert guides(tmp_path) == (Guide("01-first", "First", ""), Guide("02-then", "Then `this`", "Text."))


def test_a_guide_without_a_title_is_told(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text("Text.\n", "utf-8")
    with pytest.raises(DocsError, match=r"guide\.md: has no title"):
        guides(tmp_path)


def test_there_may_be_none(tmp_path: Path) -> None:
    assert guides(tmp_path / "none") == ()
