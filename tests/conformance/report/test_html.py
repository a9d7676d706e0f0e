from __future__ import annotations

import base64
import copy
import hashlib
import re
from dataclasses import asdict
from html.parser import HTMLParser
from typing import Any

import pytest
from markupsafe import escape

from uapi.conformance.budget import BUDGETS, Budget
from uapi.conformance.report.html import render

VOID = {"meta", "input", "br", "img", "link", "hr"}


class Page(HTMLParser):
    """What a test looks at in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def having(self, name: str) -> list[str]:
        return [str(attributes[name]) for _, attributes in self.tags if name in attributes]


def test_tags_are_balanced_and_ids_unique(any_report: dict[str, Any]) -> None:
    page = Page(render(any_report))
    assert page.open == []
    ids = page.having("id")
    assert sorted(ids) == sorted(set(ids))


def test_links_lead_to_what_is_there(any_report: dict[str, Any]) -> None:
    page = Page(render(any_report))
    assert {href.removeprefix("#") for href in page.having("href")} <= set(page.having("id"))


def test_each_requirement_and_each_exchange_is_there(any_report: dict[str, Any]) -> None:
    ids = set(Page(render(any_report)).having("id"))
    assert {row["id"] for row in any_report["results"]} <= ids
    assert {f"x{exchange['number']}" for exchange in any_report["exchanges"]} <= ids


def test_nothing_is_fetched(any_report: dict[str, Any]) -> None:
    text = render(any_report)
    page = Page(text)
    assert page.having("src") == page.having("style") == page.having("onclick") == []
    assert not {"img", "link", "iframe", "object", "video"} & {tag for tag, _ in page.tags}
    assert "url(" not in text.partition("<style>")[2].partition("</style>")[0]


def test_the_policy_allows_the_script_and_the_style_of_the_page_alone(any_report: dict[str, Any]) -> None:
    text = render(any_report)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src 'none';")
    assert "form-action 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_what_a_target_sends_is_no_markup(failing: dict[str, Any]) -> None:
    text = render(failing)
    assert "&lt;img src=http://example.invalid/x&gt;" in text
    assert text.count("<script") == 1


def test_what_has_to_be_acted_on_shows_its_evidence_in_place(failing: dict[str, Any]) -> None:
    text = render(failing)
    for row in failing["results"]:
        if row["outcome"] == "fail":
            inside = text.partition(f'<summary id="{row["id"]}"')[2].partition('class="row')[0]
            assert inside.count('class="exchange"') == len(row["exchanges"]) > 0


def test_what_was_found_is_told_beside_what_is_required(failing: dict[str, Any]) -> None:
    table = render(failing).partition('id="found"')[2].partition("</table>")[0]
    found = [row for row in failing["results"] if row["outcome"] in {"fail", "warn"}]
    assert table.count('class="seen"') == len(found) > 0
    for row in found:
        assert f'<span class="level">{row["level"]}</span>' in table.partition(f'href="#{row["id"]}"')[2]
        assert str(escape(row["message"])) in table
        assert str(escape(row["text"].partition("`")[0])) in table


def test_a_long_body_does_not_hide_what_follows(failing: dict[str, Any]) -> None:
    report = copy.deepcopy(failing)
    kept = next(kept for kept in report["exchanges"] if kept["response"])
    kept["response"]["body"] = "".join(f"line {number}\n" for number in range(2000))
    text = render(report)
    inside = text.partition('class="rest"')[2].partition("</details>")[0]
    assert "line 1999" in inside
    assert "line 0\n" not in inside
    assert text.count("line 1999") == text.count("line 0\n") == 1


@pytest.mark.parametrize(("name", "told"), [("quick", "quick: coverage light"), (None, "coverage none")])
def test_the_budget_is_told_by_its_name(failing: dict[str, Any], name: str | None, told: str) -> None:
    budget = BUDGETS[name] if name else Budget()
    assert f"<dd>{told}" in render(failing | {"budget": asdict(budget)})


def test_tables_are_marked_up_for_screen_readers(failing: dict[str, Any]) -> None:
    text = render(failing)
    assert text.count("<table") == text.count("<caption>") >= 4
    assert not re.search(r"<th(?![^>]* scope=)[ >]", text.replace("<thead>", ""))


def test_the_page_is_of_one_form(failing: dict[str, Any]) -> None:
    assert render(failing) == render(failing)
