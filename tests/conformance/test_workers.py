"""Several processes that share the tests of a run: each with a phone call of its own, and one report in the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest

from conformance.kit import COMMAND, SAFETY, Ended, run_kit, surroundings
from conformance.made import target
from conformance.plain import CALLS, FURTHER, PLUGIN, SUITE, a_server
from mutants.world import CALLER, PHONE_CALL
from uapi.conformance import plugin
from uapi.conformance.budget import QUICK
from uapi.conformance.calls import phone_calls
from uapi.conformance.credentials import Held
from uapi.conformance.place import Place
from uapi.conformance.probe import Probe
from uapi.conformance.register import profile, register
from uapi.conformance.run import Exploration, Run
from uapi.conformance.session import Session
from uapi.conformance.target import OtherPhoneCall
from uapi.conformance.workers import KEY, Controller, Worker, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mutants.laboratory import Laboratory
    from mutants.messages import Request, Response
    from mutants.mutant import Serve
    from uapi.conformance.run import Phase

LONG: Final[tuple[Phase, ...]] = ("stateful", "coverage", "links")
ACTING: Final = ("REC-001", "REC-004", "REC-009", "REC-010", "REC-011", "REC-018", "REC-023", "REC-031")
PYTEST: Final = (sys.executable, "-m", "pytest", "-p", "xdist", *PLUGIN, *SUITE)


def only(*requirements: str) -> list[str]:
    return [word for requirement in requirements for word in ("--only", requirement)]


@dataclass
class Updates:
    """Serves as the sandbox does, and keeps which phone calls were recorded; `then` is called once all have been."""

    then: Callable[[], None] = lambda: None
    calls: set[str] = field(default_factory=set)

    async def __call__(self, request: Request, serve: Serve) -> Response:
        answer = await serve(request)
        if request.action == "StartRecording" and answer.status == 200 and request.call in CALLS:
            before = len(self.calls)
            self.calls.add(request.call)
            if before < len(self.calls) == len(CALLS):
                self.then()
        return answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


@pytest.fixture
def two(laboratory: Laboratory, tmp_path: Path) -> Callable[..., Any]:
    """Return a context that serves a fault, and yields the target file of two phone calls and a probe on it."""
    return lambda fault=None, further=FURTHER: a_server(laboratory, tmp_path, fault, further=further)


def recordings(probe: Probe) -> list[str]:
    """Return which of the phone calls under test have a view that is recorded."""
    places = [Place("@me", CALLER.extension, call) for call in CALLS]
    return [str(place.phone_call) for place in places if any(probe.recordings(place).values())]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """Return what came of a whole run of two workers on the embedded sandbox."""
    folder = tmp_path_factory.mktemp("whole")
    return run_kit(folder, "--sandbox", "--workers", 2, "--budget", "quick")


def test_a_correct_target_is_not_accused(whole: Ended) -> None:
    assert (whole.code, whole.err) == (0, ""), whole.out


def test_every_requirement_is_decided(whole: Ended) -> None:
    outcomes = {row["id"]: row["outcome"] for row in whole.report["results"]}
    assert sorted(outcomes) == sorted(row.id for row in profile("recording"))
    assert set(outcomes.values()) == {"pass", "excluded"}


def test_the_report_tells_how_many_workers_there_were(whole: Ended) -> None:
    assert whole.report["workers"] == 2
    assert "2 workers " in whole.out


def test_exchanges_are_numbered_anew_without_a_gap(whole: Ended) -> None:
    report = whole.report
    kept = [exchange["number"] for exchange in report["exchanges"]]
    assert kept == sorted(set(kept))
    assert sum(timing["requests"] for timing in report["timings"]) == report["exchanges_in_all"]


@dataclass(frozen=True)
class Faulty:
    """What came of a run of two workers on a server that is wrong in two ways, one of them on the second call only."""

    done: Ended
    updated: set[str]
    left: list[str]

    @property
    def failed(self) -> dict[str, dict[str, Any]]:
        """The rows of the requirements that failed."""
        return {row["id"]: row for row in self.done.report["results"] if row["outcome"] == "fail"}


@pytest.fixture(scope="module")
def faulty(laboratory: Laboratory, tmp_path_factory: pytest.TempPathFactory) -> Faulty:
    seen = Updates()

    async def fault(request: Request, serve: Serve) -> Response:
        taken = isinstance(request.json, dict) and request.json.get("format") == "mp3"
        answer = await seen(request.with_members(format="wav") if taken else request, serve)
        if CALLS[1] not in request.raw_path or not answer.body:
            return answer
        return answer.with_body(answer.body.replace(b'"recording":"20', b'"recording":"19'))

    folder, run = tmp_path_factory.mktemp("faulty"), tmp_path_factory.mktemp("run")
    with a_server(laboratory, folder, fault, further=FURTHER) as (file, probe):
        done = run_kit(run, "--target", file, "--workers", 2, *only(*ACTING, "REC-007", "REC-013", "REC-014"))
        return Faulty(done, seen.calls, recordings(probe))


def test_each_worker_updates_a_phone_call_of_its_own(faulty: Faulty) -> None:
    assert (faulty.updated, faulty.left) == (set(CALLS), [])


def test_what_observes_judges_the_exchanges_of_all_workers(faulty: Faulty) -> None:
    assert "REC-007" in faulty.failed, faulty.done.out


def test_a_failure_of_a_worker_is_a_failure_of_the_run(faulty: Faulty) -> None:
    assert (faulty.done.code, sorted(faulty.failed)) == (1, ["REC-007", "REC-013"])


def test_the_evidence_of_a_worker_is_in_the_report(faulty: Faulty) -> None:
    kept = {exchange["number"]: exchange for exchange in faulty.done.report["exchanges"]}
    (number,) = faulty.failed["REC-013"]["exchanges"]
    assert (kept[number]["phase"], '"mp3"' in kept[number]["request"]["body"]) == ("check REC-013", True)


def test_a_worker_that_cannot_begin_says_why(two: Callable[..., Any], folder: Path) -> None:
    recorded = ("0003*211/d3a96c5e0f4b81729e4d/00",)
    with two(None, recorded) as (file, _):
        done = run_kit(folder, "--target", file, "--workers", 2, *only(*ACTING))
    assert (done.code, "is being recorded already" in done.err) == (2, True), done.err
    assert "Traceback" not in done.err + done.out


@pytest.mark.parametrize(
    ("number", "everybody"),
    [(signal.SIGINT, True), (signal.SIGTERM, False)],
    ids=["Ctrl-C, which a terminal tells all of them", "SIGTERM, which one of them gets"],
)
def test_what_workers_started_is_stopped_after_an_interruption(
    two: Callable[..., Any], folder: Path, number: signal.Signals, *, everybody: bool
) -> None:
    seen = Updates()
    with two(seen) as (file, probe):
        process = started([*COMMAND, "--target", str(file), "--workers", "2", "--budget", "quick"], folder)
        seen.then = lambda: (os.killpg if everybody else os.kill)(process.pid, number)
        out, err = ended(process)
        assert recordings(probe) == []
    assert (process.returncode, err, "verdict: incomplete" in out) == (128 + number, "", True)
    assert (folder / "reports" / "report.json").exists()


def started(command: list[str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own command
        command,
        cwd=folder,
        env=surroundings() | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[str, str]:
    try:
        return process.communicate(timeout=SAFETY)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


CRASH = """
import os, signal
def pytest_runtest_teardown(item):
    if item.name == "test_acting[REC-004]":
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_worker_started_that_crashed_is_stopped(two: Callable[..., Any], folder: Path) -> None:
    (folder / "crash.py").write_text(CRASH, "utf-8")
    with two() as (file, probe):
        out, err = ended(started([*PYTEST, "-n2", "-p", "crash", "--uapi-target", str(file), "-k", "REC"], folder))
        assert recordings(probe) == []
    assert ("ended before its time" in out, "verdict: incomplete" in out) == (True, True), out + err


def test_tests_are_shared_in_a_session_of_the_users(two: Callable[..., Any], folder: Path) -> None:
    seen = Updates()
    with two(seen) as (file, probe):
        out, err = ended(started([*PYTEST, "-n2", "--uapi-target", str(file), "-k", "REC and not REC-008"], folder))
        assert recordings(probe) == []
    assert ("verdict: conformant" in out, seen.calls) == (True, set(CALLS)), out + err


def controlled(probe: Probe) -> tuple[Controller, list[Any]]:
    """Return a controller of two workers, and what it tells each of them."""
    controller = Controller(Run(probe, "recording", profile("recording"), seed=7, budget=QUICK))
    nodes = [SimpleNamespace(workerinput={}) for _ in range(2)]
    for node in nodes:
        controller.pytest_configure_node(node)
    return controller, [node.workerinput[KEY] for node in nodes]


@pytest.fixture
def probe() -> Iterator[Probe]:
    """Return a probe whose target names two phone calls; there is nothing to talk to."""
    further = (OtherPhoneCall(id="another", view_id="02", extension="0003*211"),)
    wanted = PHONE_CALL.model_copy(update={"further": further})
    with Session(target("http://127.0.0.1:9/uapi", phone_call=wanted)) as session, phone_calls(session, 2):
        yield Probe(session)


def test_each_worker_gets_its_phone_call(probe: Probe) -> None:
    _, told = controlled(probe)
    targets = [Worker(given).run.probe.target for given in told]
    places = [(target.caller.extension, target.phone_call.id, target.phone_call.view_id) for target in targets]
    assert places == [(CALLER.extension, PHONE_CALL.id, PHONE_CALL.view_id), ("0003*211", "another", "02")]


def test_no_worker_may_update_the_call_of_another(probe: Probe) -> None:
    _, told = controlled(probe)
    first, second = (set(Worker(given).run.probe.target.calls()) for given in told)
    assert (PHONE_CALL.id in first, PHONE_CALL.id in second) == (True, False)
    assert ("another" in first, "another" in second) == (False, True)


def test_workers_run_what_the_controller_runs(probe: Probe) -> None:
    controller, (given, _) = controlled(probe)
    run = Worker(given).run
    assert (run.seed, run.budget, run.profile) == (7, QUICK, "recording")
    assert run.requirements == controller.run.requirements


def test_workers_get_no_tokens_of_their_own(probe: Probe) -> None:
    # Some servers revoke a token when another is got, and a token command may ask a person.
    held = {"caller": Held("t0k3n-of-the-controller", 9.0)}
    probe.session.credentials.hold(held)
    _, (given, _) = controlled(probe)
    session = Worker(given).run.probe.session
    assert session.credentials.held == held
    assert session.secrets["t0k3n-of-the-controller"] == "$UAPI_CALLER_TOKEN"


def item(name: str, **parameters: object) -> Any:
    file = plugin.SUITE / "test_conformance.py"
    return SimpleNamespace(name=name, path=file, originalname=name, callspec=SimpleNamespace(params=parameters))


def test_what_there_is_one_of_is_for_the_controller(probe: Probe) -> None:
    # Both checks update the phone call that ends with it: on two workers, one of them would find it ended.
    controller, (given, _) = controlled(probe)
    items = [item("test_acting", requirement=register()[name]) for name in ("REC-001", "REC-008", "HTTP-003")]
    items.append(item("test_observing", requirement=register()["REC-007"]))
    assert [each.callspec.params["requirement"].id for each in controller.arranged(items)] == [
        *("REC-008", "HTTP-003", "REC-007")
    ]
    assert [each.callspec.params["requirement"].id for each in Worker(given).arranged(items)] == ["REC-001"]


@pytest.mark.parametrize(("workers", "first", "between"), [(1, 3, 2), (2, 0, 3), (64, 0, 3)])
def test_a_long_test_is_not_followed_by_another(workers: int, first: int, between: int) -> None:
    # A worker holds its next test while it runs one.
    checks = [item("test_acting", requirement=row) for row in profile("recording")[:9]]
    long = [item("test_exploration", exploration=Exploration(phase)) for phase in reversed(LONG)]
    found = [each.callspec.params for each in spread([*checks, *long], workers)]
    phases = [parameters["exploration"].phase if "exploration" in parameters else "" for parameters in found]
    assert phases == [*[""] * first, *(each for phase in LONG for each in (phase, *[""] * between))]


def test_tests_are_all_kept() -> None:
    checks = [item("test_acting", requirement=register()["REC-001"]) for _ in range(4)]
    long = [item("test_exploration", exploration=Exploration("exploration", str(n))) for n in range(7)]
    assert sorted(map(id, spread([*checks, *long], 2))) == sorted(map(id, [*checks, *long]))
