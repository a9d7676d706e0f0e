"""Runs the suite in a pytest session as a user does, in this process, and keeps what came of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from mutants.world import WORLD
from uapi.sandbox.target_file import target_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mutants.laboratory import Laboratory
    from mutants.mutant import Fault

SUITE: Final = ("--pyargs", "uapi.conformance.suite")
PLUGIN: Final = ("-p", "uapi.conformance.pytest_plugin", "--assert=plain")
"""Named, since the environment of the tests may be older than the entry point; and not rewritten a second time."""
FURTHER: Final = ("0003*210/9a3e57c0d4b1f6280e15/01",)
"""Another phone call of the default world that can be tested with."""
CALLS: Final = ("4f0c1d9be2a75361c880", "9a3e57c0d4b1f6280e15")


@dataclass(frozen=True)
class Session:
    """A pytest session that ended."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def tests(self) -> set[str]:
        """The names of the tests that a verbose session told of, such as `test_acting[REC-001]`."""
        lines = (line.partition("::") for line in self.out.splitlines() if "::" in line)
        return {name.split("]")[0] + "]" for _, _, name in lines}


@contextmanager
def a_server(
    laboratory: Laboratory, folder: Path, fault: Fault | None = None, *without: str, further: tuple[str, ...] = ()
) -> Iterator[tuple[Path, Any]]:
    """Serve a fault; yield the target file of its sandbox, without some of its sections, and a probe on it."""
    with laboratory.probe(*([fault] if fault else [])) as probe:
        assert WORLD.target is not None
        sections = target_text(WORLD.target, probe.target.base_url, further).split("\n\n")
        kept = [text for text in sections if not text.startswith(tuple(f"[{name}]" for name in without))]
        file = folder / "target.toml"
        file.write_text("\n\n".join(kept), "utf-8")
        yield file, probe


def sessions(folder: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Session]:
    """Return a function that runs `pytest --pyargs uapi.conformance.suite` in the current folder."""

    def run(*arguments: object, suite: tuple[str, ...] = SUITE) -> Session:
        code = pytest.main([*PLUGIN, *suite, *map(str, arguments)])
        told = capfd.readouterr()
        return Session(int(code), told.out, told.err, folder)

    return run
