"""Markdown becomes HTML in which nothing of the source is markup, and what is named is linked."""

from __future__ import annotations

import pytest

from uapi.docs.prose import Prose

TARGETS = {
    "getPhoneCall": "reference/getPhoneCall.html",
    "REC-001": "requirements.html#REC-001",
    "D-17": "decisions.html#D-17",
}


@pytest.fixture
def prose() -> Prose:
    return Prose(TARGETS)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("by `getPhoneCall`", 'by <a href="../reference/getPhoneCall.html"><code>getPhoneCall</code></a>'),
        ("by getPhoneCall", "by getPhoneCall"),
        ("by `nothing`", "by <code>nothing</code>"),
        (
            "(D-17, REC-001)",
            '(<a href="../decisions.html#D-17">D-17</a>, <a href="../requirements.html#REC-001">REC-001</a>)',
        ),
        ("D-99 and REC-999", "D-99 and REC-999"),
        ("XREC-001 and D-171", "XREC-001 and D-171"),
        ("[see `getPhoneCall`, D-17](x.html)", '<a href="x.html">see <code>getPhoneCall</code>, D-17</a>'),
        ("<b>bold</b> & `<i>`", "&lt;b&gt;bold&lt;/b&gt; &amp; <code>&lt;i&gt;</code>"),
    ],
)
def test_a_sentence(prose: Prose, text: str, html: str) -> None:
    assert prose.inline(text, "../") == html


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("other.md", "other.html"),
        ("other.md#part", "other.html#part"),
        ("https://example.com/a.md", "https://example.com/a.md"),
        ("a.mdx", "a.mdx"),
    ],
)
def test_a_guide_leads_to_the_page_that_another_became(prose: Prose, link: str, target: str) -> None:
    assert prose.inline(f"[there]({link})", "") == f'<a href="{target}">there</a>'


def test_a_script_is_no_link(prose: Prose) -> None:
    assert "href" not in prose.inline("[there](javascript:alert)", "")


def test_the_anchors_of_headings_are_those_that_are_told(prose: Prose) -> None:
    text = "## Set up: `it`\n\n### The same\n\n### The same\n"
    assert prose.headings(text) == [
        ("set-up-it", "Set up: `it`"),
        ("the-same", "The same"),
        ("the-same-2", "The same"),
    ]
    html = prose.block(text, "")
    assert [anchor for anchor, _ in prose.headings(text) if f'id="{anchor}"' in html] == [
        "set-up-it",
        "the-same",
        "the-same-2",
    ]


def test_a_column_without_a_head_has_none(prose: Prose) -> None:
    html = prose.block("| | |\n| --- | --- |\n| a | b |\n", "")
    assert "<th>" not in html
    assert "<th>a" in prose.block("| a | b |\n| --- | --- |\n| 1 | 2 |\n", "")


@pytest.mark.parametrize("text", ["```sh\na <b>\n```\n", "    a <b>\n"])
def test_code_is_scrolled_by_the_keyboard(prose: Prose, text: str) -> None:
    html = prose.block(text, "")
    assert html == '<pre tabindex="0" role="group" aria-label="Code"><code>a &lt;b&gt;\n</code></pre>\n'
