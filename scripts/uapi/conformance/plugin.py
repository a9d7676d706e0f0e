"""The pytest plugin of the kit: it hands the run to the suite and tells the progress."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest import mock

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from uapi.conformance.outcome import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from uapi.conformance.run import Run

SUITE: Final = Path(__file__).with_name("suite")
RUN: Final = pytest.StashKey["Run"]()
RESULTS: Final = pytest.StashKey[list[Result]]()
OPTIONS: Final = (
    f"--rootdir={SUITE}",
    f"--config-file={SUITE / 'pytest.ini'}",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:terminal",
    "--capture=no",
)


class ConformancePlugin:
    """Gives the suite its run, and each result to a listener as soon as it is known."""

    def __init__(self, run: Run, listener: Callable[[str, list[Result]], None]) -> None:
        """Keep both. The listener gets the name of the test function and the results of one test."""
        self._run = run
        self._listener = listener

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let the suite find the run, before it is collected."""
        config.stash[RUN] = self._run

    @pytest.fixture
    def conformance_run(self) -> Run:
        """The run that the tests belong to."""
        return self._run

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Tell the listener what a test found."""
        if RESULTS in item.stash:
            self._listener(getattr(item, "originalname", item.name), item.stash[RESULTS])


def _home() -> Path:
    """Return the folder where Hypothesis keeps what it computed of Unicode: not the one that the user is in."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "uapi-conformance"


def run_suite(run: Run, listener: Callable[[str, list[Result]], None]) -> bool:
    """Run the suite in this process; return whether it ran to its end.

    Plugins that happen to be installed are not loaded: they could change what is sent, and what is printed.
    """
    set_hypothesis_home_dir(_home())
    with mock.patch.dict(os.environ, {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}):
        code = pytest.main([*OPTIONS, str(SUITE)], plugins=[ConformancePlugin(run, listener)])
    return code in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
