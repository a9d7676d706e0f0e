"""One test for each requirement, and one for each exploration.

The order is that of the functions: checks that act, explorations, and checks that observe every exchange before them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from uapi.conformance.outcome import Outcome, Result
from uapi.conformance.plugin import RESULTS, RUN

if TYPE_CHECKING:
    from uapi.conformance.register import Requirement
    from uapi.conformance.run import Exploration, Run


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make the tests from the requirements of the run's profile."""
    run = metafunc.config.stash[RUN]
    match metafunc.function.__name__:
        case "test_acting":
            metafunc.parametrize("requirement", run.acting, ids=[row.id for row in run.acting])
        case "test_exploration":
            metafunc.parametrize("exploration", run.explorations, ids=str)
        case _:
            metafunc.parametrize("requirement", run.observing, ids=[row.id for row in run.observing])


def report(request: pytest.FixtureRequest, results: list[Result]) -> None:
    """Hand the results to the plugin, and end the test as the gravest of them asks for."""
    request.node.stash[RESULTS] = results
    if bad := [result for result in results if result.outcome in {Outcome.FAIL, Outcome.ERROR}]:
        pytest.fail("; ".join(f"{result.requirement.id}: {result.message}" for result in bad), pytrace=False)
    if len(results) == 1 and results[0].outcome in {Outcome.NOT_EXERCISED, Outcome.EXCLUDED}:
        pytest.skip(f"{results[0].outcome}: {results[0].message}")


def test_acting(requirement: Requirement, conformance_run: Run, request: pytest.FixtureRequest) -> None:
    """Decide a requirement whose check acts."""
    report(request, [conformance_run.decide(requirement)])


def test_exploration(exploration: Exploration, conformance_run: Run, request: pytest.FixtureRequest) -> None:
    """Send generated requests: boundaries, values at random, links, sequences of steps."""
    report(request, conformance_run.explore(exploration))


def test_observing(requirement: Requirement, conformance_run: Run, request: pytest.FixtureRequest) -> None:
    """Decide a requirement whose check observes."""
    report(request, [conformance_run.decide(requirement)])
