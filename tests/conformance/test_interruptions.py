"""Runs that are told to end, end to end: what was started is stopped, and what was found is reported."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from conformance.hostile import relaying
from conformance.kit import COMMAND, SAFETY, started
from conformance.loopback import serving
from mutants.world import CALLER, PHONE_CALL, WORLD
from sandbox.live import serving as serving_app
from uapi.sandbox.app import create_sandbox
from uapi.sandbox.store import Store
from uapi.sandbox.target_file import target_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from subprocess import Popen

    from conformance.loopback import Received

    When = Callable[[list[Received]], bool]

CALL = str(PHONE_CALL.id)
ENDING = [signal.SIGINT, signal.SIGTERM]


def starts(requests: list[Received]) -> bool:
    """Tell whether the last request starts a recording on the phone call under test."""
    return requests[-1].path.endswith(CALL) and b'"StartRecording"' in requests[-1].body


def started_some(requests: list[Received]) -> bool:
    return starts(requests) and sum(starts(requests[: end + 1]) for end in range(len(requests))) == 3


def is_first(requests: list[Received]) -> bool:
    return len(requests) == 1


def looks(requests: list[Received]) -> bool:
    return len(requests) == 2


@dataclass
class Stage:
    """A healthy server, and when to send which signals to the kit that tests it."""

    folder: Path
    url: str
    store: Store
    requests: list[Received] = field(default_factory=list)

    def run(self, plan: Mapping[signal.Signals, When], settings: str | None = None) -> tuple[int, str, str]:
        """Run the kit and send it each signal once, when its time has come; return how it ended and what it said."""
        due, begun = dict(plan), []

        def hear(request: Received) -> None:
            self.requests.append(request)
            for number, when in list(due.items()):
                if when(self.requests):
                    del due[number]
                    process: Popen[str] = begun[0]
                    os.kill(process.pid, number)
                    return

        with serving(relaying(self.url, hear)) as server:
            file = self.folder / "target.toml"
            text = target_text(WORLD.target, server.base_url)  # type: ignore[arg-type]
            file.write_text(settings.replace("URL", server.base_url) if settings else text, "utf-8")
            words = [*COMMAND, "--target", str(file), "--budget", "quick"]
            with started(words, self.folder) as process:
                begun.append(process)
                out, err = process.communicate(timeout=SAFETY)
        return process.returncode, out, err

    @property
    def recorded(self) -> bool:
        call = self.store.call(CALL)
        assert call is not None
        return any(view.is_recorded for view in call.phoneCallView)

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "reports" / "report.json").read_text("utf-8"))
        return found


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with (
        Store(tmp_path / "sandbox.sqlite3", WORLD, lambda: datetime.now(UTC)) as store,
        serving_app(create_sandbox(WORLD, store)) as url,
    ):
        yield Stage(tmp_path, url, store)


@pytest.mark.parametrize("number", ENDING)
def test_a_run_that_is_ended_at_the_start_says_so(stage: Stage, number: signal.Signals) -> None:
    code, out, err = stage.run({number: is_first})
    assert (code, err, f"warning: the run was ended by the signal {number.name}" in out) == (128 + number, "", True)
    assert (stage.report["verdict"], stage.report["counts"]["not-exercised"]) == (
        "incomplete",
        len(stage.report["results"]),
    )


@pytest.mark.parametrize("number", ENDING)
def test_a_run_that_is_ended_stops_what_it_started_and_reports_what_it_found(
    stage: Stage, number: signal.Signals
) -> None:
    code, out, err = stage.run({number: started_some})
    assert (code, err, "verdict: incomplete" in out) == (128 + number, "", True)
    assert (stage.recorded, stage.report["verdict"]) == (False, "incomplete")
    assert stage.report["counts"]["pass"] > 0


@pytest.mark.parametrize(("first", "second"), [ENDING, ENDING[::-1]])
def test_a_second_signal_disturbs_neither_the_clean_up_nor_the_reports(
    stage: Stage, first: signal.Signals, second: signal.Signals
) -> None:
    def cleans_up(requests: list[Received]) -> bool:
        return b'"StopRecording"' in requests[-1].body and any(map(started_some, prefixes(requests)))

    code, out, err = stage.run({first: started_some, second: cleans_up})
    assert (code, err, "verdict: incomplete" in out) == (128 + first, "", True)
    assert (stage.recorded, stage.report["verdict"]) == (False, "incomplete")


def prefixes(requests: list[Received]) -> Iterator[list[Received]]:
    return (requests[:end] for end in range(1, len(requests)))


def test_what_a_killed_run_left_behind_is_said_by_the_next(stage: Stage) -> None:
    assert stage.run({signal.SIGKILL: started_some})[0] == -signal.SIGKILL
    assert (stage.recorded, (stage.folder / "reports" / "report.json").exists()) == (True, False)
    updates = [request for request in stage.requests if request.method == "PUT"]
    code, _, err = stage.run({})
    assert (code, "is being recorded already" in err, "left-over" in err) == (2, True, True)
    assert [request for request in stage.requests if request.method == "PUT"] == updates


@pytest.mark.parametrize("number", ENDING)
def test_a_phone_call_that_was_placed_is_hung_up_where_nothing_was_tested(stage: Stage, number: signal.Signals) -> None:
    place = f'print(\'{{\\"id\\": \\"{CALL}\\", \\"view_id\\": \\"{PHONE_CALL.view_id}\\"}}\')'
    hung_up = stage.folder / "hung-up"
    settings = f"""
base_url = "URL"
caller = {{token = "{CALLER.token}", user_id = "{CALLER.user_id}", extension = "{CALLER.extension}"}}
[phone_call]
source = "command"
place = ["{sys.executable}", "-c", "{place}"]
hang_up = ["{sys.executable}", "-c", "import sys; open('{hung_up}', 'w').write(sys.argv[1])"]
"""
    code, _, err = stage.run({number: looks}, settings)
    assert (code, err) == (128 + number, "")
    assert hung_up.read_text("utf-8") == CALL


@pytest.mark.parametrize("number", ENDING)
def test_the_embedded_sandbox_outlives_the_clean_up_and_no_more(tmp_path: Path, number: signal.Signals) -> None:
    # A terminal sends Ctrl-C to all processes, and so does a shell that ends a job.
    with started([*COMMAND, "--sandbox"], tmp_path) as process:
        assert process.stdout is not None
        begun = ""
        while not begun.endswith("...."):
            begun += process.stdout.read(1)
        os.killpg(process.pid, number)
        out, err = process.communicate(timeout=SAFETY)
    assert (process.returncode, err, "may go on" in out) == (128 + number, "", False)
    report = json.loads((tmp_path / "reports" / "report.json").read_text("utf-8"))
    assert (report["verdict"], report["counts"]["fail"], report["warnings"]) == ("incomplete", 0, [])
    host, _, port = report["target"]["base_url"].removeprefix("http://").partition("/")[0].partition(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=SAFETY)


def test_reports_that_cannot_be_written_do_not_hide_the_verdict(stage: Stage) -> None:
    # No file may be larger than 4 KB, which is like a disk that is full.
    limited = ["sh", "-c", 'ulimit -f 8; exec "$@"', "sh"]
    with serving(relaying(stage.url, stage.requests.append)) as server:
        file = stage.folder / "target.toml"
        file.write_text(target_text(WORLD.target, server.base_url), "utf-8")  # type: ignore[arg-type]
        words = [*limited, *COMMAND, "--target", str(file), "--only", "REC-001"]
        with started(words, stage.folder) as process:
            out, err = process.communicate(timeout=SAFETY)
    assert (process.returncode, "verdict: conformant" in out) == (2, True)
    assert ("the report cannot be written" in err, "Traceback" in err, stage.recorded) == (True, False, False)
