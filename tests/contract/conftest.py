"""A small contract that every test may change, and a way to run the command line."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from uapi import cli
from uapi.contract.lint.runner import lint
from uapi.contract.project import Project

if TYPE_CHECKING:
    from uapi.contract.lint.rule import Finding

OPERATIONS_TABLE = "[tool.datamodel-codegen.jobs.client.client-operations]"
"""The last table of pyproject.toml: it names operations of the contract itself, which the small one lacks."""
SMALL = Path(__file__).parent / "small"
REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Contract:
    """A copy of the small contract; its files are named relative to `openapi/`."""

    root: Path

    @property
    def project(self) -> Project:
        return Project(self.root)

    def path(self, name: str) -> Path:
        return self.root / "openapi" / name

    def write(self, name: str, text: str | bytes) -> None:
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that is there once."""
        text = self.path(name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def findings(self) -> list[Finding]:
        """Return what the rules object to, without redocly's."""
        return lint(self.project, redocly=False)

    def finding(self) -> Finding:
        """Return the one thing that the rules object to."""
        (finding,) = self.findings()
        return finding

    def append(self, name: str, text: str) -> None:
        self.write(name, self.path(name).read_text(encoding="utf-8") + text)

    def rename(self, name: str, new: str) -> None:
        self.path(name).rename(self.path(new))

    def line(self, name: str, text: str) -> str:
        """Return `file:line` of the first line that holds a text."""
        lines = self.path(name).read_text(encoding="utf-8").splitlines()
        number = next(number for number, line in enumerate(lines, start=1) if text in line)
        return f"{PurePosixPath('openapi') / name}:{number}"


@dataclass(frozen=True)
class Outcome:
    """What a run of the command line printed, and how it ended."""

    code: int | str
    out: str
    err: str


class Uapi:
    """The command line, run in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self.capfd = capfd

    def __call__(self, *arguments: str | Path) -> Outcome:
        self.monkeypatch.setattr(sys, "argv", ["uapi", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit_:
            cli.main()
        out, err = self.capfd.readouterr()
        return Outcome(exit_.value.code or 0, out, err)


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    root = tmp_path / "project"
    shutil.copytree(SMALL, root)
    options, table, _ = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8").partition(OPERATIONS_TABLE)
    assert table
    (root / "pyproject.toml").write_text(options, encoding="utf-8")
    return Contract(root)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Uapi:
    return Uapi(monkeypatch, capfd)
