"""The `uapi` command renders the errors of the rooms, and chooses the exit code."""

from __future__ import annotations

import subprocess
import sys

import pytest


def uapi(*arguments: str, without: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, as if a package were not installed."""
    hide = f"import sys; sys.modules[{without!r}] = None; " if without else ""
    program = f"{hide}from uapi.cli import main; main()"
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command


def test_help_lists_the_rooms_without_importing_them() -> None:
    done = uapi("--help", without="pytest")
    assert done.returncode == 0
    assert all(room in done.stdout for room in ("contract", "sandbox", "conformance"))


@pytest.mark.parametrize(
    ("room", "package"), [("contract", "ruamel.yaml"), ("sandbox", "uvicorn"), ("conformance", "schemathesis")]
)
def test_a_missing_extra_is_named(room: str, package: str) -> None:
    arguments = {
        "contract": ("contract", "lint", "--no-redocly"),
        "sandbox": ("sandbox",),
        "conformance": ("conformance",),
    }
    done = uapi(*arguments[room], without=package)
    assert done.returncode == 2
    assert f"voipnow-phonecalls[{room}]" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_of_a_room_is_rendered() -> None:
    done = uapi("conformance", "--base-url", "ftp://example.com")
    assert done.returncode == 2
    assert done.stderr.startswith("error: base_url: ")
    assert "UAPI_BASE_URL" in done.stderr


def test_an_unknown_command_is_a_usage_error() -> None:
    done = uapi("nothing")
    assert done.returncode == 2
    assert "No such command" in done.stderr


def test_an_unknown_option_is_a_usage_error() -> None:
    done = uapi("conformance", "--nothing")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
