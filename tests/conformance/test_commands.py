"""`uapi conformance`, from its arguments to its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from conformance.loopback import answering, serving
from conformance.made import wire
from mutants.messages import error
from mutants.world import ROLES, WORLD
from uapi import cli
from uapi.conformance.register import profile
from uapi.conformance.target import environment_name, option_name, settings
from uapi.sandbox.target_file import target_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mutants.laboratory import Laboratory
    from mutants.messages import Request, Response
    from mutants.mutant import Fault, Serve

TOKENS = list(ROLES.secrets())
QUICK = ("--budget", "quick")


@dataclass(frozen=True)
class Done:
    """A command that ended."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "reports" / "report.json").read_text("utf-8"))
        return found

    @property
    def written(self) -> str:
        """Everything that the command told, on the terminal and in its reports."""
        files = [file.read_text("utf-8", "replace") for file in sorted(self.folder.rglob("*")) if file.is_file()]
        return "".join([self.out, self.err, *files])


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Return a function that runs `uapi conformance` in an empty folder, in this process."""
    folder = tmp_path / "run"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("UAPI_")]:
        monkeypatch.delenv(name)

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["uapi", "conformance", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capfd.readouterr()
        return Done(int(ended.value.code or 0), captured.out, captured.err, folder)

    return run


@pytest.fixture
def target(laboratory: Laboratory, tmp_path: Path) -> Callable[..., Any]:
    """Return a context that serves a fault and yields the target file of its sandbox, without some of its sections."""

    @contextmanager
    def served(fault: Fault | None = None, *without: str, **features: bool) -> Iterator[Path]:
        with laboratory.probe(*([fault] if fault else [])) as probe:
            sections = target_text(WORLD.target, probe.target.base_url).split("\n\n")  # type: ignore[arg-type]
            kept = [text for text in sections if not text.startswith(tuple(f"[{name}]" for name in without))]
            text = "\n\n".join(kept)
            for name, offered in features.items():
                text = text.replace(f"{name} = true", f"{name} = {str(offered).lower()}")
            file = tmp_path / "target.toml"
            file.write_text(text, "utf-8")
            yield file

    return served


def only(*requirements: str) -> list[str]:
    return [word for requirement in requirements for word in ("--only", requirement)]


def outcomes(done: Done) -> dict[str, str]:
    return {row["id"]: row["outcome"] for row in done.report["results"]}


async def any_format_will_do(request: Request, serve: Serve) -> Response:
    taken = isinstance(request.json, dict) and isinstance(request.json.get("format"), str)
    return await serve(request.with_members(format="wav") if taken else request)


async def tokens_are_told(request: Request, serve: Serve) -> Response:
    """Refuse everything but reads, and tell the token."""
    if request.method == "GET" or request.token is None:
        return await serve(request)
    return error(500, f"fault-of-{request.token}").with_header("X-Token", request.token)


@pytest.fixture(scope="module")
def sandboxed(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Return what came of `uapi conformance --sandbox`, a process of its own in an empty folder.

    The environment describes another target, which must not matter.
    """
    folder = tmp_path_factory.mktemp("sandboxed")
    variables = {**os.environ, "UAPI_BASE_URL": "http://127.0.0.1:9/uapi", "UAPI_CALLER_TOKEN": "no-such-token"}
    words = [sys.executable, "-m", "uapi.cli", "conformance", "--sandbox", *QUICK]
    done = subprocess.run(words, cwd=folder, env=variables, capture_output=True, text=True, check=False)  # noqa: S603
    return Done(done.returncode, done.stdout, done.stderr, folder)


def test_the_embedded_sandbox_is_conformant(sandboxed: Done) -> None:
    assert (sandboxed.code, sandboxed.err) == (0, ""), sandboxed.out


def test_every_requirement_is_in_the_report(sandboxed: Done) -> None:
    assert sorted(outcomes(sandboxed)) == sorted(row.id for row in profile("recording"))


def test_the_verdict_and_the_reports_are_told(sandboxed: Done) -> None:
    assert "verdict: conformant\n" in sandboxed.out
    assert "reports/report.html" in sandboxed.out


def test_nothing_is_written_beside_the_reports(sandboxed: Done) -> None:
    # Hypothesis makes a folder of its own, .hypothesis, wherever it is run.
    assert [path.name for path in sandboxed.folder.iterdir()] == ["reports"]


def test_no_token_of_the_sandbox_is_told(sandboxed: Done) -> None:
    assert [token for token in TOKENS if token in sandboxed.written] == []


def test_a_faulty_server_is_not_conformant(command: Callable[..., Done], target: Callable[..., Any]) -> None:
    with target(any_format_will_do) as file:
        done = command("--target", file, *only("REC-001", "REC-013"))
    assert (done.code, done.report["verdict"]) == (1, "not conformant")


def test_a_faulty_server_is_told_by_its_requirement(command: Callable[..., Done], target: Callable[..., Any]) -> None:
    with target(any_format_will_do) as file:
        done = command("--target", file, *only("REC-001", "REC-013"))
    assert [line.split()[1] for line in done.out.splitlines() if line.startswith("fail ")] == ["REC-013"]


def test_no_token_is_told_that_a_server_repeats(command: Callable[..., Done], target: Callable[..., Any]) -> None:
    with target(tokens_are_told) as file:
        done = command("--target", file, *only("REC-001", "REC-013", "AUTH-002", "AUTH-009", "HTTP-004", "ERR-002"))
        file.unlink()
    assert done.code == 1
    assert [token for token in TOKENS if token in done.written] == []


def test_without_evidence_of_a_must_a_run_is_incomplete(
    command: Callable[..., Done], target: Callable[..., Any]
) -> None:
    with target(None, "stranger", "expired") as file:
        done = command("--target", file, *only("REC-001", "AUTH-005", "AUTH-009"))
    assert (done.code, done.report["verdict"]) == (4, "incomplete")
    assert outcomes(done) == {"REC-001": "pass", "AUTH-005": "not-exercised", "AUTH-009": "not-exercised"}


def test_what_a_target_does_not_offer_is_left_out_and_named(
    command: Callable[..., Done], target: Callable[..., Any]
) -> None:
    lacking = {row.id for row in profile("recording") if row.feature}
    with target(None, list=False, get=False, stop_recording=False) as file:
        done = command("--target", file, *only("REC-001", *sorted(lacking)))
    assert (done.code, done.report["verdict"]) == (0, "conformant")
    assert {row["id"] for row in done.report["left_out"]} >= lacking
    assert [name for name in lacking if outcomes(done)[name] != "excluded" or name not in done.out] == []


def test_one_requirement_is_looked_at_alone(command: Callable[..., Done], target: Callable[..., Any]) -> None:
    with target() as file:
        done = command("--target", file, "--only", "REC-001")
    assert (done.code, outcomes(done)) == (0, {"REC-001": "pass"})


def test_settings_come_from_the_environment(
    command: Callable[..., Done], target: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with target() as file:
        monkeypatch.setenv("UAPI_CALLER_TOKEN", "no-such-token")
        done = command("--target", file, "--only", "REC-001")
    assert (done.code, "caller" in done.err) == (3, True)


def test_options_are_stronger_than_the_environment(
    command: Callable[..., Done], target: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with target() as file:
        monkeypatch.setenv("UAPI_CALLER_TOKEN", "no-such-token")
        done = command("--target", file, "--only", "REC-001", "--caller-token", ROLES.caller.token)
    assert done.code == 0


def test_a_wrong_token_is_said_before_anything_is_tested(
    command: Callable[..., Done], target: Callable[..., Any]
) -> None:
    with target() as file:
        done = command("--target", file, "--caller-token", "wr0ng-t0k3n")
    assert (done.code, "token" in done.err, "wr0ng-t0k3n" in done.written) == (3, True, False)


def test_a_server_that_is_not_there_is_said(command: Callable[..., Done], target: Callable[..., Any]) -> None:
    with target() as file, serving(answering(wire())) as server:
        gone = server.base_url
    done = command("--target", file, "--base-url", gone)
    assert (done.code, done.err.startswith(f"error: {gone}: the target does not answer")) == (3, True)


def test_a_web_site_is_no_target(command: Callable[..., Done], target: Callable[..., Any]) -> None:
    with target() as file, serving(answering(wire(b"<h1>It works!</h1>", content_type="text/html"))) as server:
        done = command("--target", file, "--base-url", server.base_url)
    assert (done.code, "/uapi" in done.err) == (3, True)


def test_without_a_target_the_first_setting_is_asked_for(command: Callable[..., Done]) -> None:
    done = command()
    assert (done.code, done.out) == (2, "")
    assert all(way in done.err for way in ("--base-url", "UAPI_BASE_URL"))


MISTAKES: dict[str, tuple[tuple[str, ...], str]] = {
    "a sandbox and a target": (("--sandbox", "--target", "target.toml"), "--sandbox"),
    "a file that is not there": (("--target", "none.toml"), "none.toml"),
    "a profile that there is not": (("--sandbox", "--profile", "everything"), "recording"),
    "a requirement that there is not": (("--sandbox", "--only", "REC-999"), "REC-999"),
    "an option that there is not": (("--no-such-option",), "--no-such-option"),
    "a seed that is none": (("--seed", "many"), "--seed"),
    "a negative seed": (("--seed", "-1"), "--seed"),
    "an argument too many": (("everything",), "everything"),
}


@pytest.mark.parametrize(("arguments", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_the_code_of_its_own(
    command: Callable[..., Done], arguments: tuple[str, ...], said: str
) -> None:
    done = command(*arguments)
    assert (done.code, said in done.err) == (2, True)


@pytest.mark.parametrize("arguments", [arguments for arguments, _ in MISTAKES.values()], ids=MISTAKES)
def test_a_mistake_leaves_no_trace(command: Callable[..., Done], arguments: tuple[str, ...]) -> None:
    done = command(*arguments)
    assert ("Traceback" in done.err, list(done.folder.iterdir())) == (False, [])


def test_fewer_phone_calls_than_workers_are_a_mistake(command: Callable[..., Done], target: Callable[..., Any]) -> None:
    with target() as file:
        done = command("--target", file, "--workers", "2")
    assert (done.code, "phone_call.further" in done.err, "use fewer workers" in done.err) == (2, True, True)


def test_an_output_folder_that_cannot_be_made_is_a_mistake(
    command: Callable[..., Done], target: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with target() as file:
        done = command("--target", file, "--only", "REC-001", "--output", tmp_path / "file" / "reports")
    assert (done.code, "--output" in done.err) == (2, True)


def test_an_output_folder_that_cannot_be_made_is_said_before_the_run(
    command: Callable[..., Done], target: Callable[..., Any], tmp_path: Path
) -> None:
    # A whole run would be carried out, and its reports lost.
    asked: list[str] = []

    async def counting(request: Request, serve: Serve) -> Response:
        asked.append(request.method)
        return await serve(request)

    (tmp_path / "file").write_text("", "utf-8")
    with target(counting) as file:
        command("--target", file, "--only", "REC-001", "--output", tmp_path / "file" / "reports")
    assert "PUT" not in asked


def test_the_help_names_every_setting(command: Callable[..., Done]) -> None:
    text = command("--help").out
    names = {option_name(path) for path, _ in settings()} | {environment_name(path) for path, _ in settings()}
    assert [name for name in names if name not in "".join(text.split())] == []


def test_the_help_names_the_exit_codes(command: Callable[..., Done]) -> None:
    text = " ".join(command("--help").out.split())
    assert "0 conformant, 1 not conformant, 2 usage or configuration, 3 target unreachable, 4 incomplete" in text


def test_a_run_loads_no_other_room(target: Callable[..., Any], tmp_path: Path) -> None:
    script = """
import sys
from uapi import cli
try:
    cli.main()
finally:
    print([name for name in sys.modules if name.startswith(("uapi.sandbox", "uapi.contract"))])
"""
    with target() as file:
        words = [sys.executable, "-c", script, "conformance", "--target", str(file), "--only", "REC-001"]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stdout.splitlines()[-1], done.stderr) == (0, "[]", "")
