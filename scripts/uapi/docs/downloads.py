"""The files that the site offers for download."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from uapi.docs.errors import DocsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OFFERED: Final = {
    "openapi.yaml": "The contract as one OpenAPI 3.1 document",
    "openapi.json": "The same in JSON",
    "openapi-3.0.yaml": "The contract in OpenAPI 3.0, for tools that stop there",
    "reference.md": "The API reference as one page of Markdown",
    "requirements.json": "The requirement register",
    "requirements.schema.json": "The JSON Schema of the register",
    "postman_collection.json": "A collection of requests, for Postman and what reads its collections",
    "contract-changelog.md": "What changed from one version of the contract to the next",
    "contract-diff.schema.json": "The JSON Schema of what compares two contracts",
    "schemas/*.json": "A JSON Schema",
}
"""What is offered of generated/, by the patterns of names; what is not there is left out."""
REPORTS: Final = {
    "report.html": "The conformance report",
    "report.json": "The same for programs",
    "report.schema.json": "The JSON Schema of that",
    "report.md": "The same as Markdown",
    "junit.xml": "The same as JUnit XML",
    "badge.json": "The verdict as a badge of shields.io",
}
"""What is offered of a conformance report."""
KILO: Final = 1024


@dataclass(frozen=True, slots=True)
class Download:
    """A file to download: `path` is where it goes below downloads/."""

    path: str
    title: str
    source: Path

    @property
    def size(self) -> str:
        """How much it is, for people."""
        return f"{max(1, round(self.source.stat().st_size / KILO))} KB"


def downloads(generated: Path, report: Path | None) -> Iterator[Download]:
    """Yield what is there of generated/ and of the folder of a report; raises DocsError where that holds none."""
    for pattern, title in OFFERED.items():
        for file in sorted(generated.glob(pattern)):
            if file.is_file():
                yield Download(file.relative_to(generated).as_posix(), title, file)
    if report is None:
        return
    if not (report / "report.html").is_file():
        message = "holds no conformance report: there is no report.html in it"
        raise DocsError(message, where=str(report), hint="Write one there with: make conformance")
    for name, title in REPORTS.items():
        if (report / name).is_file():
            yield Download(f"conformance/{name}", title, report / name)
