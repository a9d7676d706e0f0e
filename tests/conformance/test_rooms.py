"""The rooms know of each other what the design allows, and no more: read from the source, and seen in a process."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import uapi

ROOT = Path(uapi.__file__).parent
FORBIDDEN = {
    "contract": {"uapi.docs", "uapi.sandbox", "uapi.conformance"},
    "docs": {"uapi.sandbox", "uapi.conformance"},
    "sandbox": {"uapi.contract", "uapi.docs", "uapi.conformance"},
    "conformance": {"uapi.contract", "uapi.docs", "uapi.sandbox"},
}
FILES = sorted(ROOT.rglob("*.py"))
MODULES = [pytest.param(file, id=file.relative_to(ROOT).as_posix()) for file in FILES]


def imported(file: Path) -> set[str]:
    """Return every module that a file names in an import or in a call that imports, wherever in the file."""
    package = ["uapi", *file.relative_to(ROOT).parent.parts]
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in {
            "import_module",
            "__import__",
        }:
            found |= {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    return found


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


@pytest.mark.parametrize("file", MODULES)
def test_a_module_imports_from_no_room_that_it_must_not_know(file: Path) -> None:
    forbidden = FORBIDDEN.get(file.relative_to(ROOT).parts[0], set())
    assert [module for module in imported(file) if any(within(module, room) for room in forbidden)] == []


@pytest.mark.parametrize("file", [file for file in MODULES if "/" not in str(file.id)])
def test_what_stands_outside_of_the_rooms_imports_none_of_them(file: Path) -> None:
    assert [module for module in imported(file) if any(within(module, f"uapi.{room}") for room in FORBIDDEN)] == []


@pytest.mark.parametrize("room", FORBIDDEN)
def test_the_command_line_knows_a_room_by_its_name(room: str) -> None:
    assert f'"uapi.{room}.commands"' in (ROOT / "cli.py").read_text("utf-8")


def test_there_is_no_other_room() -> None:
    assert {path.name for path in ROOT.iterdir() if path.is_dir() and (path / "__init__.py").exists()} == set(FORBIDDEN)


def test_no_module_of_the_kit_loads_another_room() -> None:
    names = [".".join(["uapi", *file.relative_to(ROOT).with_suffix("").parts]) for file in FILES]
    kit = [name.removesuffix(".__init__") for name in names if within(name, "uapi.conformance")]
    kit = [name for name in kit if not within(name, "uapi.conformance.suite")]
    script = f"""
import importlib, sys
for name in {kit!r}:
    importlib.import_module(name)
print([name for name in sys.modules if name.startswith(("uapi.sandbox", "uapi.contract", "uapi.docs"))])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.stdout.strip(), done.stderr, done.returncode) == ("[]", "", 0)
