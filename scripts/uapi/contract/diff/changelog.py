"""Writes the changelog of the contract: what each release changed, and what the working tree changes since the last."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from uapi.contract import package
from uapi.contract.diff import read
from uapi.contract.diff.compare import compare
from uapi.contract.diff.model import Contract
from uapi.contract.diff.places import operations
from uapi.contract.diff.render import count, to_markdown
from uapi.contract.register import register

if TYPE_CHECKING:
    from uapi.contract.bundle import Bundle
    from uapi.contract.project import Project

FILE: Final = "contract-changelog.md"
HEAD: Final = f"""\
<!-- {package.NOTICE} -->
# Changelog of the contract

What breaks clients needs a change in programs that use the service; what breaks servers needs one in servers that
conform to the version before. Before 1.0.0 either moves the minor number, and everything else the patch number. From
then on, what breaks clients moves the major number, documentation the patch number, everything else the minor number.
"""


def changelog(project: Project, bundle: Bundle) -> str:
    """Return the changelog, the newest version first."""
    releases = [read.released_contract(project, version, path) for version, path in read.released(project).items()]
    sections = [_first(releases[0])] if releases else []
    sections += [to_markdown(compare(old, new), title=new.version, level=2) for old, new in pairwise(releases)]
    version = bundle.document["info"]["version"]
    title = f"{version}, not released"
    if not releases:
        sections = [_first(Contract("the working tree", bundle), title)]
    elif (diff := compare(releases[-1], read.checked("the working tree", bundle))).changes or version != releases[
        -1
    ].version:
        sections.append(to_markdown(diff, title=title, level=2))
    return "\n".join([HEAD, *reversed(sections)])


def _first(contract: Contract, title: str | None = None) -> str:
    """Return the section of the version that there is nothing to compare with."""
    rows = len(register(contract.bundle)["requirements"])
    text = f"{count(len(operations(contract)), 'operation')} and {count(rows, 'requirement')}."
    return f"## {title or contract.version}\n\nThe first version: {text}\n"
