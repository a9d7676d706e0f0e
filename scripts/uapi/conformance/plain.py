"""Runs the kit in a pytest session of its user's, with pytest's own output, options and exit codes."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from uapi.conformance.budget import BUDGETS
from uapi.conformance.course import concluded, given_up, opened
from uapi.conformance.embedded import sandbox
from uapi.conformance.errors import ConformanceError
from uapi.conformance.interruption import undisturbed
from uapi.conformance.order import Order
from uapi.conformance.plugin import SuitePlugin, is_ours
from uapi.conformance.probe import Probe
from uapi.conformance.register import PROFILES
from uapi.conformance.report.files import prepare, write
from uapi.conformance.run import Run
from uapi.conformance.session import Session
from uapi.conformance.target import environment_name, load_target
from uapi.conformance.workers import KEY, Controller, Worker
from uapi.errors import UapiError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.target import Target


def configure(config: pytest.Config) -> None:
    """Prepare a run in a session that asks for the suite. Raises pytest.UsageError for a mistake of its user."""
    manager = config.pluginmanager
    if hasattr(config, "workerinput"):
        manager.register(Worker(config.workerinput[KEY]))
    elif not any(isinstance(plugin, SuitePlugin) for plugin in manager.get_plugins()):
        with _mistakes():
            manager.register(PlainRun(config))


@contextmanager
def _mistakes() -> Iterator[None]:
    """Have pytest tell what its user can mend, without a traceback."""
    try:
        yield
    except UapiError as error:
        raise pytest.UsageError(str(error)) from None


class PlainRun:
    """A run that begins with the first test of a session, and is judged at the end by the tests that were selected."""

    def __init__(self, config: pytest.Config) -> None:
        """Read what is asked for, and ask nobody yet."""
        option = config.option
        self._output: Final = Path(option.uapi_output) if option.uapi_output else None
        self._order: Final = _order(option)
        self._summary: list[str] = []
        self._stack: Final = ExitStack()
        config.add_cleanup(self._stack.close)
        workers = _workers(option)
        target = self._target(option.uapi_target, max(1, workers), use_sandbox=option.uapi_sandbox)
        if self._output is not None:
            prepare(self._output)
        probe = Probe(self._stack.enter_context(Session(target, telephony=self._order.places_calls(target))))
        run = Run(probe, self._order.title, self._order.requirements, self._order.seed, self._order.budget)
        self._run: Final = run
        self._suite: Final = Controller(run) if workers else SuitePlugin(run)
        self._is_open = False
        config.pluginmanager.register(self._suite)

    def _target(self, file: str | None, calls: int, *, use_sandbox: bool) -> Target:
        if use_sandbox:
            if file:
                hint = "Leave one of them out."
                raise ConformanceError("--uapi-sandbox and --uapi-target exclude each other", hint=hint)
            # What the environment says describes another server, and must not reach this one.
            return load_target(self._stack.enter_context(sandbox(calls)), {}, {})
        if not file and environment_name(("base_url",)) not in os.environ:
            hint = "Name its file with --uapi-target ('uapi conformance init' writes one), or test the --uapi-sandbox."
            raise ConformanceError("nobody says which server to test", where="--uapi-target", hint=hint)
        return load_target(Path(file) if file else None, os.environ, {})

    def _open(self, workers: int) -> None:
        with _mistakes():
            try:
                self._stack.enter_context(opened(self._run.probe, workers))
            except ConformanceError as error:
                if self._output is not None:
                    write(given_up(self._run, self._order, error).report, self._output)
                raise
        self._is_open = True

    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_xdist_setupnodes(self, specs: list[Any]) -> None:
        """Begin before there are workers, since each needs a phone call of its own."""
        if not all(spec.popen and not spec.via for spec in specs):
            raise pytest.UsageError("the suite runs with workers on this machine only: use -n")
        self._open(len(specs))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Begin before the first test, unless tests are only listed."""
        if not self._is_open and any(map(is_ours, session.items)) and not session.config.option.collectonly:
            self._open(1)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Stop what was started, judge what was selected, and write the reports."""
        if not self._is_open:
            return
        with _mistakes():
            with undisturbed():
                self._suite.settle()
                self._narrow()
                report = concluded(self._run, self._order).report
                files = write(report, self._output) if self._output is not None else []
            self._stack.close()
            if self._suite.error is not None:
                raise self._suite.error
        self._summary = list(_summary(report, files))

    def _narrow(self) -> None:
        """Judge what was selected, and what was found of the rest."""
        run = self._run
        looked_at = self._suite.selected | run.results.keys()
        rows = [row for row in run.requirements if row.id in looked_at]
        if len(rows) < len(run.requirements):
            run.requirements, run.profile = rows, f"{run.profile}, a selection"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what the kit makes of it, which is more than how many tests passed."""
        if self._summary:
            terminalreporter.write_sep("=", "uapi conformance")
            for line in self._summary:
                terminalreporter.write_line(line)


def _order(option: Any) -> Order:  # noqa: ANN401 - argparse's namespace
    for name, value, known in (
        ("profile", option.uapi_profile, PROFILES),
        ("budget", option.uapi_budget, BUDGETS),
    ):
        if value not in known:
            hint = f"Choose one of: {', '.join(known)}"
            raise ConformanceError(f"there is no {name} {value!r}", where=f"--uapi-{name}", hint=hint)
    if option.uapi_seed < 0:
        raise ConformanceError(f"a seed is not negative: {option.uapi_seed}", where="--uapi-seed")
    return Order(option.uapi_profile, BUDGETS[option.uapi_budget], option.uapi_seed)


def _workers(option: Any) -> int:  # noqa: ANN401 - the same
    """Return how many processes pytest-xdist starts with -n, 0 where it is not there or not used."""
    return len(option.tx) if getattr(option, "dist", "no") != "no" and not option.collectonly else 0


def _summary(report: dict[str, Any], files: list[Path]) -> Iterator[str]:
    for row in report["results"]:
        if row["outcome"] == "warn":
            yield f"warn {row['id']}: {row['message']}"
    numbers = ", ".join(f"{number} {name}" for name, number in report["counts"].items() if number)
    yield f"{len(report['results'])} requirements: {numbers}"
    yield f"{report['exchanges_in_all']} exchanges, seed {report['seed']}"
    yield from (f"warning: {warning}" for warning in report["warnings"])
    yield f"verdict: {report['verdict']}"
    yield from (f"report: {file}" for file in files[:1])
