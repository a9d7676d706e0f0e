"""The site in a browser: from a disk and from any folder of a server, it asks nobody else, and all of it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from docs.links import pages
from docs.shown import OPEN_ALL, SEARCHED, TYPE, served

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.report.browser import Browser, Page


def asked_elsewhere(page: Page, base: str) -> list[str]:
    return [url for url in page.requested if not url.startswith((f"{base}/", "data:,"))]


def test_no_page_asks_anybody_else(browser: Browser, base: str, built: Path) -> None:
    for address in pages(built):
        with browser.shown(f"{base}/{address}") as page:
            works = page.run(f"{OPEN_ALL} return !document.getElementById('theme').hidden;")
            assert (address, asked_elsewhere(page, base), works) == (address, [], True)
            assert f"{base}/assets/site.css" in page.requested


def test_no_page_can_ask_anybody_else(browser: Browser, disk: str, built: Path) -> None:
    """Whatever got into the page, its policy keeps the browser from asking anybody."""
    script = """
      const refused = new Set(), kinds = ["connect-src", "frame-src", "img-src", "script-src-elem", "style-src-elem"];
      const all = new Promise((done) => document.addEventListener("securitypolicyviolation", (event) => {
        refused.add(event.effectiveDirective);
        if (kinds.every((kind) => refused.has(kind))) done();
      }));
      const put = (name, property, value) => {
        document.head.append(Object.assign(document.createElement(name), {[property]: value}));
      };
      put("img", "src", "BASE/image");
      put("iframe", "src", "BASE/frame");
      put("style", "textContent", "@import 'BASE/style'");
      put("script", "src", "BASE/script");
      document.body.append(...document.head.querySelectorAll("img, iframe"));
      const fetched = await fetch("BASE/fetch").then(() => true, () => false);
      await all;
      return fetched;
    """
    with served(built) as other, browser.shown(f"{disk}/index.html") as page:
        assert page.run(script.replace("BASE", other)) is False


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("reference/updatePhoneCall.html", "Act on a phone call"),
        ("reference/updatePhoneCall.html#StartRecording", "StartRecording"),
        ("reference/updatePhoneCall.html#parameter-userId", "userId"),
        ("reference/updatePhoneCall.html#REC-001", "REC-001"),
        ("reference/schemas.html#PhoneCallView", "PhoneCallView"),
        ("reference/schemas.html#PhoneCallView.recording", "recording"),
        ("reference/errors.html#pc_recformat_invalid", "pc_recformat_invalid"),
        ("requirements.html#REC-013", "REC-013"),
        ("decisions.html#D-17", "D-17"),
    ],
)
def test_a_deep_link_leads_to_its_place(browser: Browser, base: str, address: str, says: str) -> None:
    script = """
      const named = document.querySelector(":target") ?? document.querySelector("h1");
      const {top, bottom} = named.getBoundingClientRect();
      return [named.textContent, top >= 0 && top < innerHeight && bottom > 0];
    """
    with browser.shown(f"{base}/{address}") as page:
        text, is_in_view = page.run(script)
    assert says in text
    assert is_in_view


@pytest.mark.parametrize(
    ("words", "first", "address"),
    [
        ("updatephonecall", "Act on a phone call", "reference/updatePhoneCall.html"),
        ("rec-013", "REC-013", "requirements.html#REC-013"),
        ("PhoneCallView", "PhoneCallView", "reference/schemas.html#PhoneCallView"),
        ("pc_recformat_invalid", "pc_recformat_invalid", "reference/errors.html#pc_recformat_invalid"),
        ("singular misprint", "D-01 The path of a phone call", "decisions.html#D-01"),
        ("wav49 accepted", "REC-011", "requirements.html#REC-011"),
    ],
)
def test_the_search_finds_and_leads_there(browser: Browser, base: str, words: str, first: str, address: str) -> None:
    with browser.shown(f"{base}/reference/getPhoneCall.html") as page:
        page.press("/")
        found = page.run(f"{TYPE} type('search-words', {words!r}); {SEARCHED} return found;")
        assert found[0].startswith(first)
        assert page.run("return document.querySelector('#search-results a').href;") == f"{base}/{address}"
        assert asked_elsewhere(page, base) == []


def test_a_search_without_a_result_says_so(browser: Browser, disk: str) -> None:
    with browser.shown(f"{disk}/index.html") as page:
        page.run("document.getElementById('search-open').click();")
        script = f"{TYPE} type('search-words', 'xylophone'); {SEARCHED} return [seen(), found];"
        assert page.run(script) == ["0 found", []]


def test_the_keyboard_works_the_search(browser: Browser, disk: str) -> None:
    focused = "return document.activeElement.id || document.activeElement.closest('li')?.innerText.split('\\n')[0];"
    with browser.shown(f"{disk}/decisions.html") as page:
        page.press("/")
        assert page.run(focused) == "search-words"
        page.run(f"{TYPE} type('search-words', 'recording format'); {SEARCHED}")
        second = page.run("return document.querySelectorAll('#search-results strong')[1].textContent;")
        page.press("ArrowDown", "ArrowDown")
        assert page.run(focused) == second
        page.press("ArrowUp", "ArrowUp", "ArrowUp")
        assert page.run(focused) == "search-words"
        page.press("ArrowDown", "/")
        assert page.run(focused) != "search-words"
        page.press("Escape")
        assert page.run("return document.getElementById('search').open;") is False


def test_a_slash_that_is_typed_is_a_slash(browser: Browser, disk: str) -> None:
    with browser.shown(f"{disk}/requirements.html") as page:
        page.run("document.getElementById('filter-words').focus();")
        page.press("/")
        assert page.run(
            "return [document.getElementById('filter-words').value, document.querySelector('dialog').open];"
        ) == [
            "/",
            False,
        ]


def test_the_keyboard_reaches_everything(browser: Browser, disk: str) -> None:
    """Tab goes through what can be used in the order of the page, and first comes the way past what stands above."""
    script = f"""
      {OPEN_ALL}
      window.usable = [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
        .filter((one) => one.checkVisibility());
      return usable.length;
    """
    with browser.shown(f"{disk}/reference/hangUpPhoneCall.html") as page:
        reached = []
        for _ in range(page.run(script)):
            page.press("Tab")
            reached.append(page.run("return usable.indexOf(document.activeElement);"))
        first = page.run("return usable[0].textContent;")
        page.run("usable[0].focus();")
        page.press("Enter")
        skipped_to = page.run("return document.activeElement.id;")
    assert reached == list(range(len(reached)))
    assert (first, skipped_to) == ("Skip to the content", "main")
