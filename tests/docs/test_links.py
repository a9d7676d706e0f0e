"""Each link of the site leads to what is there, whatever folder the site stands in."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from docs.links import broken, pages

if TYPE_CHECKING:
    from pathlib import Path


def test_every_link_leads_somewhere(built: Path) -> None:
    assert broken(built) == []


def test_no_anchor_is_given_twice(built: Path) -> None:
    twice = {name: [anchor for anchor, times in page.ids.items() if times > 1] for name, page in pages(built).items()}
    assert {name: anchors for name, anchors in twice.items() if anchors} == {}


def test_nothing_is_loaded_from_elsewhere(built: Path) -> None:
    """A reader may follow a link to another site; the browser loads nothing from one."""
    loaded = {link for page in pages(built).values() for tag, link in page.links if tag != "a"}
    assert {link for link in loaded if ":" in link} == {"data:,"}


def test_every_page_is_reached_from_the_first(built: Path) -> None:
    found = pages(built)
    reached, ahead = set(), ["index.html"]
    while ahead:
        address = ahead.pop()
        reached.add(address)
        folder = address.rpartition("/")[0]
        for tag, link in found[address].links:
            target = (built / folder / link.partition("#")[0]).resolve()
            if tag == "a" and target.is_file() and (name := target.relative_to(built).as_posix()) in found:
                ahead += [name] if name not in reached and name not in ahead else []
    assert reached == found.keys()


@pytest.mark.parametrize(
    "link",
    ["no-such-page.html", "#no-such-anchor", "requirements.html#REC-999", "../index.html", "downloads/none.yaml"],
)
def test_a_broken_link_is_found(built: Path, tmp_path: Path, link: str) -> None:
    site = shutil.copytree(built, tmp_path / "site")
    page = site / "downloads.html"
    page.write_text(page.read_text("utf-8").replace("</main>", f'<a href="{link}">broken</a></main>'), "utf-8")
    assert broken(site) == [f"downloads.html: {link}"]
