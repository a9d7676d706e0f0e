"""One test for each requirement, and one for each exploration.

The order is that of the functions: checks that act, explorations, and checks that observe every exchange before them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from uapi.conformance.markers import marks, marks_of_exploration
from uapi.conformance.outcome import Outcome, Result
from uapi.conformance.plugin import RUN
from uapi.conformance.suite.failure import failure

if TYPE_CHECKING:
    from uapi.conformance.register import Requirement
    from uapi.conformance.run import Exploration, Run

WITHOUT_A_RUN = (
    "nothing is known of the target: run 'pytest --pyargs uapi.conformance.suite --uapi-target FILE', and with "
    "'-p uapi.conformance.pytest_plugin' where plugins are not loaded by themselves"
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make the tests from the requirements of the run's profile."""
    run = metafunc.config.stash.get(RUN, None)
    if run is None:
        raise pytest.Collector.CollectError(WITHOUT_A_RUN)
    match metafunc.function.__name__:
        case "test_acting":
            decided = [pytest.param(row, id=row.id, marks=marks(row, "acting")) for row in run.acting]
            metafunc.parametrize("requirement", decided)
        case "test_exploration":
            explored = [pytest.param(each, id=str(each), marks=marks_of_exploration(each)) for each in run.explorations]
            metafunc.parametrize("exploration", explored)
        case _:
            decided = [pytest.param(row, id=row.id, marks=marks(row, "observing")) for row in run.observing]
            metafunc.parametrize("requirement", decided)


@pytest.fixture
def conformance_run(pytestconfig: pytest.Config) -> Run:
    """Return the run that the tests belong to."""
    return pytestconfig.stash[RUN]


def report(request: pytest.FixtureRequest, results: list[Result]) -> None:
    """Tell what was found, also to the reports of pytest, and end the test as the gravest of it asks for."""
    request.node.user_properties.extend((result.requirement.id, result.outcome.value) for result in results)
    if bad := [result for result in results if result.outcome in {Outcome.FAIL, Outcome.ERROR}]:
        pytest.fail(failure(bad), pytrace=False)
    if len(results) == 1 and results[0].outcome in {Outcome.NOT_EXERCISED, Outcome.EXCLUDED}:
        pytest.skip(f"{results[0].outcome}: {results[0].message}")


def test_acting(requirement: Requirement, conformance_run: Run, request: pytest.FixtureRequest) -> None:
    """Decide a requirement whose check acts."""
    report(request, [conformance_run.decide(requirement)])


def test_exploration(exploration: Exploration, conformance_run: Run, request: pytest.FixtureRequest) -> None:
    """Send generated requests: boundaries, values at random, links, sequences of steps."""
    if exploration not in conformance_run.explorations:
        pytest.skip("the target was found not to offer it")  # which is found out once tests are collected
    report(request, conformance_run.explore(exploration))


def test_observing(requirement: Requirement, conformance_run: Run, request: pytest.FixtureRequest) -> None:
    """Decide a requirement whose check observes."""
    report(request, [conformance_run.decide(requirement)])
