"""Keeps the version of the contract honest: compares with the last release, and makes the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.contract import emit
from uapi.contract.diff import read, render
from uapi.contract.diff.compare import compare
from uapi.contract.diff.verdict import judge, reasons
from uapi.contract.errors import ContractError, VersionError
from uapi.contract.project import RELEASED, ROOT_DOCUMENT

if TYPE_CHECKING:
    from pathlib import Path

    from uapi.contract.project import Project

NOTICE: Final = (
    "Released, and never changed again: `uapi contract release` wrote it, `uapi contract diff` compares with it."
)
SHOWN: Final = 20
"""The number of changes that are named; `uapi contract diff` lists all."""


def problem(project: Project) -> str | None:
    """Return why the version of the working tree is not enough since the last release; None where it is."""
    last = read.last_released(project)
    if last is None:
        return None
    diff = compare(last, read.working(project))
    verdict = judge(diff)
    if verdict.enough:
        return None
    found = reasons(diff, verdict)
    lines = [render.line(change) for change in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"  and {len(found) - SHOWN} more: uapi contract diff")
    where = diff.new.bundle.locate(("info", "version"))
    lines.append(f"{where}: {verdict}\n  Write version: {verdict.least} there, then run: make generate")
    return "\n".join(lines)


def release(project: Project) -> Path:
    """Keep the contract of the working tree as a release, and return its file.

    Raises:
        VersionError: the version is released already, or is not enough for what changed.
        ContractError: the contract cannot be read, or the file cannot be written.

    """
    working = read.working(project)
    where = str(working.bundle.locate(("info", "version")))
    path = project.path(RELEASED / f"{working.version}.yaml")
    if path.exists():
        hint = f"A release is never changed: write the next version in {ROOT_DOCUMENT}."
        raise VersionError(f"{working.version} is released already", where=where, hint=hint)
    last = read.last_released(project)
    if last is None:
        judge(compare(working, working))
    elif not (verdict := judge(compare(last, working))).enough:
        raise VersionError(str(verdict), where=where, hint="See what changed with: uapi contract diff")
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(emit.to_yaml(working.bundle.document, header=NOTICE), encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise ContractError(message, where=str(path), hint="Make the folder writable.") from error
    return path
