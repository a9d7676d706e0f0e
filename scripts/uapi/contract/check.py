"""Compare `generated/` with what the contract yields now, byte for byte."""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from uapi.contract.generate import GENERATED, build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.contract.project import Project

IGNORED: Final = "__pycache__"
CLIPPED: Final = 160


@dataclass(frozen=True, slots=True)
class Difference:
    """One file of `generated/` that is not what the contract yields."""

    file: PurePosixPath
    message: str
    line: int | None = None
    expected: str | None = None
    found: str | None = None

    def __str__(self) -> str:
        """Return `file:line: message`, then the line as it should be and as it is."""
        where = f"{self.file}:{self.line}" if self.line else str(self.file)
        if self.line is None:
            return f"{where}: {self.message}"
        return f"{where}: {self.message}\n  expected: {self.expected}\n  found:    {self.found}"


def check(project: Project) -> list[Difference]:
    """Return the files of `generated/` that are missing, extra or different; nothing is written."""
    with tempfile.TemporaryDirectory(prefix="uapi-contract-") as folder:
        fresh = build(project, Path(folder).resolve())
        return list(compare(fresh, project.generated))


def compare(expected: Path, found: Path) -> Iterator[Difference]:
    """Yield the differences between two folders, in the order of the files' names."""
    if not found.is_dir():
        yield Difference(PurePosixPath(GENERATED), "the folder is missing")
        return
    wanted, there = _files(expected), _files(found)
    for file in sorted(wanted | there):
        shown = GENERATED / file
        if file not in there:
            yield Difference(shown, "the file is missing")
        elif file not in wanted:
            yield Difference(shown, "the contract yields no such file")
        else:
            difference = _compare_bytes(shown, (expected / file).read_bytes(), (found / file).read_bytes())
            if difference:
                yield difference


def _files(folder: Path) -> set[PurePosixPath]:
    return {
        PurePosixPath(path.relative_to(folder).as_posix())
        for path in folder.rglob("*")
        if not path.is_dir() and IGNORED not in path.parts
    }


def _compare_bytes(file: PurePosixPath, expected: bytes, found: bytes) -> Difference | None:
    if expected == found:
        return None
    lines = itertools.zip_longest(expected.splitlines(keepends=True), found.splitlines(keepends=True))
    number, (left, right) = next((at, pair) for at, pair in enumerate(lines, start=1) if pair[0] != pair[1])
    return Difference(file, "the file differs from what the contract yields", number, _show(left), _show(right))


def _show(line: bytes | None) -> str:
    """Return a line so that its whitespace and its end can be seen."""
    if line is None:
        return "(the end of the file)"
    text = repr(line.decode("utf-8", errors="backslashreplace"))
    return text if len(text) <= CLIPPED else text[:CLIPPED] + "…"
