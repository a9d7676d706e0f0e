"""The site is written whole or not at all, with the same bytes each time."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from docs.conftest import ROOT
from uapi.cli import uapi
from uapi.contract.project import at
from uapi.docs.build import MARK, build
from uapi.docs.errors import DocsError

if TYPE_CHECKING:
    from pathlib import Path


def contents(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the site is made from."""
    root = tmp_path / "project"
    for name in ("generated", "openapi"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("uapi_phonecalls", "__pycache__"))
    return root


def test_it_is_the_same_each_time(built: Path, report: Path, tmp_path: Path) -> None:
    build(at(ROOT), tmp_path / "site", report)
    assert contents(tmp_path / "site") == contents(built)


def test_it_takes_the_place_of_the_one_before(project: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    build(at(project), site)
    (site / "old.html").write_text("a page that is no longer made", "utf-8")
    count = build(at(project), site)
    assert not (site / "old.html").exists()
    assert count == len(contents(site))
    assert {path.name for path in tmp_path.iterdir()} == {"project", "site"}


def test_it_takes_the_place_of_nothing_else(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "index.html").write_text("three years", "utf-8")
    with pytest.raises(DocsError, match="is not the documentation"):
        build(at(project), folder)
    assert contents(folder) == {"index.html": b"three years"}


def test_a_folder_that_is_empty_is_taken(project: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    build(at(project), tmp_path / "site")
    assert (tmp_path / "site" / MARK).exists()


def test_a_file_in_the_way_is_told(project: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(DocsError, match="cannot be written"):
        build(at(project), tmp_path / "file" / "site")


def test_what_fails_leaves_the_site_before(project: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    build(at(project), site)
    before = contents(site)
    (project / "generated" / "requirements.json").write_text("{", "utf-8")
    with pytest.raises(DocsError, match=r"requirements\.json: is not JSON"):
        build(at(project), site)
    assert contents(site) == before
    assert {path.name for path in tmp_path.iterdir()} == {"project", "site"}


def test_what_is_missing_is_named_with_the_way_out(project: Path, tmp_path: Path) -> None:
    (project / "generated" / "openapi.json").unlink()
    with pytest.raises(DocsError, match=r"openapi\.json: cannot be read.*\n.*uapi contract generate"):
        build(at(project), tmp_path / "site")


def test_the_command_says_what_it_wrote(project: Path) -> None:
    done = CliRunner().invoke(uapi, ["docs", "build", "--root", str(project)], catch_exceptions=False)
    site = project / "build" / "site"
    assert done.output == f"{site}/index.html and {len(contents(site)) - 1} files beside it\n"


def test_a_report_is_published_where_one_is_given(built: Path, project: Path, tmp_path: Path) -> None:
    build(at(project), tmp_path / "site")
    beside = {path.name for path in (built / "downloads" / "conformance").iterdir()}
    assert beside == {"report.html", "report.json", "junit.xml"}
    assert 'href="downloads/conformance/report.html"' in (built / "index.html").read_text("utf-8")
    assert not (tmp_path / "site" / "downloads" / "conformance").exists()
    assert "conformance/report.html" not in (tmp_path / "site" / "index.html").read_text("utf-8")


def test_a_folder_without_a_report_is_told(project: Path, tmp_path: Path) -> None:
    with pytest.raises(DocsError, match=r"holds no conformance report"):
        build(at(project), tmp_path / "site", tmp_path)
    assert not (tmp_path / "site").exists()


def test_downloads_are_what_the_contract_yields(built: Path) -> None:
    offered = contents(built / "downloads")
    for name in ("openapi.yaml", "openapi.json", "openapi-3.0.yaml", "reference.md", "requirements.json"):
        assert offered[name] == (ROOT / "generated" / name).read_bytes()
    schemas = {f"schemas/{file.name}" for file in (ROOT / "generated" / "schemas").iterdir()}
    assert schemas <= offered.keys()
