"""The command `uapi sandbox`, as a process of its own: what it prints, what it serves and how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sandbox.desk import LOCAL_CALL, PAGE_CALL, START, USER
from sandbox.process import ask, end, running
from uapi import cli
from uapi.sandbox.commands import sandbox
from uapi.sandbox.serving import listen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.sandbox.world import World


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path) as (process, target):
        status, body = ask(target, "PUT", f"/uapi/phoneCalls/@me/@self/{PAGE_CALL}", START)
        assert status == 200
        assert body["link"]["self"].startswith(target["base_url"])
        assert list((tmp_path / "temporary").iterdir())
        output, errors = end(process, number)
    lines = output.splitlines()
    assert lines[0] == target["base_url"]
    assert "  sandbox-user-12                user, @me is 12" in lines
    assert lines[-1] == f"curl -H 'Authorization: Bearer {USER}' '{target['base_url']}/phoneCalls/@me/@self'"
    assert errors == ""
    assert not list((tmp_path / "temporary").iterdir())


def test_log_has_the_requests_without_their_tokens(tmp_path: Path) -> None:
    with running(tmp_path, "--log-level", "info") as (process, target):
        ask(target, "GET", f"/uapi/phoneCalls/@me/@self?accessRequestToken={USER}")
        _, errors = end(process)
    assert "INFO uapi.sandbox.access: GET /uapi/phoneCalls/@me/@self 200" in errors
    assert USER not in errors


def test_workers_share_the_state(tmp_path: Path) -> None:
    with running(tmp_path, "--workers", "2", "--control", "--log-level", "info") as (process, target):
        path = f"/uapi/phoneCalls/12/0003*210/{LOCAL_CALL}"
        recording = ask(target, "PUT", path, START)[1]["phoneCallView"][1]["recording"]
        for _ in range(20):
            assert ask(target, "GET", path)[1]["entry"][0]["phoneCallView"][1]["recording"] == recording
        assert ask(target, "POST", "/control/reset")[0] == 200
        for _ in range(20):
            assert "recording" not in ask(target, "GET", path)[1]["entry"][0]["phoneCallView"][1]
        _, errors = end(process)
    assert "Traceback" not in errors
    assert not list((tmp_path / "temporary").iterdir())


def test_workers_do_not_hear_ctrl_c(tmp_path: Path) -> None:
    # A terminal sends it to all processes, also to workers that are still being started. The first process ends them.
    with running(tmp_path, "--workers", "2") as (process, target), interrupted(process.pid):
        assert ask(target, "GET", "/uapi/phoneCalls/@me/@self")[0] == 200
        _, errors = end(process)
    assert errors == ""


@contextmanager
def interrupted(parent: int) -> Iterator[None]:
    """Send SIGINT to the children of a process, again and again, from the first moment of each."""
    done = threading.Event()

    def interrupt() -> None:
        while not done.wait(0.002):
            for child in children(parent):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(status.parent.name))
    return found


def test_database_is_kept(tmp_path: Path) -> None:
    database = tmp_path / "kept.sqlite3"
    path = f"/uapi/phoneCalls/12/0003*210/{LOCAL_CALL}"
    with running(tmp_path, "--database", str(database)) as (process, target):
        first = ask(target, "PUT", path, START)[1]
        end(process)
    (tmp_path / "target.toml").unlink()
    with running(tmp_path, "--database", str(database)) as (process, target):
        second = ask(target, "GET", path)[1]["entry"][0]
        assert second["phoneCallView"] == first["phoneCallView"]
        end(process)


def test_world_and_public_url(tmp_path: Path, world: World) -> None:
    document = json.loads(world.model_dump_json(exclude_none=True))
    document["organizations"][1]["name"] = "Another Name"
    (tmp_path / "world.json").write_text(json.dumps(document))
    options = ("--world", str(tmp_path / "world.json"), "--public-url", "https://sandbox.example/uapi/")
    file = tmp_path / "target.toml"
    with running(tmp_path, *options) as (process, target):
        assert target["base_url"] == "https://sandbox.example/uapi"
        end(process)
    assert file.exists()


# Mistakes


@dataclass(frozen=True)
class Failing:
    """Runs the command in this process, where it has to fail."""

    capture: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *options: str) -> str:
        """Return what the command prints to standard error."""
        self.monkeypatch.setattr(sys, "argv", ["uapi", "sandbox", "--port", "0", *options])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        output, errors = self.capture.readouterr()
        assert (caught.value.code, output) == (2, "")
        return errors


@pytest.fixture
def failing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Failing:
    return Failing(capsys, monkeypatch)


def test_port_in_use(failing: Failing) -> None:
    with listen("127.0.0.1", 0) as bound:
        port = str(bound.getsockname()[1])
        errors = failing("--port", port)
    assert errors == (
        f"error: 127.0.0.1:{port}: cannot listen there: Address already in use\n"
        "  Name another address with --host and --port; port 0 is any free one.\n"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--host", "192.0.2.1"), "error: 192.0.2.1:0: cannot listen there"),
        (("--port", "65536"), "65536 is not in the range"),
        (("--workers", "0"), "0 is not in the range"),
        (("--log-level", "loud"), "'loud' is not one of"),
        (("--public-url", "sandbox.example"), "'sandbox.example' is no absolute http or https URL"),
        (("--public-url", "https://sandbox.example?x"), "is no absolute http or https URL"),
        (("--colour",), "No such option"),
    ],
)
def test_mistake_in_the_options(failing: Failing, options: tuple[str, ...], message: str) -> None:
    assert message in failing(*options)


def test_mistakes_in_the_files(failing: Failing, tmp_path: Path, world: World) -> None:
    small = world.model_dump(mode="json", exclude_none=True) | {"target": None}
    (tmp_path / "small.json").write_text(json.dumps(small))
    (tmp_path / "broken.json").write_text("{")
    target = ("--target-file", str(tmp_path / "t.toml"))
    assert "No such file" in failing("--world", str(tmp_path / "nothing.json"))
    assert "not JSON" in failing("--world", str(tmp_path / "broken.json"))
    assert "the world has no target" in failing("--world", str(tmp_path / "small.json"), *target)
    assert "cannot be written" in failing("--target-file", str(tmp_path / "missing" / "t.toml"))
    assert "file is not a database" in failing("--database", str(tmp_path / "small.json"))
    assert "unable to open" in failing("--database", str(tmp_path / "missing" / "d"), *target)
    assert not (tmp_path / "t.toml").exists()


def test_help_tells_the_control_interface(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        sandbox.main(["--help"])
    assert caught.value.code == 0
    assert "POST   /control/calls/{id}/answer   answer it" in capsys.readouterr().out
