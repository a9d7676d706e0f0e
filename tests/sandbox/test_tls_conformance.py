"""The conformance kit tests a sandbox over HTTPS: by the certificate that the target file names, and not without it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sandbox.process import environment, running

if TYPE_CHECKING:
    from pathlib import Path

DEADLINE = 300


def conformance(folder: Path, target_file: Path) -> subprocess.CompletedProcess[str]:
    """Run the kit against a target, without a word from the environment of the tests."""
    command = [sys.executable, "-m", "uapi.cli", "conformance", "--target", str(target_file), "--budget", "quick"]
    return subprocess.run(  # noqa: S603 - our own command
        [*command, "--output", str(folder / "reports")],
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE,
        env=environment(folder),
    )


@pytest.mark.thorough
def test_sandbox_is_conformant_over_https(tmp_path: Path) -> None:
    with running(tmp_path, "--tls"):
        done = conformance(tmp_path, tmp_path / "target.toml")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "verdict: conformant" in done.stdout


def test_certificate_that_is_not_trusted_ends_the_run(tmp_path: Path) -> None:
    with running(tmp_path, "--tls") as (_, target):
        file = tmp_path / "without.toml"
        told = (tmp_path / "target.toml").read_text("utf-8")
        file.write_text(told.replace(f'[tls]\nca_file = "{target["tls"]["ca_file"]}"\n', ""), "utf-8")
        assert "[tls]" not in file.read_text("utf-8")
        done = conformance(tmp_path, file)
    assert done.returncode == 3
    assert "is not trusted" in done.stderr
    assert "tls.ca_file" in done.stderr
