from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.report.runs import forbidding, lenient, report
from mutants.laboratory import Laboratory

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    laboratory = Laboratory(tmp_path_factory.mktemp("laboratory"))
    yield laboratory
    laboratory.close()


@pytest.fixture(scope="session")
def reports(laboratory: Laboratory) -> dict[str, dict[str, Any]]:
    """Reports of real runs. The tests read them, and change copies only."""
    return {
        "conformant": report(laboratory),
        "failing": report(laboratory, lenient),
        "warning": report(laboratory, forbidding, only=("AUTH-001", "AUTH-003", "REC-001")),
        "incomplete": report(laboratory, expired=None, ending_call=None),
    }


@pytest.fixture(params=["conformant", "failing", "warning", "incomplete"])
def any_report(request: pytest.FixtureRequest, reports: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return reports[request.param]


@pytest.fixture
def failing(reports: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return reports["failing"]
