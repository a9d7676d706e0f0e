"""Everybody can use the site: axe-core finds nothing on any kind of page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from docs.conftest import ROOT
from docs.shown import OPEN_ALL, SEARCHED, TYPE

if TYPE_CHECKING:
    from conformance.report.browser import Browser, Page

AXE = ROOT / "scripts" / "node" / "node_modules" / "axe-core" / "axe.min.js"
VIEWS = {
    "first view": "index.html",
    "operation": "reference/updatePhoneCall.html",
    "schemas": "reference/schemas.html#PhoneCall",
    "errors": "reference/errors.html",
    "requirements": "requirements.html#REC-013",
    "decisions": "decisions.html",
    "guide": "guides/01-first-recording.html",
    "changes": "changes.html",
    "downloads": "downloads.html",
}


def violations(page: Page) -> dict[str, Any]:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run `npm ci` in scripts/node")
    page.load(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.run("""
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
      const result = await axe.run(document, {runOnly: tags, resultTypes: ["violations"], preload: false});
      return {
        passed: result.passes.length,
        violations: result.violations.map((found) => [found.id, found.nodes.slice(0, 3).map((node) => node.html)]),
      };
    """)
    return found


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False)], ids=["light", "dark", "phone"])
@pytest.mark.parametrize("view", VIEWS)
def test_there_is_no_accessibility_violation(browser: Browser, disk: str, view: str, width: int, *, dark: bool) -> None:
    """axe-core finds nothing: WCAG 2.0, 2.1 and 2.2, levels A and AA, and its best practices, with everything open."""
    with browser.shown(f"{disk}/{VIEWS[view]}", width=width, dark=dark) as page:
        page.run(OPEN_ALL)
        found = violations(page)
    assert found["violations"] == []
    assert found["passed"] > 10


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_there_is_no_accessibility_violation_in_the_search(browser: Browser, disk: str, *, dark: bool) -> None:
    with browser.shown(f"{disk}/index.html", dark=dark) as page:
        page.press("/")
        page.run(f"{TYPE} type('search-words', 'recording'); {SEARCHED}")
        assert violations(page)["violations"] == []


def test_a_violation_is_found(browser: Browser, disk: str) -> None:
    with browser.shown(f"{disk}/index.html") as page:
        page.run("document.querySelector('main p').style.color = '#999';")
        assert [name for name, _ in violations(page)["violations"]] == ["color-contrast"]
