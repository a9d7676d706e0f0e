"""Writes the reports of a run."""

from __future__ import annotations

import json
from importlib.resources import files
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.errors import ConformanceError
from uapi.conformance.report import badge, html, junit, markdown, sarif
from uapi.conformance.report.document import SCHEMA_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def report_schema() -> str:
    """Return the JSON Schema of a report as the text of a file."""
    return files("uapi.conformance.report").joinpath(SCHEMA_FILE).read_text("utf-8")


def _json(report: dict[str, Any]) -> str:
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


FORMS: Final[Mapping[str, Callable[[dict[str, Any]], str]]] = {
    "report.html": html.render,
    "report.json": _json,
    SCHEMA_FILE: lambda _: report_schema(),
    "junit.xml": junit.render,
    "report.md": markdown.render,
    "report.sarif": sarif.render,
    "badge.json": badge.render,
}
"""The files of a report, each with what renders it."""


def prepare(folder: Path) -> None:
    """Make the folder of the reports. Raises ConformanceError where that cannot be, before a run is spent on it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass  # a folder that is there may not be writable
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> ConformanceError:
    message = f"the report cannot be written: {error}"
    return ConformanceError(message, where=str(folder), hint="Choose another folder with --output.")


def write(report: dict[str, Any], folder: Path) -> list[Path]:
    """Write every form of a report into a folder, made where it is missing; return the paths, the HTML page first.

    Raises ConformanceError where the folder cannot be written.
    """
    contents = {name: render(report) for name, render in FORMS.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in contents.items():
            # A target may send half of a surrogate pair in JSON, which UTF-8 cannot hold: it stays an escape.
            (folder / name).write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise _unwritable(folder, error) from error
    return [folder / name for name in contents]
