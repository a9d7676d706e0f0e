"""The site in a browser: from a disk and from any folder of a server, it asks nobody else, and everybody can use it."""

from __future__ import annotations

import functools
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from conformance.report.browser import Browser, chromium
from docs.conftest import ROOT
from docs.links import pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conformance.report.browser import Page

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
OPEN_ALL = "for (const one of document.querySelectorAll('details')) { one.removeAttribute('name'); one.open = true; }"
SHOWN = "[...document.querySelectorAll('tr[data-level]')].filter((row) => row.checkVisibility()).map((row) => row.id)"
TYPE = """
  const type = (id, text) => {
    const input = document.getElementById(id);
    input.value = text;
    input.dispatchEvent(new Event("input", {bubbles: true}));
  };
"""
SEARCHED = """
  const seen = () => document.getElementById("search-found").textContent;
  while (!seen()) await new Promise((done) => setTimeout(done, 5));
  const found = [...document.querySelectorAll("#search-results a")].map((link) => link.textContent);
"""
"""The index is loaded when the search is opened first: the loop ends when what was typed was looked for."""


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder, and says nothing."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


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
