"""Reads the links of a built site, and finds those that lead nowhere."""

from __future__ import annotations

import posixpath
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

LINKS = {"href", "src"}


@dataclass
class Read(HTMLParser):
    """What a page has: anchors, and links with the elements that they stand on."""

    ids: Counter[str] = field(default_factory=Counter)
    links: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids[value] += 1
            elif name in LINKS and value is not None:
                self.links.append((tag, value))


def read(page: Path) -> Read:
    parser = Read()
    parser.feed(page.read_text("utf-8"))
    return parser


def pages(site: Path) -> dict[str, Read]:
    """Return every page that the site wrote itself, by its address."""
    own = (file for file in site.rglob("*.html") if "downloads" not in file.relative_to(site).parts)
    return {file.relative_to(site).as_posix(): read(file) for file in own}


def broken(site: Path) -> list[str]:
    """Return the links to files, pages and anchors that are not there, each after the page that it stands on."""
    found = pages(site)
    wrong = []
    for address, page in found.items():
        for _, link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            here = posixpath.normpath(posixpath.join(posixpath.dirname(address), unquote(parts.path)))
            target = here if parts.path else address
            exists = (site / target).is_file() and not target.startswith("..")
            if not exists or (parts.fragment and target in found and unquote(parts.fragment) not in found[target].ids):
                wrong.append(f"{address}: {link}")
    return wrong
