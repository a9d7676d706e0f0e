"""Runs the suite in a pytest session of the kit's own, for the command line."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final
from unittest import mock

import pytest

from uapi.conformance.plugin import OBSERVING, SUITE, SuitePlugin
from uapi.conformance.workers import Controller

if TYPE_CHECKING:
    from collections.abc import Callable

    from uapi.conformance.outcome import Result
    from uapi.conformance.run import Run

OPTIONS: Final = (
    f"--rootdir={SUITE}",
    f"--config-file={SUITE / 'pytest.ini'}",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:terminal",
    "--capture=no",
    "--assert=plain",
)
DISTRIBUTED: Final = ("-p", "xdist", "-p", "uapi.conformance.pytest_plugin", "--numprocesses")
ENVIRONMENT: Final = {
    # Plugins that happen to be installed are not loaded: they could change what is sent, and what is printed.
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_ADDOPTS": "",
    # Workers look for modules where this process does, and not in the current folder.
    "PYTHONSAFEPATH": "1",
}


def run_suite(run: Run, listener: Callable[[str, list[Result]], None], workers: int) -> bool:
    """Run the suite of an open run, alone or with several workers; return whether it ran to its end.

    Raises ConformanceError where a worker cannot begin, and ModuleNotFoundError where there is no pytest-xdist.
    """
    if workers == 1:
        return _run(SuitePlugin(run, listener))
    if find_spec("xdist") is None:
        raise ModuleNotFoundError("No module named 'xdist'", name="xdist")
    label = f"{workers} workers"
    controller = Controller(run, lambda name, found: listener(name if name == OBSERVING else label, found))
    complete = _run(controller, *DISTRIBUTED, str(workers))
    controller.settle()
    if controller.error is not None:
        raise controller.error
    return complete and not controller.lost


def _run(plugin: SuitePlugin, *options: str) -> bool:
    with mock.patch.dict(os.environ, ENVIRONMENT):
        code = pytest.main([*OPTIONS, *options, str(SUITE)], plugins=[plugin])
    return code in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
