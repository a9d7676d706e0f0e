"""The site in use: its theme, its filter, its samples, on narrow screens, on paper and without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from docs.links import pages
from docs.shown import OPEN_ALL, TYPE

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.report.browser import Browser

SHOWN = "[...document.querySelectorAll('tr[data-level]')].filter((row) => row.checkVisibility()).map((row) => row.id)"


def test_the_theme_is_the_readers(browser: Browser, disk: str) -> None:
    """That of the system first; each press of the button takes the next."""
    state = "const page = getComputedStyle(document.body); return [page.backgroundColor, page.color];"
    press = "document.getElementById('theme').click();"
    with browser.shown(f"{disk}/index.html") as page:
        light = page.run(state)
        chosen_dark = page.run(f"{press} {press} {state}")
    with browser.shown(f"{disk}/index.html", dark=True) as page:
        dark = page.run(state)
        assert page.run(f"{press} {state}") == light
        assert page.run(f"{press} {state}") == dark
        assert page.run(f"{press} return document.getElementById('theme').textContent;") == "Theme: system"
    assert chosen_dark == dark != light


def test_the_theme_stays_from_page_to_page(browser: Browser, disk: str) -> None:
    with browser.shown(f"{disk}/index.html") as page:
        page.run("for (let time = 0; time < 2; time++) document.getElementById('theme').click();")
        page.call("Page.reload")
        ready = "while (document.readyState !== 'complete') await new Promise((done) => setTimeout(done, 5));"
        assert page.run(f"{ready} return document.documentElement.dataset.theme;") == "dark"


def test_requirements_are_filtered(browser: Browser, disk: str, built: Path) -> None:
    every = (built / "requirements.html").read_text("utf-8").count("data-level=")
    script = f"""
      {TYPE}
      const found = [{SHOWN}.length, document.getElementById("shown").textContent];
      type("filter-words", "wav49 accepted");
      found.push({SHOWN});
      type("filter-words", "");
      found.push(document.getElementById("filter").checkVisibility());
      const others = "[name=level]:not([value=MUST]), [name=evidence]:not([value=standard])";
      for (const box of document.querySelectorAll(others)) box.click();
      found.push([...new Set([...document.querySelectorAll("tr[data-level]")].filter((row) => row.checkVisibility())
        .map((row) => `${{row.dataset.level}} ${{row.dataset.evidence}}`))]);
      return found;
    """
    with browser.shown(f"{disk}/requirements.html") as page:
        found = page.run(script)
    assert found == [every, f"{every} of {every} shown", ["REC-011"], True, ["MUST standard"]]


def test_a_link_shows_a_requirement_that_the_filter_hides(browser: Browser, disk: str) -> None:
    script = f"""
      {TYPE} type("filter-words", "no such thing");
      const before = {SHOWN}.length;
      const changed = new Promise((done) => addEventListener("hashchange", done));
      location.hash = "REC-001";
      await changed;
      return [before, document.getElementById("REC-001").checkVisibility()];
    """
    with browser.shown(f"{disk}/requirements.html") as page:
        assert page.run(script) == [0, True]


def test_a_sample_is_copied_or_selected(browser: Browser, disk: str) -> None:
    script = """
      Object.defineProperty(navigator, "clipboard", {value: HOW, configurable: true});
      const sample = document.querySelector(".sample");
      sample.querySelector("button").click();
      await new Promise((done) => setTimeout(done, 0));
      const text = sample.querySelector("code").textContent;
      return [window.copied === text, getSelection().toString().trim() === text.trim(),
        sample.querySelector("[role=status]").textContent];
    """
    with browser.shown(f"{disk}/reference/updatePhoneCall.html") as page:
        copying = script.replace("HOW", "{writeText: async (text) => { window.copied = text; }}")
        assert page.run(copying) == [True, False, "copied"]
        selecting = "delete window.copied; " + script.replace("HOW", "undefined")
        assert page.run(selecting) == [False, True, "selected: copy it with the keyboard"]


def test_it_reads_without_a_script(browser: Browser, built: Path, tmp_path: Path) -> None:
    """Everything can be read, and nothing is offered that would do nothing."""
    page_file = tmp_path / "page.html"
    text = (built / "requirements.html").read_text("utf-8")
    page_file.write_text(text.replace('src="assets/site.js"', ""), "utf-8")
    script = f"""
      const offered = [...document.querySelectorAll("button, input")].filter((one) => one.checkVisibility());
      return [offered.length, {SHOWN}.length];
    """
    with browser.shown(page_file.as_uri()) as page:
        assert page.run(script) == [0, text.count("data-level=")]


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_screen(browser: Browser, disk: str, width: int, built: Path) -> None:
    script = f"{OPEN_ALL} return document.documentElement.scrollWidth;"
    wider = []
    for address in pages(built):
        with browser.shown(f"{disk}/{address}", width=width) as page:
            if page.run(script) != width:
                wider.append(address)
    assert wider == []


def test_paper_is_white_and_has_nothing_to_press(browser: Browser, disk: str) -> None:
    script = """
      const page = getComputedStyle(document.body);
      const press = [...document.querySelectorAll("button, input, nav a")].filter((one) => one.checkVisibility());
      return [page.backgroundColor, page.color, press.length];
    """
    with browser.shown(f"{disk}/reference/updatePhoneCall.html", dark=True) as page:
        screen = page.run(f"document.documentElement.dataset.theme = 'dark'; {script}")
        page.call("Emulation.setEmulatedMedia", media="print", features=[])
        paper = page.run(script)
    assert paper == ["rgb(255, 255, 255)", "rgb(0, 0, 0)", 0]
    assert screen[0] != paper[0]
    assert screen[2] > 0


def test_everything_is_printed(browser: Browser, disk: str) -> None:
    state = "[...document.querySelectorAll('main details')].map((one) => one.open)"
    with browser.shown(f"{disk}/reference/updatePhoneCall.html") as page:
        before = page.run(f"addEventListener('beforeprint', () => {{ window.printed = {state}; }}); return {state};")
        assert page.printed().startswith(b"%PDF")
        printed, after = page.run(f"return [printed, {state}];")
    assert all(printed)
    assert after == before
    assert not all(before)


def test_the_pages_of_a_section_are_folded_where_there_is_little_room(browser: Browser, disk: str) -> None:
    opened = "return document.querySelector('.beside details').open;"
    found = []
    for width in (390, 1280):
        with browser.shown(f"{disk}/reference/updatePhoneCall.html", width=width) as page:
            found.append(page.run(opened))
    assert found == [False, True]
