"""The shell steps of the GitHub action run as they stand, but for the installation."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from uapi.conformance.embedded import sandbox

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = YAML(typ="safe").load(ROOT / ".github/actions/conformance/action.yml")


def step(name: str) -> dict[str, Any]:
    (found,) = [step for step in ACTION["runs"]["steps"] if step["name"] == name]
    return found


def run(tmp_path: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """Run the step that tests a server, with this environment's command where the action installs its own."""
    command = tmp_path / "runner" / "uapi" / "bin" / "uapi"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m uapi.cli "$@"\n', "utf-8")
    command.chmod(0o755)
    environment = {
        "PATH": "/usr/bin:/bin",
        "RUNNER_TEMP": str(tmp_path / "runner"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "TARGET": str(target),
        "BUDGET": "quick",
        "EXPECTED": "",
        "OUTPUT": str(tmp_path / "reports"),
    }
    return subprocess.run(  # noqa: S603 - our own action
        ["/bin/bash", "-e", "-c", step("Test the server")["run"]],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_conformant_server_passes(tmp_path: Path) -> None:
    with sandbox() as target:
        done = run(tmp_path, target)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "output").read_text("utf-8") == "exit-code=0\n"
    assert "conformant" in (tmp_path / "summary").read_text("utf-8")


def test_a_target_that_does_not_answer_fails(tmp_path: Path) -> None:
    with sandbox() as target:
        text = target.read_text("utf-8")
    gone = tmp_path / "gone.toml"
    gone.write_text(text, "utf-8")
    done = run(tmp_path, gone)
    assert done.returncode == 3
    assert (tmp_path / "output").read_text("utf-8") == "exit-code=3\n"


def test_each_input_is_passed_on() -> None:
    passed = " ".join(step("Test the server")["env"].values()) + str(step("Keep the reports"))
    assert all(f"inputs.{name}" in passed for name in ACTION["inputs"])


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_the_installation_names_files_that_exist(name: str) -> None:
    assert (ROOT / ".github/actions/conformance" / "../../.." / name).exists()
