"""The HTML page in a browser: it fetches nothing, its filter and its links work, and everybody can use it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.loopback import recording, serving
from conformance.made import wire
from conformance.report.browser import Browser, chromium, framed
from uapi.conformance.report.html import render

if TYPE_CHECKING:
    from conformance.loopback import Received

AXE = Path(__file__).parents[3] / "scripts" / "node" / "node_modules" / "axe-core" / "axe.min.js"
SHOWN = (
    "[...document.querySelectorAll('.row')].filter((row) => row.checkVisibility())"
    ".map((row) => row.querySelector('summary').id)"
)
TYPE = "const type = (text) => { search.value = text; search.dispatchEvent(new Event('input', {bubbles: true})); };"


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(chromium(), tmp_path)


@pytest.fixture(scope="module")
def page(reports: dict[str, Any]) -> str:
    return render(reports["failing"])


def ids(report: dict[str, Any], *outcomes: str) -> list[str]:
    return [row["id"] for row in report["results"] if not outcomes or row["outcome"] in outcomes]


def test_it_fetches_nothing(browser: Browser, page: str) -> None:
    script = "return [performance.getEntriesByType('resource').map((entry) => entry.name), document.title];"
    fetched, title = browser.run(page, script)
    assert fetched == []
    assert title.startswith("not conformant")


def test_it_can_fetch_nothing(browser: Browser, page: str) -> None:
    """Whatever got into the page, its policy keeps the browser from asking anybody."""
    script = """
      const refused = [];
      document.addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
      const image = new Image(); image.src = "BASE/image"; document.body.append(image);
      const frame = document.createElement("iframe"); frame.src = "BASE/frame"; document.body.append(frame);
      const style = document.createElement("style"); style.textContent = "@import 'BASE/style'";
      document.head.append(style);
      const script = document.createElement("script"); script.src = "BASE/script"; document.head.append(script);
      await fetch("BASE/fetch").catch(() => {});
      navigator.sendBeacon("BASE/beacon");
      await new Promise((done) => setTimeout(done, 200));
      return [...new Set(refused)].sort();
    """
    received: list[Received] = []
    with serving(recording(wire(), received)) as server:
        refused = browser.run(page, script.replace("BASE", server.base_url))
    assert refused == ["connect-src", "frame-src", "img-src", "script-src-elem", "style-src-elem"]
    assert received == []


def test_a_box_filters(browser: Browser, page: str, failing: dict[str, Any]) -> None:
    script = f"""
      const box = document.querySelector("input[value=pass]");
      box.click();
      return [{SHOWN}, document.getElementById("shown").textContent];
    """
    shown, told = browser.run(page, script)
    others = ids(failing, "fail", "warn", "not-exercised", "excluded", "error")
    assert shown == others
    assert told == f"{len(others)} of {len(ids(failing))} shown"


def test_a_search_filters_by_id_and_by_text(browser: Browser, page: str) -> None:
    script = f"{TYPE} const found = []; for (const text of TEXTS) {{ type(text); found.push({SHOWN}); }} return found;"
    found = browser.run(page, script.replace("TEXTS", "['rec-013', 'WAV49 format', 'got 418', 'no such thing']"))
    assert found == [["REC-013"], ["REC-013"], ["HTTP-005"], []]


def test_a_count_leads_to_the_requirements_with_its_outcome(
    browser: Browser, page: str, failing: dict[str, Any]
) -> None:
    script = f"""
      document.querySelector(".tallies a[data-only=excluded]").click();
      await new Promise((done) => setTimeout(done, 50));
      return [{SHOWN}, document.activeElement.id];
    """
    shown, focused = browser.run(page, script)
    assert shown == ids(failing, "excluded")
    assert focused == shown[0]


def test_a_deep_link_opens_its_row(browser: Browser, page: str) -> None:
    script = """
      await new Promise((done) => setTimeout(done, 50));
      return [document.getElementById("REC-001").parentElement.open, document.activeElement.id];
    """
    assert browser.run(page, script, fragment="#REC-001") == [True, "REC-001"]


def test_a_link_opens_a_row_that_the_filter_hides(browser: Browser, page: str, failing: dict[str, Any]) -> None:
    number = next(cell["example"] for cell in failing["matrix"]["cells"] if cell["state"] == "returned")
    script = f"""
      {TYPE} type("no such thing");
      const before = {SHOWN}.length;
      const link = document.querySelector(".matrix a[href='#x{number}']");
      const named = document.getElementById("x{number}").parentElement;
      const seen = [];
      for (let time = 0; time < 2; time++) {{
        named.closest(".row").classList.add("hidden");
        named.open = false;
        link.click();
        await new Promise((done) => setTimeout(done, 50));
        seen.push(named.open && named.checkVisibility() && named.contains(document.activeElement));
      }}
      return [before, seen];
    """
    assert browser.run(page, script) == [0, [True, True]]


def test_all_that_is_shown_opens_and_closes(browser: Browser, page: str) -> None:
    script = f"""
      {TYPE} type("rec-0");
      const opened = () => document.querySelectorAll(".row[open]").length;
      document.getElementById("open").click();
      const shown = [...document.querySelectorAll(".row")].filter((row) => row.checkVisibility());
      const all = shown.every((row) => row.open);
      type("");
      document.getElementById("close").click();
      return [all, opened()];
    """
    assert browser.run(page, script) == [True, 0]


def test_a_command_is_copied_or_selected(browser: Browser, page: str, failing: dict[str, Any]) -> None:
    script = """
      const exchange = document.getElementById("REC-013").parentElement.querySelector(".exchange");
      exchange.open = true;
      await new Promise((done) => setTimeout(done, 50));
      Object.defineProperty(navigator, "clipboard", {value: HOW, configurable: true});
      exchange.querySelector("button").click();
      await new Promise((done) => setTimeout(done, 50));
      return [getSelection().toString(), window.copied ?? null, exchange.querySelector(".copied").textContent];
    """
    row = next(row for row in failing["results"] if row["id"] == "REC-013")
    curl = next(kept["curl"] for kept in failing["exchanges"] if kept["number"] == row["exchanges"][0])
    copying = script.replace("HOW", "{writeText: async (text) => { window.copied = text; }}")
    assert browser.run(page, copying) == ["", curl, "copied"]
    assert browser.run(page, script.replace("HOW", "undefined")) == [curl, None, "selected: copy it with the keyboard"]


def test_it_works_without_a_script(browser: Browser, page: str) -> None:
    """Everything can be read, and a filter that would do nothing is not offered."""
    without = page[: page.rindex("<script>")] + "</body></html>"
    script = "return [document.getElementById('filter').checkVisibility(), document.querySelectorAll('.row').length];"
    offered, rows = browser.run(without, script)
    assert offered is False
    assert rows > 0


def test_keys_reach_everything(browser: Browser, page: str) -> None:
    """What can be used is a link, a button, a field or a summary, and the first of them skips to the requirements."""
    script = """
      const reached = [...document.querySelectorAll("a[href], button, input, summary")];
      return [reached[0].textContent, reached.every((element) => element.tabIndex === 0),
              document.querySelectorAll("[onclick], [tabindex]:not([tabindex='0']):not([tabindex='-1'])").length];
    """
    assert browser.run(page, script) == ["Skip to the requirements", True, 0]


@pytest.mark.parametrize("width", [320, 360, 1024])
def test_nothing_is_wider_than_the_screen(browser: Browser, page: str, width: int) -> None:
    script = """
      for (const details of inner.querySelectorAll("details")) details.open = true;
      const {scrollWidth, clientWidth} = inner.documentElement;
      return [frame.contentWindow.innerWidth, scrollWidth - clientWidth];
    """
    assert browser.read(framed(page, width=width, script=script)) == [width, 0]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["failing", "incomplete"])
def test_there_is_no_accessibility_violation(
    browser: Browser, reports: dict[str, Any], name: str, *, dark: bool
) -> None:
    """axe-core finds nothing against WCAG 2.0, 2.1 and 2.2, levels A and AA, with everything opened."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run `npm ci` in scripts/node")
    script = """
      for (const details of document.querySelectorAll("details")) details.open = true;
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
      const result = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
      return {
        dark: matchMedia("(prefers-color-scheme: dark)").matches,
        passed: result.passes.length,
        violations: result.violations.map((found) => [found.id, found.nodes.slice(0, 3).map((node) => node.html)]),
      };
    """
    found = browser.run(render(reports[name]), script, dark=dark, library=AXE.read_text("utf-8"))
    assert found.get("violations") == [], found
    assert (found["dark"], found["passed"] > 10) == (dark, True)
