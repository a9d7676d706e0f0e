from __future__ import annotations

import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from uapi.conformance import embedded
from uapi.conformance.embedded import sandbox
from uapi.conformance.errors import UnreachableError
from uapi.conformance.target import load_target

if TYPE_CHECKING:
    from pathlib import Path


POPEN = subprocess.Popen


class Started:
    """Keeps the processes that are started, each with another program than the sandbox if there is one."""

    def __init__(self, program: str | None = None) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []
        self._program = program

    def __call__(self, command: list[str], **options: object) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-c", self._program, *command] if self._program else command
        self.processes.append(POPEN(words, **options))  # type: ignore[call-overload]
        return self.processes[-1]


def watched(monkeypatch: pytest.MonkeyPatch, program: str | None = None) -> Started:
    started = Started(program)
    monkeypatch.setattr(embedded.subprocess, "Popen", started)
    return started


def answers(base_url: str) -> bool:
    try:
        urllib.request.urlopen(base_url, timeout=5).close()  # noqa: S310 - our own
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def test_a_sandbox_runs_for_as_long_as_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    started = watched(monkeypatch)
    with sandbox() as file:
        base_url = tomllib.loads(file.read_text("utf-8"))["base_url"]
        during = answers(base_url)
    assert (during, answers(base_url), started.processes[0].poll() is not None) == (True, False, True)


def test_its_target_file_is_a_target_on_this_machine_and_gone_afterwards() -> None:
    with sandbox() as file:
        target = load_target(file, {}, {})
    assert target.base_url.startswith("http://127.0.0.1:")
    assert not file.parent.exists()


def test_its_target_names_as_many_calls_as_are_asked_for() -> None:
    with sandbox(3) as file:
        target = load_target(file, {}, {})
    assert len(target.phone_call.further) == 2


FAKE = "import pathlib, signal, sys, time; file = pathlib.Path(sys.argv[-1])\n"
SERVES = FAKE + "file.write_text('x')\ntime.sleep(60)"
STUBBORN = FAKE + "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nfile.write_text('x')\ntime.sleep(60)"


@pytest.mark.parametrize("error", [ValueError("bad"), KeyboardInterrupt()], ids=["a defect", "Ctrl-C"])
def test_a_sandbox_ends_after_a_crash(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    started = watched(monkeypatch, SERVES)
    with pytest.raises(type(error)), sandbox():
        raise error
    assert started.processes[0].poll() is not None


def test_a_sandbox_that_does_not_start_is_said_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    watched(monkeypatch, "import sys; sys.exit('no such world')")
    with pytest.raises(UnreachableError, match="did not start: no such world") as caught, sandbox():
        pass
    assert (caught.value.exit_code, caught.value.where) == (3, "--sandbox")


def test_a_sandbox_that_says_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    watched(monkeypatch, "pass")
    with pytest.raises(UnreachableError, match="it said nothing"), sandbox():
        pass


def test_a_sandbox_that_does_not_get_ready_is_given_up_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    started = watched(monkeypatch, "import time; time.sleep(60)")
    monkeypatch.setattr(embedded, "START_SECONDS", 0.0)
    with pytest.raises(UnreachableError), sandbox():
        pass
    assert started.processes[0].poll() is not None


def test_a_sandbox_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    started = watched(monkeypatch, STUBBORN)
    wait = POPEN.wait
    monkeypatch.setattr(POPEN, "wait", lambda process, timeout=None: wait(process, timeout and 0.1))
    with sandbox():
        pass
    assert started.processes[0].poll() is not None


def test_the_folder_that_one_is_in_is_not_imported_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # 'python -m' puts the current folder before all others, so that a file there could end the sandbox.
    (tmp_path / "click.py").write_text("raise SystemExit('the wrong click')", "utf-8")
    monkeypatch.chdir(tmp_path)
    with sandbox() as file:
        assert file.exists()
