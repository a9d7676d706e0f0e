"""Read the decisions that the contract rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.contract.errors import SourceError
from uapi.contract.project import DECISIONS

if TYPE_CHECKING:
    from uapi.contract.project import Project


def read_decisions(project: Project) -> str:
    """Return the text of the decisions, empty where the contract has none."""
    try:
        return project.path(DECISIONS).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot be read: {error}", where=str(DECISIONS), hint="Save it as UTF-8.") from error
