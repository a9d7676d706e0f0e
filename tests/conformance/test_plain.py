"""The suite in a pytest session of its user's: what is selected, what is told, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.plain import PLUGIN, a_server, sessions
from mutants.messages import error
from mutants.world import PHONE_CALL, ROLES
from uapi.conformance.register import profile, register

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from conformance.plain import Session
    from mutants.laboratory import Laboratory
    from mutants.messages import Request, Response
    from mutants.mutant import Serve

    Run = Callable[..., Session]
    Served = Callable[..., AbstractContextManager[tuple[Path, Any]]]

QUICK = ("--uapi-budget", "quick")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the suite in an empty folder, with no plugin that happens to be installed."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\nfilterwarnings = error\n", "utf-8")
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("UAPI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    return sessions(folder, capfd)


@pytest.fixture
def served(laboratory: Laboratory, tmp_path: Path) -> Served:
    """Return a context that serves a fault, and yields the target file of its sandbox and a probe on it."""
    return lambda *arguments: a_server(laboratory, tmp_path, *arguments)


async def any_format_will_do(request: Request, serve: Serve) -> Response:
    taken = isinstance(request.json, dict) and isinstance(request.json.get("format"), str)
    return await serve(request.with_members(format="wav") if taken else request)


def test_a_requirement_is_selected_by_its_id(run: Run, served: Served) -> None:
    with served() as (file, _):
        done = run("--uapi-target", file, "-k", "REC-004")
    assert (done.code, "1 passed" in done.out) == (0, True), done.out


def test_what_observes_judges_what_was_exchanged(run: Run, served: Served) -> None:
    async def recorded_too_early(request: Request, serve: Serve) -> Response:
        answer = await serve(request)
        return answer.with_body(answer.body.replace(b'"recording":"2', b'"recording":"1')) if answer.body else answer

    with served(recorded_too_early) as (file, _):
        done = run("--uapi-target", file, "-k", "REC-007")
    assert (done.code, "REC-007: recording 1" in done.out) == (1, True), done.out


def test_the_verdict_is_about_what_was_selected(run: Run, served: Served) -> None:
    with served() as (file, _):
        done = run("--uapi-target", file, "-k", "REC-004 or CALL-020", "--uapi-output", "reports")
    report = json.loads((done.folder / "reports" / "report.json").read_text("utf-8"))
    assert [row["id"] for row in report["results"]] == ["CALL-020", "REC-004"]
    assert (report["verdict"], "a selection" in report["profile"]) == ("conformant", True)
    assert "verdict: conformant" in done.out


def test_without_an_output_folder_no_report_is_written(run: Run, served: Served) -> None:
    with served() as (file, _):
        done = run("--uapi-target", file, "-k", "REC-004", "-p", "no:cacheprovider")
    assert [path.name for path in done.folder.iterdir()] == ["pytest.ini"]


def listed(run: Run, file: Path, expression: str) -> set[str]:
    """Return the ids of the tests that a marker expression selects."""
    done = run("--uapi-target", file, "--collect-only", "-q", "-m", expression)
    assert done.code == 0, done.out
    return {name.partition("[")[2].rstrip("]") for name in done.tests}


MARKERS: dict[str, Callable[[Any], bool]] = {
    "must": lambda row: row.level == "MUST",
    "should and not listPhoneCalls": lambda row: row.level == "SHOULD" and "listPhoneCalls" not in row.operations,
    "documented_elsewhere": lambda row: row.evidence == "documented-elsewhere",
    "standard": lambda row: row.evidence == "standard",
    "updatePhoneCall and not coverage and not exploration": lambda row: "updatePhoneCall" in row.operations,
    "recording": lambda row: row.profile == "recording",
    "acting or observing": lambda _: True,
}


@pytest.mark.parametrize("expression", MARKERS)
def test_tests_are_selected_by_markers(run: Run, served: Served, expression: str) -> None:
    with served() as (file, _):
        found = listed(run, file, expression)
    assert found == {row.id for row in profile("recording") if MARKERS[expression](row)}


def test_explorations_are_selected_by_their_phase_and_mode(run: Run, served: Served) -> None:
    with served() as (file, _):
        found = listed(run, file, "exploration and negative or links or stateful")
    operations = ("updatePhoneCall", "getPhoneCall", "listPhoneCalls")
    assert found == {"links", "stateful", *(f"exploration-{operation}-negative" for operation in operations)}


def test_listing_tests_sends_nothing(run: Run, served: Served) -> None:
    asked: list[str] = []

    async def counting(request: Request, serve: Serve) -> Response:
        asked.append(request.method)
        return await serve(request)

    with served(counting) as (file, _):
        done = run("--uapi-target", file, "--collect-only", "-q")
    assert (done.code, asked) == (0, [])


def test_a_failure_is_told_with_its_evidence(run: Run, served: Served) -> None:
    with served(any_format_will_do) as (file, _):
        done = run("--uapi-target", file, "-k", "REC-013")
    assert (done.code, "1 failed" in done.out) == (1, True)
    row = register()["REC-013"]
    for told in ("expected 400 pc_recformat_invalid, got 200", f"{row.file}:{row.line}", row.text, '"format": "mp3"'):
        assert told in done.out
    assert "curl " in done.out
    assert "${UAPI_CALLER_TOKEN}" in done.out


def test_a_failure_has_no_traceback_of_the_kit(run: Run, served: Served) -> None:
    with served(any_format_will_do) as (file, _):
        done = run("--uapi-target", file, "-k", "REC-013", "--tb", "long")
    assert [word for word in ("Traceback", "def test_acting", "engine.py") if word in done.out] == []


def test_no_token_is_told(run: Run, served: Served) -> None:
    async def tokens_are_told(request: Request, serve: Serve) -> Response:
        if request.method == "GET" or request.token is None:
            return await serve(request)
        return error(500, f"fault-of-{request.token}").with_header("X-Token", request.token)

    with served(tokens_are_told) as (file, _):
        done = run("--uapi-target", file, "-k", "REC-001 or AUTH-009", "--junitxml", "junit.xml", "-rA")
    junit = (done.folder / "junit.xml").read_text("utf-8")
    assert (done.code, "fault-of-$UAPI_CALLER_TOKEN" in done.out) == (1, True)
    assert [token for token in ROLES.secrets() if token in done.out + done.err + junit] == []


def test_the_report_of_pytest_tells_outcomes(run: Run, served: Served) -> None:
    with served(None, "expired") as (file, _):
        done = run("--uapi-target", file, "-k", "REC-001 or AUTH-005 or REC-012", "--junitxml", "junit.xml")
    junit = (done.folder / "junit.xml").read_text("utf-8")
    for requirement, outcome in (("REC-001", "pass"), ("AUTH-005", "not-exercised"), ("REC-012", "excluded")):
        assert f'<property name="{requirement}" value="{outcome}"' in junit
    assert ("1 passed, 2 skipped" in done.out, "verdict: incomplete" in done.out) == (True, True)


def test_what_failed_is_run_again_alone(run: Run, served: Served) -> None:
    with served(any_format_will_do) as (file, _):
        first = run("--uapi-target", file, "-k", "REC-013 or REC-014 or REC-001")
        again = run("--uapi-target", file, "-v", "--lf")
    assert ("1 failed, 2 passed" in first.out, again.tests) == (True, {"test_acting[REC-013]"})


def test_a_warning_is_no_failure(run: Run, served: Served) -> None:
    async def wrapped(request: Request, serve: Serve) -> Response:
        answer = await serve(request)
        return (
            answer.with_body(b"[" + answer.body + b"]") if request.method == "PUT" and answer.status == 200 else answer
        )

    with served(wrapped) as (file, _):
        done = run("--uapi-target", file, "-k", "REC-002")
    assert (done.code, "warn REC-002: " in done.out) == (0, True), done.out


def test_what_the_target_was_found_not_to_offer_is_not_explored(run: Run, served: Served) -> None:
    async def no_lists(request: Request, serve: Serve) -> Response:
        return error(501, "request_not_implemented") if len(request.segments) == 2 else await serve(request)

    with served(no_lists) as (file, _):
        file.write_text(file.read_text("utf-8").replace("list = true", 'list = "unknown"'), "utf-8")
        done = run("--uapi-target", file, *QUICK, "-k", "coverage-listPhoneCalls", "-rs")
    assert ("1 skipped" in done.out, "found not to offer it" in done.out) == (True, True), done.out


def test_what_observes_comes_last_whoever_changes_the_order(run: Run, served: Served) -> None:
    (Path.cwd() / "conftest.py").write_text(
        "def pytest_collection_modifyitems(items):\n    items.reverse()\n", encoding="utf-8"
    )
    with served() as (file, _):
        done = run("--uapi-target", file, "--collect-only", "-q", "-k", "REC")
    names = [line.partition("::")[2].partition("[")[0] for line in done.out.splitlines() if "::" in line]
    assert (names[0], names[-1]) == ("test_acting", "test_observing")
    assert names == sorted(names, key=lambda name: name == "test_observing")


def test_tests_of_the_users_own_may_stand_beside(run: Run, served: Served) -> None:
    (Path.cwd() / "test_own.py").write_text("def test_own(): pass\n", "utf-8")
    with served() as (file, _):
        done = run("test_own.py", "--uapi-target", file, "-k", "own or REC-001")
    assert (done.code, "2 passed" in done.out) == (0, True), done.out


def test_settings_come_from_the_environment(run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with served() as (file, _):
        monkeypatch.setenv("UAPI_CALLER_TOKEN", "no-such-token")
        done = run("--uapi-target", file, "-k", "REC-001")
    assert (done.code, "caller's token" in done.err, "no-such-token" in done.out + done.err) == (4, True, False)


def test_a_run_that_cannot_begin_is_reported(run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with served() as (file, _):
        monkeypatch.setenv("UAPI_CALLER_TOKEN", "no-such-token")
        done = run("--uapi-target", file, "-k", "REC-001", "--uapi-output", "reports")
    report = json.loads((done.folder / "reports" / "report.json").read_text("utf-8"))
    assert (done.code, report["verdict"]) == (4, "incomplete")
    assert any("caller's token" in warning for warning in report["warnings"])


def test_a_session_that_runs_none_of_the_suite_sends_nothing(run: Run, served: Served) -> None:
    asked: list[str] = []

    async def counting(request: Request, serve: Serve) -> Response:
        asked.append(request.method)
        return await serve(request)

    (Path.cwd() / "test_mine.py").write_text("def test_mine(): pass\n", "utf-8")
    with served(counting) as (file, _):
        done = run("test_mine.py", "--uapi-target", file, "-k", "mine")
    assert (done.code, asked) == (0, [])


MISTAKES: dict[str, tuple[tuple[str, ...], str]] = {
    "no target": ((), "--uapi-target"),
    "a file that is not there": (("--uapi-target", "none.toml"), "none.toml"),
    "a sandbox and a target": (("--uapi-sandbox", "--uapi-target", "target.toml"), "exclude each other"),
    "a profile that there is not": (("--uapi-sandbox", "--uapi-profile", "everything"), "recording"),
    "a budget that there is not": (("--uapi-sandbox", "--uapi-budget", "huge"), "standard"),
    "a negative seed": (("--uapi-sandbox", "--uapi-seed", "-1"), "-1"),
}


@pytest.mark.parametrize(("arguments", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_without_a_traceback(run: Run, arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments)
    assert (done.code, done.err.startswith("ERROR: "), said in done.err) == (4, True, True)
    assert "Traceback" not in done.err + done.out


def test_an_output_folder_that_cannot_be_made_is_a_mistake(run: Run, served: Served) -> None:
    Path("file").write_text("", "utf-8")
    with served() as (file, _):
        done = run("--uapi-target", file, "--uapi-output", "file/reports")
    assert (done.code, "file/reports" in done.err) == (4, True)


def test_a_target_elsewhere_needs_permission(run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with served() as (file, _):
        monkeypatch.setenv("UAPI_BASE_URL", "https://pbx.example/uapi")
        done = run("--uapi-target", file)
    assert (done.code, "UAPI_RECORDING_IS_PERMITTED=true" in done.err) == (4, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_was_started_is_stopped_after_an_interruption(run: Run, served: Served, number: signal.Signals) -> None:
    async def interrupting(request: Request, serve: Serve) -> Response:
        answer = await serve(request)
        if request.action == "StartRecording" and answer.status == 200:
            os.kill(os.getpid(), number)
        return answer

    with served(interrupting) as (file, probe):
        done = run("--uapi-target", file, "-k", "REC", "--uapi-output", "reports")
        assert probe.recordings()[PHONE_CALL.view_id] is None
    assert (done.code, (done.folder / "reports" / "report.json").exists()) == (2, True)


@pytest.fixture
def script() -> list[str]:
    """Return the command that runs a script in an interpreter of its own."""
    return [sys.executable, "-c"]


def test_the_options_cost_other_sessions_nothing(script: list[str]) -> None:
    code = "import sys, uapi.conformance.pytest_plugin; print(sorted(n for n in sys.modules if n[:4] == 'uapi'))"
    done = subprocess.run([*script, code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "['uapi', 'uapi.conformance', 'uapi.conformance.pytest_plugin']\n"


def test_pytest_loads_the_plugin_by_the_name_of_its_module() -> None:
    # Under another name it would be loaded twice where -p names it, which pytest refuses.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {PLUGIN[1]: PLUGIN[1]}


def test_the_suite_says_what_it_needs(run: Run) -> None:
    done = run("-p", "no:uapi.conformance.pytest_plugin")
    assert done.code == 2
    assert "--uapi-target FILE" in done.out
