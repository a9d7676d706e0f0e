"""The laboratory of the mutants, a worker's own; each test serves its own sandbox in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mutants.laboratory import Laboratory

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    laboratory = Laboratory(tmp_path_factory.mktemp("laboratory"))
    yield laboratory
    laboratory.close()
