"""The folders and files of a project that holds a contract."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from uapi.contract.errors import ProjectError

SOURCE: Final = PurePosixPath("openapi")
ROOT_DOCUMENT: Final = SOURCE / "openapi.yaml"
DECISIONS: Final = SOURCE / "decisions.md"
RELEASED: Final = SOURCE / "released"
SAMPLES: Final = SOURCE / "samples"
BESIDE: Final = frozenset({RELEASED, SAMPLES})
"""The folders of `openapi/` that hold what belongs to the contract without being a part of it."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project, by its root folder."""

    root: Path

    @property
    def generated(self) -> Path:
        """The folder that `uapi contract generate` owns."""
        return self.root / "generated"

    @property
    def pyproject(self) -> Path:
        """The file that holds the options of the code generator."""
        return self.root / "pyproject.toml"

    @property
    def node(self) -> Path:
        """The folder of the Node tools."""
        return self.root / "scripts" / "node"

    def path(self, name: PurePosixPath) -> Path:
        """Return the path of a file that is named relative to the root."""
        return self.root / name


def find(start: Path) -> Project:
    """Return the project at `start`, or the nearest one above it."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / ROOT_DOCUMENT).is_file():
            return Project(folder)
    message = f"{start} is in no project with a contract: there is no {ROOT_DOCUMENT} in it or above it"
    raise ProjectError(message, hint="Go to the project, or name it with --root.")


def at(root: Path) -> Project:
    """Return the project whose root is `root` itself."""
    if not (root / ROOT_DOCUMENT).is_file():
        message = f"{root} holds no {ROOT_DOCUMENT}"
        raise ProjectError(message, hint="--root takes the folder that holds openapi/.")
    return Project(root.absolute())
