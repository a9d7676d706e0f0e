"""Writes the reports of a run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from uapi.conformance.errors import ConformanceError
from uapi.conformance.report.html import render

if TYPE_CHECKING:
    from pathlib import Path


def write(report: dict[str, Any], folder: Path) -> list[Path]:
    """Write `report.json` and `report.html` into a folder, made where it is missing; return the HTML and JSON paths.

    Raises ConformanceError where the folder cannot be written.
    """
    contents = {
        "report.html": render(report),
        "report.json": json.dumps(report, indent=2, ensure_ascii=False) + "\n",
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in contents.items():
            (folder / name).write_text(text, "utf-8")
    except OSError as error:
        hint = "Choose another folder with --output."
        raise ConformanceError(f"the report cannot be written: {error}", where=str(folder), hint=hint) from error
    return [folder / name for name in contents]
