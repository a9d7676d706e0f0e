"""What is generated depends on the seed, and not on what else is loaded."""

from __future__ import annotations

import importlib.util
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from uapi.conformance.exploration import seeded

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    import pytest


def drawn(context: AbstractContextManager[None]) -> list[int]:
    """Draw numbers, always from the same seed."""
    found = []

    @seed(1)
    @settings(max_examples=200, database=None, deadline=None)
    @given(st.integers())
    def draw(number: int) -> None:
        found.append(number)

    with context:
        draw()
    return found


def load(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Load a module of the project that one works in, which is full of numbers."""
    file = folder / f"{name}.py"
    file.write_text(f"NUMBERS = {[1000 + len(name) * 1000 + number for number in range(500)]}", "utf-8")
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)


def test_modules_that_are_loaded_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = drawn(seeded())
    load(tmp_path, monkeypatch, "some_module")
    assert drawn(seeded()) == before


def test_they_would_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Hypothesis may stop doing so one day: then the context is of no use any more.
    before = drawn(nullcontext())
    load(tmp_path, monkeypatch, "some_other_module")
    assert drawn(nullcontext()) != before


def test_what_was_drawn_before_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = drawn(seeded())
    load(tmp_path, monkeypatch, "a_third_module")
    drawn(nullcontext())
    assert drawn(seeded()) == before
