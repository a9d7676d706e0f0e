"""The conformance kit tests a sandbox over HTTPS: by the certificate that the target file names, and not without it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sandbox.process import ask, environment, running

if TYPE_CHECKING:
    from pathlib import Path

DEADLINE = 300


PLACED = ("MAKE-001", "MAKE-040", "MAKE-050", "ACT-020", "ACT-040", "ACT-075", "LIST-005", "END-001", "END-006")
"""Requirements of phone calls that the kit places, by each of the methods that the service has."""


def conformance(folder: Path, target_file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the kit against a target, without a word from the environment of the tests."""
    command = [sys.executable, "-m", "uapi.cli", "conformance", "--target", str(target_file), "--budget", "quick"]
    return subprocess.run(  # noqa: S603 - our own command
        [*command, "--output", str(folder / "reports"), *options],
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


@pytest.mark.parametrize("prefix", ["uapi", "unifiedapi"])
def test_phone_calls_are_placed_and_hung_up_over_https(tmp_path: Path, prefix: str) -> None:
    """Where the base URL has the former prefix, that is what the kit asks for (D-55)."""
    only = [word for requirement in PLACED for word in ("--only", requirement)]
    with running(tmp_path, "--tls", "--legacy-prefix") as (_, target):
        status, listed = ask(target, "GET", "/uapi/phoneCalls/@me/@self")
        file = tmp_path / "prefixed.toml"
        told = (tmp_path / "target.toml").read_text("utf-8")
        file.write_text(told.replace(target["base_url"], target["base_url"].replace("/uapi", f"/{prefix}")), "utf-8")
        done = conformance(tmp_path, file, "--profile", "phone-calls", *only)
        assert ask(target, "GET", "/uapi/phoneCalls/@me/@self") == (status, listed)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert f"{len(PLACED)} requirements: {len(PLACED)} pass" in done.stdout
    assert f"/{prefix}\n" in done.stdout


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
