from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.report.browser import Browser, chromium
from docs.shown import served
from uapi.contract.project import at
from uapi.docs.build import build
from uapi.docs.site import Site, site_of

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(chromium(), tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()


@pytest.fixture(scope="module", params=["disk", "sub-path"])
def base(request: pytest.FixtureRequest, built: Path) -> Iterator[str]:
    """The address of the site: a folder of the disk, or one below the root of a server."""
    if request.param == "disk":
        yield built.as_uri()
        return
    with served(built.parents[1]) as root:
        yield f"{root}/{built.relative_to(built.parents[1]).as_posix()}"


@pytest.fixture(scope="module")
def disk(built: Path) -> str:
    return built.as_uri()
