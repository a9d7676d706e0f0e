from __future__ import annotations

from pathlib import Path

import pytest

from uapi.contract.project import at
from uapi.docs.build import build
from uapi.docs.site import Site, site_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder such as the kit writes; what stands in its files is no matter of the site."""
    folder = tmp_path_factory.mktemp("reports")
    for name in ("report.html", "report.json", "junit.xml", "report.sarif"):
        (folder / name).write_text("<title>report</title>", "utf-8")
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, report: Path) -> Path:
    """The site of the project, built once. The tests read it."""
    folder = tmp_path_factory.mktemp("built") / "any" / "sub-path"
    build(at(ROOT), folder, report)
    return folder


@pytest.fixture(scope="session")
def site() -> Site:
    return site_of(at(ROOT), None)
