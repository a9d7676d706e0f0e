"""`uapi docs`: build the published documentation."""

from __future__ import annotations

from pathlib import Path

import click

from uapi.contract import project
from uapi.docs.build import build as run_build

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def docs() -> None:
    """Build the published documentation."""


@docs.command()
@click.option("--root", type=FOLDER, help="The project's folder.  [default: the one that the current folder is in]")
@click.option("--output", type=FOLDER, help="The folder of the site.  [default: build/site in the project]")
@click.option("--report", type=FOLDER, help="A folder with a conformance report, to publish beside it.")
def build(root: Path | None, output: Path | None, report: Path | None) -> None:
    """Write the site: files that work from any folder of any server, and from a disk."""
    chosen = project.find(Path.cwd()) if root is None else project.at(root)
    folder = output or chosen.root / "build" / "site"
    count = run_build(chosen, folder.absolute(), report)
    click.echo(f"{folder}/index.html and {count - 1} files beside it")
