"""What a pytest session needs to run the suite: the run itself, the markers, and the order of the tests."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from uapi.conformance.markers import register_markers
from uapi.conformance.outcome import Outcome, Result
from uapi.conformance.register import Requirement, register
from uapi.conformance.run import Exploration, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uapi.conformance.errors import ConformanceError

SUITE: Final = Path(__file__).with_name("suite")
RUN: Final = pytest.StashKey[Run]()
OBSERVING: Final = "test_observing"
FUNCTION: Final = re.compile(r"::(test_\w+)\[")


class SuitePlugin:
    """Hands a run to the suite, and tells a listener what each test found as soon as it is known."""

    def __init__(self, run: Run, listener: Callable[[str, list[Result]], None] | None = None) -> None:
        """Keep both. The listener gets the name of the test function and the results of one test."""
        self.run: Final = run
        self._listener: Final = listener
        self.selected: set[str] = set()
        """The ids of the requirements whose tests were selected."""
        self.error: ConformanceError | None = None
        """Why a process that was to run tests could not begin."""

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let the suite find the run, before it is collected."""
        set_hypothesis_home_dir(home())
        register_markers(config)
        config.stash[RUN] = self.run

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note what was selected, and put the tests in order, whoever changed it: after -k, --lf and the like."""
        rows = (parameter(item, "requirement") for item in session.items)
        self.selected = {row.id for row in rows if row is not None}
        session.items[:] = self.arranged(session.items)

    def arranged(self, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """Return the tests that this process runs, in order: those that observe come last, to judge all before them."""
        return sorted(items, key=observes)

    def settle(self) -> None:
        """Put together what was found, once all tests are over: nothing to do for a process that ran them itself."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tell the listener what a test found, in this process or in another."""
        found = FUNCTION.search(report.nodeid)
        if self._listener is not None and report.when == "call" and found is not None:
            self._listener(found[1], results_of(report))


def results_of(report: pytest.TestReport) -> list[Result]:
    """Return the results that a test of the suite has told, without their messages and exchanges."""
    rows = register()
    told = ((str(name), str(value)) for name, value in report.user_properties)
    return [Result(rows[name], Outcome(value)) for name, value in told if name in rows]


def is_ours(item: pytest.Item) -> bool:
    """Tell whether a test is one of the suite: a session may have others."""
    return item.path.parent == SUITE


def observes(item: pytest.Item) -> bool:
    """Tell whether a test looks at what the others exchanged."""
    return is_ours(item) and getattr(item, "originalname", None) == OBSERVING


def parameter(item: pytest.Item, name: str) -> Any:  # noqa: ANN401 - any parameter
    """Return what a test of the suite is about, None for a test of somebody else's, or about something else."""
    found = item.callspec.params.get(name) if is_ours(item) and hasattr(item, "callspec") else None
    return found if isinstance(found, Requirement | Exploration) else None  # a test of nothing has a parameter too


def home() -> Path:
    """Return the folder where Hypothesis keeps what it computed of Unicode: not the one that the user is in."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "uapi-conformance"
