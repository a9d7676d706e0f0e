"""The guides are true: whoever follows one gets what it says."""

from __future__ import annotations

import re
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docs.walkthrough import Block, Reader, blocks, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

GUIDES = sorted((Path(__file__).parents[2] / "scripts" / "uapi" / "docs" / "guides").glob("*.md"))
TEXTS = {guide.name: guide.read_text("utf-8") for guide in GUIDES}
HOST = re.compile(r"https?://([\w.-]+)")
OURS = re.compile(r"127\.0\.0\.1|(?:[\w-]+\.)*example\.com\.?|wiki\.4psa\.com")

needs_tools = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("make")), reason="curl or make is not on PATH"
)


@needs_tools
@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_leads_where_it_says(guide: Path, tmp_path: Path) -> None:
    walk(guide, tmp_path / "project")


@pytest.mark.parametrize("name", TEXTS)
def test_a_guide_has_a_title_and_names_its_kind_first(name: str) -> None:
    lines = TEXTS[name].splitlines()
    assert re.fullmatch(r"# \S.*", lines[0])
    assert lines[2].startswith(("*Tutorial", "*How-to", "*Explanation"))


@pytest.mark.parametrize("name", TEXTS)
def test_a_link_leads_to_a_guide_that_is_there(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", TEXTS[name])
    assert [link for link in links if "://" not in link and link not in TEXTS] == []


@pytest.mark.parametrize("name", TEXTS)
def test_no_other_host_is_named(name: str) -> None:
    assert [host for host in HOST.findall(TEXTS[name]) if not OURS.fullmatch(host)] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_block_is_followed(name: str) -> None:
    """A fence that is indented, or has no language, would be seen by a reader and not by the test."""
    assert TEXTS[name].count("```") == 2 * len(blocks(TEXTS[name]))


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with ExitStack() as stack:
        yield Reader(tmp_path, stack)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sh", "false\n"),
        ("sh", "true # ends with 1\n"),
        ("text", "not printed\n"),
        ("text", "second\nfirst\n"),
        ("python", "raise SystemExit(1)\n"),
        ("yaml", "a: 1\n"),
    ],
)
def test_a_block_that_is_not_true_is_told_by_its_line(reader: Reader, language: str, text: str) -> None:
    reader.follow(Block("sh", "echo first and more\necho second\n", 1))
    with pytest.raises(AssertionError, match=r"\Aline 7: "):
        reader.follow(Block(language, text, 7))


def test_a_reader_keeps_what_was_exported_and_compares_what_is_printed(reader: Reader) -> None:
    reader.follow(Block("sh", "export WORD=kept\n", 1))
    reader.follow(Block("toml", "# there/a.toml\na = 1\n", 3))
    reader.follow(Block("sh", 'echo "$WORD, $(tail -n 1 there/a.toml)"\n', 7))
    reader.follow(Block("text", "kep…a = 1\n", 9))
