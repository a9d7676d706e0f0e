"""The kit tells of servers that this project did not write what is true of them, no more and no less."""

from __future__ import annotations

import json
import shutil
import tomllib
from typing import TYPE_CHECKING

import pytest

from foreign.servers import GENERATED, MOCK, PRISM, Server, conformance
from uapi.conformance.baseline import load_expectations

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.thorough

needs_prism = pytest.mark.skipif(
    not PRISM.is_file() or shutil.which("node") is None,
    reason="Prism is not installed: it needs Node.js 20.19 or newer, then 'npm ci' in tests/foreign",
)
SERVERS = [
    pytest.param(MOCK, id="prism", marks=needs_prism),
    pytest.param(GENERATED, id="fastapi-code-generator"),
]


@pytest.mark.parametrize("server", SERVERS)
def test_a_foreign_server_shows_the_findings_that_are_explained(server: Server, tmp_path: Path) -> None:
    with server.running(tmp_path / "log") as base_url:
        done = conformance(server, base_url, tmp_path, "--expected-failures", str(server.failures))
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    found = {
        "unexpected": report["expected_failures"]["unexpected"],
        "stale": report["expected_failures"]["stale"],
        "errors": [row["id"] for row in report["results"] if row["outcome"] == "error"],
        "warnings": {row["id"] for row in report["results"] if row["outcome"] == "warn"},
        "verdict": report["verdict"],
        "exit code": done.returncode,
    }
    assert found == {
        "unexpected": [],
        "stale": [],
        "errors": [],
        "warnings": {entry.requirement for entry in load_expectations(server.warnings)},
        "verdict": "not conformant",
        "exit code": 0,
    }, done.stderr


@needs_prism
def test_a_mock_that_always_shows_a_recording_is_left_alone(tmp_path: Path) -> None:
    assert tomllib.loads(MOCK.target.read_text("utf-8"))["features"] == {"get": False}
    with MOCK.running(tmp_path / "log") as base_url:
        done = conformance(MOCK, base_url, tmp_path, "--features-get", "true")
    assert (done.returncode, "is being recorded already" in done.stderr) == (2, True), done.stderr
