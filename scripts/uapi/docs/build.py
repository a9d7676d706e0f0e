"""Writes the site into a folder, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from uapi.docs.errors import DocsError
from uapi.docs.search import index
from uapi.docs.site import pages, site_of

if TYPE_CHECKING:
    from uapi.contract.project import Project

MARK: Final = ".nojekyll"
"""Keeps GitHub Pages from converting anything, and tells a folder that this wrote from any other."""
ASSETS: Final = ("site.css", "site.js")


def build(project: Project, output: Path, report: Path | None = None) -> int:
    """Write the site in the place of the one that stood there; return how many files it has.

    Raises DocsError where the folder holds something else, or cannot be written.
    """
    if output.exists() and not (output / MARK).is_file() and (not output.is_dir() or any(output.iterdir())):
        message = "holds something that is not the documentation"
        raise DocsError(message, where=str(output), hint="Name an empty folder, or one that is not there, by --output.")
    site = site_of(project, report)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=output.parent, prefix=".docs-") as folder:
            made = Path(folder) / "site"
            for address, html in pages(site):
                _write(made / address, html)
            for name in ASSETS:
                _write(made / "assets" / name, files("uapi.docs").joinpath("assets", name).read_text("utf-8"))
            _write(made / "assets" / "search.js", index(site))
            for download in site.downloads:
                target = made / "downloads" / download.path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(download.source, target)
            _write(made / MARK, "")
            if output.exists():
                shutil.rmtree(output)
            made.rename(output)
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise DocsError(message, where=str(output), hint="Name a folder that you may write to, by --output.") from error
    return sum(file.is_file() for file in output.rglob("*"))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
