"""The HTML page in a browser: it fetches nothing, its filter and its links work, and everybody can use it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.loopback import recording, serving
from conformance.made import wire
from conformance.report.browser import Browser, chromium
from uapi.conformance.report.html import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.loopback import Received

AXE = Path(__file__).parents[3] / "scripts" / "node" / "node_modules" / "axe-core" / "axe.min.js"
SHOWN = (
    "[...document.querySelectorAll('.row')].filter((row) => row.checkVisibility())"
    ".map((row) => row.querySelector('summary').id)"
)
TYPE = "const type = (text) => { search.value = text; search.dispatchEvent(new Event('input', {bubbles: true})); };"
OPEN_ALL = "for (const details of document.querySelectorAll('details')) details.open = true;"
TURN = "await new Promise((done) => setTimeout(done, 0));"
"""What a click on a link brings about is done in the next turn."""
FOCUSED = "const at = document.activeElement; return at.id || at.textContent.trim() || at.value;"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(chromium(), tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def page(reports: dict[str, Any]) -> str:
    return render(reports["failing"])


def ids(report: dict[str, Any], *outcomes: str) -> list[str]:
    return [row["id"] for row in report["results"] if not outcomes or row["outcome"] in outcomes]


def test_it_fetches_nothing(browser: Browser, page: str) -> None:
    with browser.page(page) as shown:
        title = shown.run(f"{OPEN_ALL} {TURN} return document.title;")
        (itself,) = shown.requested
    assert itself.startswith("file:")
    assert title.startswith("not conformant")


def test_it_can_fetch_nothing(browser: Browser, page: str) -> None:
    """Whatever got into the page, its policy keeps the browser from asking anybody."""
    script = """
      const refused = new Set(), kinds = ["connect-src", "frame-src", "img-src", "script-src-elem", "style-src-elem"];
      const all = new Promise((done) => document.addEventListener("securitypolicyviolation", (event) => {
        refused.add(event.effectiveDirective);
        if (kinds.every((kind) => refused.has(kind))) done();
      }));
      const image = new Image(); image.src = "BASE/image"; document.body.append(image);
      const frame = document.createElement("iframe"); frame.src = "BASE/frame"; document.body.append(frame);
      const style = document.createElement("style"); style.textContent = "@import 'BASE/style'";
      document.head.append(style);
      const script = document.createElement("script"); script.src = "BASE/script"; document.head.append(script);
      navigator.sendBeacon("BASE/beacon");
      const fetched = await fetch("BASE/fetch").then(() => true, () => false);
      await all;
      return fetched;
    """
    received: list[Received] = []
    with serving(recording(wire(), received)) as server, browser.page(page) as shown:
        assert shown.run(script.replace("BASE", server.base_url)) is False
    assert received == []


def test_a_box_filters(browser: Browser, page: str, failing: dict[str, Any]) -> None:
    script = f"""
      document.querySelector("input[value=pass]").click();
      return [{SHOWN}, document.getElementById("shown").textContent];
    """
    with browser.page(page) as shown:
        found, told = shown.run(script)
    others = ids(failing, "fail", "warn", "not-exercised", "excluded", "error")
    assert found == others
    assert told == f"{len(others)} of {len(ids(failing))} shown"


def test_a_search_filters_by_id_and_by_text(browser: Browser, page: str) -> None:
    script = f"{TYPE} const found = []; for (const text of TEXTS) {{ type(text); found.push({SHOWN}); }} return found;"
    with browser.page(page) as shown:
        found = shown.run(script.replace("TEXTS", "['rec-013', 'WAV49 format', 'got 418', 'no such thing']"))
    assert found == [["REC-013"], ["REC-013"], ["HTTP-005"], []]


def test_a_count_leads_to_the_requirements_with_its_outcome(
    browser: Browser, page: str, failing: dict[str, Any]
) -> None:
    script = f"""
      document.querySelector(".tallies a[data-only=excluded]").click();
      {TURN}
      return [{SHOWN}, document.activeElement.id];
    """
    with browser.page(page) as shown:
        found, focused = shown.run(script)
    assert found == ids(failing, "excluded")
    assert focused == found[0]


def test_a_deep_link_opens_its_row(browser: Browser, page: str) -> None:
    with browser.page(page, fragment="#REC-001") as shown:
        script = "return [document.getElementById('REC-001').parentElement.open, document.activeElement.id];"
        assert shown.run(script) == [True, "REC-001"]


def test_a_link_opens_a_row_that_the_filter_hides(browser: Browser, page: str, failing: dict[str, Any]) -> None:
    shown_by_rows = {number for row in failing["results"] for number in row["exchanges"]}
    number = next(cell["example"] for cell in failing["matrix"]["cells"] if cell["example"] in shown_by_rows)
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
        {TURN}
        seen.push(named.open && named.checkVisibility() && named.contains(document.activeElement));
      }}
      return [before, seen];
    """
    with browser.page(page) as shown:
        assert shown.run(script) == [0, [True, True]]


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
    with browser.page(page) as shown:
        assert shown.run(script) == [True, 0]


def test_a_command_is_copied_or_selected(browser: Browser, page: str, failing: dict[str, Any]) -> None:
    script = f"""
      const exchange = document.getElementById("REC-013").parentElement.querySelector(".exchange");
      Object.defineProperty(navigator, "clipboard", {{value: HOW, configurable: true}});
      exchange.querySelector("button").click();
      {TURN}
      return [getSelection().toString(), window.copied ?? null, exchange.querySelector(".copied").textContent];
    """
    row = next(row for row in failing["results"] if row["id"] == "REC-013")
    curl = next(kept["curl"] for kept in failing["exchanges"] if kept["number"] == row["exchanges"][0])
    with browser.page(page) as shown:
        copying = script.replace("HOW", "{writeText: async (text) => { window.copied = text; }}")
        assert shown.run(copying) == ["", curl, "copied"]
        selecting = script.replace("HOW", "undefined")
        assert shown.run(f"delete window.copied; {selecting}") == [curl, None, "selected: copy it with the keyboard"]


def test_it_works_without_a_script(browser: Browser, page: str) -> None:
    """Everything can be read, and a filter that would do nothing is not offered."""
    without = page[: page.rindex("<script>")] + "</body></html>"
    script = f"return [document.getElementById('filter').checkVisibility(), {SHOWN}.length];"
    with browser.page(without) as shown:
        offered, rows = shown.run(script)
    assert offered is False
    assert rows == page.count('<details class="row')


def test_the_keyboard_reaches_everything(browser: Browser, page: str) -> None:
    """Tab goes through what can be used in the order of the page, and first comes the way past what stands above."""
    script = f"""
      {OPEN_ALL} {TURN}
      window.usable = [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")];
      return usable.length;
    """
    with browser.page(page) as shown:
        reached = []
        for _ in range(shown.run(script)):
            shown.press("Tab")
            reached.append(shown.run("return usable.indexOf(document.activeElement);"))
        first = shown.run("return usable[0].textContent;")
    assert reached == list(range(len(reached)))
    assert first == "Skip to the requirements"


def test_the_keyboard_works_everything(browser: Browser, page: str, failing: dict[str, Any]) -> None:
    with browser.page(page) as shown:
        shown.press("Tab", "Enter")  # skip to the requirements
        shown.press("Tab")
        assert shown.run(FOCUSED) == "search"
        shown.press("Tab", " ")  # the first outcome
        assert shown.run(f"return {SHOWN};") == ids(failing, "warn", "not-exercised", "excluded", "error", "pass")
        shown.run("document.getElementById('REC-001').focus();")
        shown.press("Enter")
        assert shown.run("return document.getElementById('REC-001').parentElement.open;") is True
        shown.press("Enter")
        assert shown.run("return document.getElementById('REC-001').parentElement.open;") is False


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(browser: Browser, page: str, width: int) -> None:
    script = f"{OPEN_ALL} {TURN} return [innerWidth, document.documentElement.scrollWidth];"
    with browser.page(page, width=width) as shown:
        assert shown.run(script) == [width, width]


def test_paper_is_white_and_has_nothing_to_press(browser: Browser, page: str) -> None:
    script = f"""
      {OPEN_ALL} {TURN}
      const colour = (name) => getComputedStyle(document.body)[name];
      const press = [...document.querySelectorAll("button, input, nav a")].filter((one) => one.checkVisibility());
      return [colour("backgroundColor"), colour("color"), press.length, {SHOWN}.length];
    """
    with browser.page(page, dark=True) as shown:
        screen = shown.run(script)
        dark = [{"name": "prefers-color-scheme", "value": "dark"}]
        shown.call("Emulation.setEmulatedMedia", media="print", features=dark)
        paper = shown.run(script)
    rows = page.count('<details class="row')
    assert paper == ["rgb(255, 255, 255)", "rgb(0, 0, 0)", 0, rows]
    assert screen[0] != paper[0]
    assert screen[2] > 0


def test_what_has_to_be_acted_on_is_printed_with_its_evidence(browser: Browser, page: str) -> None:
    script = """
      window.state = () => [...document.querySelectorAll(".found, .found .exchange")].map((details) => details.open);
      for (const details of document.querySelectorAll("details")) details.open = false;
      addEventListener("beforeprint", () => { window.printed = state(); });
    """
    with browser.page(page) as shown:
        shown.run(script)
        assert shown.printed().startswith(b"%PDF")
        printed, after = shown.run("return [printed, state()];")
    assert all(printed)
    assert len(printed) > page.count('<details class="row found"') > 0
    assert not any(after)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False)], ids=["light", "dark", "phone"])
@pytest.mark.parametrize("name", ["failing", "incomplete"])
def test_there_is_no_accessibility_violation(
    browser: Browser, reports: dict[str, Any], name: str, width: int, *, dark: bool
) -> None:
    """axe-core finds nothing: WCAG 2.0, 2.1 and 2.2, levels A and AA, and its best practices, with everything open."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run `npm ci` in scripts/node")
    script = f"""
      {OPEN_ALL} {TURN}
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
      const result = await axe.run(document, {{runOnly: tags, resultTypes: ["violations"]}});
      return {{
        dark: matchMedia("(prefers-color-scheme: dark)").matches,
        passed: result.passes.length,
        violations: result.violations.map((found) => [found.id, found.nodes.slice(0, 3).map((node) => node.html)]),
      }};
    """
    with browser.page(render(reports[name]), width=width, dark=dark) as shown:
        shown.load(AXE.read_text("utf-8"))
        found = shown.run(script)
    assert found["violations"] == []
    assert (found["dark"], found["passed"] > 10) == (dark, True)
