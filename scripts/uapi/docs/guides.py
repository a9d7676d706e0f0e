"""The guides: pages of Markdown beside this module."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from uapi.docs.errors import DocsError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

TITLE: Final = re.compile(r"\A# (.+)\n")


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide: the name of its page, its title, and its text without the title."""

    name: str
    title: str
    text: str


def guides(folder: Traversable | None = None) -> tuple[Guide, ...]:
    """Return the guides by the names of their files."""
    folder = folder or files("uapi.docs").joinpath("guides")
    if not folder.is_dir():
        return ()
    pages = sorted((file for file in folder.iterdir() if file.name.endswith(".md")), key=lambda file: file.name)
    return tuple(_guide(page) for page in pages)


def _guide(file: Traversable) -> Guide:
    text = file.read_text("utf-8")
    title = TITLE.match(text)
    if title is None:
        raise DocsError("has no title", where=str(file), hint="Begin the guide with a line such as: # Title")
    return Guide(file.name.removesuffix(".md"), title[1].strip(), text[title.end() :].strip())
