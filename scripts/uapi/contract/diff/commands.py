"""What `uapi contract diff` does: reads two contracts, compares them, shows the result, and decides how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.contract.diff import read, render
from uapi.contract.diff.compare import compare
from uapi.contract.diff.verdict import judge
from uapi.contract.errors import BundleError

if TYPE_CHECKING:
    from uapi.contract.diff.model import Diff
    from uapi.contract.project import Project


def run(
    project: Project, old: str | None, new: str | None, *, form: str, fail_on: str | None, documentation: bool
) -> tuple[str, bool]:
    """Return the text of a comparison, and whether the command ends with 1.

    Raises:
        ContractError: one of the two cannot be read, or its version is none.

    """
    before = read.last_released(project) if old is None else read.read(project, old)
    if before is None:
        message = "nothing is released yet, so there is nothing to compare with"
        raise BundleError(message, hint="Name the file of a bundle as OLD.")
    diff = compare(before, read.read(project, new))
    failed = not judge(diff).enough or _fails(diff, fail_on)
    if form == "json":
        return render.to_json(diff), failed
    if form == "markdown":
        return render.to_markdown(diff), failed
    return render.to_text(diff, words=documentation), failed


def _fails(diff: Diff, fail_on: str | None) -> bool:
    clients, servers = bool(diff.breaking("clients")), bool(diff.breaking("servers"))
    answers = {
        None: False,
        "clients": clients,
        "servers": servers,
        "breaking": clients or servers,
        "change": bool(diff.changes),
    }
    return answers[fail_on]
