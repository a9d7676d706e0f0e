"""The tools that are compared: how each is started on a server, and what it complains of, as kinds of failure.

A kind is as fine as what the tool tells allows, so that no tool loses a kill to coarse counting.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mutants.world import CALLER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uapi.conformance.target import Target

ROOT: Final = Path(__file__).parents[2]
BUNDLE: Final = ROOT / "generated" / "openapi.json"
SECONDS: Final = 300.0
"""How long a tool may take for one server."""


@dataclass(frozen=True)
class Verdict:
    """What a tool says of one server, and what that cost."""

    kinds: frozenset[str]
    """The kinds of failure that it reports; empty where it accepts the server."""
    code: int | None
    """The exit code of the tool, None where it did not end in time."""
    wall: float
    cpu: float
    """Seconds of processor time of the tool and the programs that it started, without those of the server."""


@dataclass(frozen=True)
class Tool:
    """A program that tests a server. It runs in a folder of its own, from which `read` takes what it found."""

    name: str
    command: Callable[[str], Sequence[str]]
    read: Callable[[Path], frozenset[str]]

    def run(self, target: Target, folder: Path) -> Verdict:
        """Have the tool test a server; nothing of an earlier run is in the folder."""
        (folder / "target.toml").write_text(_toml(target), "utf-8")
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("UAPI_", "HYPOTHESIS"))
        }
        environment["PYTHONPATH"] = os.pathsep.join(
            [str(ROOT / "tests"), *filter(None, [os.environ.get("PYTHONPATH")])]
        )
        started = time.perf_counter()
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - the tools that are compared
                self.command(target.base_url),
                cwd=folder,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        code, cpu = _ended(process)
        return Verdict(self.read(folder), code, time.perf_counter() - started, cpu)


def _ended(process: subprocess.Popen[bytes]) -> tuple[int | None, float]:
    """Wait for a process, and end it where it takes too long; return its exit code and its processor time."""
    deadline = time.monotonic() + SECONDS
    late = False
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        if not late and time.monotonic() > deadline:
            late = True
            os.killpg(process.pid, signal.SIGKILL)
        time.sleep(0.05)
    process.returncode = os.waitstatus_to_exitcode(status)
    return (None if late else process.returncode), usage.ru_utime + usage.ru_stime


def _toml(target: Target) -> str:
    """Return a target's configuration as a file of `uapi conformance`. The strings of JSON are strings of TOML."""
    values = target.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items() if not isinstance(value, dict)]
    for name, section in values.items():
        if isinstance(section, dict):
            lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in section.items())]
    return "\n".join(lines) + "\n"


def _kit(budget: str) -> Tool:
    def command(_: str) -> list[str]:
        start = [sys.executable, "-m", "uapi.cli", "conformance", "--target", "target.toml"]
        return [*start, "--budget", budget, "--output", "reports"]

    return Tool(f"uapi conformance, {budget}", command, _kit_kinds)


def _kit_kinds(folder: Path) -> frozenset[str]:
    """Return the requirements that are violated, or why the kit refuses to test the server."""
    report = folder / "reports" / "report.json"
    if not report.exists():
        return frozenset(line for line in (folder / "output").read_text("utf-8").splitlines() if "error" in line)
    rows = json.loads(report.read_text("utf-8"))["results"]
    return frozenset(row["id"] for row in rows if row["violated"])


def _schemathesis(name: str, *more: str) -> Tool:
    def command(base_url: str) -> list[str]:
        program = str(Path(sys.executable).with_name("schemathesis"))
        given = [str(BUNDLE), "--url", base_url, "--header", f"Authorization: Bearer {CALLER.token}", "--seed", "1"]
        reports = ["--report", "ndjson,json", "--report-ndjson-path", "events", "--report-json-path", "summary"]
        return [program, "run", *given, *reports, "--no-color", *more]

    return Tool(name, command, _schemathesis_kinds)


def _schemathesis_kinds(folder: Path) -> frozenset[str]:
    """Return the failures, each by the code of the check, the operation and the status, and the errors."""
    events, summary = folder / "events", folder / "summary"
    found: set[str] = set()
    if events.exists():
        for line in events.read_text("utf-8").splitlines():
            found |= _failures(json.loads(line).get("ScenarioFinished", {}).get("recorder", {}))
    if summary.exists():
        for error in json.loads(summary.read_text("utf-8"))["errors"]:
            found.add(" ".join(str(error.get(key)) for key in ("type", "title", "operation", "operations")))
    return frozenset(found)


def _failures(recorder: dict[str, Any]) -> set[str]:
    found = set()
    for case, checks in recorder.get("checks", {}).items():
        response = recorder.get("interactions", {}).get(case, {}).get("response") or {}
        for check in checks:
            if check["status"] != "success":
                failure = check["failure_info"]["failure"]
                found.add(f"{failure['code']} {failure['operation']} {response.get('status_code')}")
    return found


def _prism() -> Tool:
    def command(base_url: str) -> list[str]:
        return [sys.executable, "-m", "benchmarks.peers_prism", base_url, CALLER.token or "", "kinds"]

    return Tool("Prism proxy, examples", command, _prism_kinds)


def _prism_kinds(folder: Path) -> frozenset[str]:
    kinds = folder / "kinds"
    return frozenset(kinds.read_text("utf-8").splitlines()) if kinds.exists() else frozenset()


TOOLS: Final = {
    "kit-quick": _kit("quick"),
    "kit-standard": _kit("standard"),
    "schemathesis": _schemathesis("schemathesis run"),
    "schemathesis-all": _schemathesis("schemathesis run, all checks", "--checks", "all", "--continue-on-failure"),
    "prism": _prism(),
}
"""The tools by the names that `--tool` takes."""
