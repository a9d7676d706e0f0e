"""The reference of the API: all of the contract is in it, and its links lead somewhere."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

import uapi_phonecalls
from uapi.contract.bundle import bundle
from uapi.contract.decisions import read_decisions
from uapi.contract.reference import reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from .conftest import Contract

ROOT = Path(__file__).parents[2]
FILE = ROOT / "generated" / "reference.md"
CONTRACT = uapi_phonecalls.load_contract()
REGISTER = uapi_phonecalls.load_requirements()["requirements"]
OPERATIONS = {
    operation["operationId"]: (path, method, operation)
    for path, item in CONTRACT["paths"].items()
    for method, operation in item.items()
    if method != "parameters"
}
ACTIONS = [
    CONTRACT["components"]["schemas"][name]
    for name in CONTRACT["components"]["schemas"]["PhoneCallAction"]["discriminator"]["mapping"]
]
DROPPED = re.compile(r"[^\w\- ]")
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')


@cache
def page() -> str:
    return FILE.read_text("utf-8")


def _tokens(text: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        yield token
        yield from token.children or ()


def _anchors(text: str) -> Counter[str]:
    """Return the anchors that GitHub makes: of headings, numbered where they repeat, and of elements with an id."""
    tokens = MarkdownIt("commonmark").parse(text)
    headings = [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]
    seen: Counter[str] = Counter()
    anchors: Counter[str] = Counter(ANCHOR.findall(text))
    for heading in headings:
        slug = DROPPED.sub("", heading.lower()).replace(" ", "-")
        anchors[f"{slug}-{seen[slug]}" if seen[slug] else slug] += 1
        seen[slug] += 1
    return anchors


def _section(heading: str) -> str:
    """Return what stands under a heading of the third level."""
    after = page().partition(f"\n### {heading}\n")[2]
    assert after, f"there is no heading {heading}"
    return re.split(r"\n##", after)[0]


def _tables(text: str) -> Iterator[list[list[str]]]:
    """Yield the tables as they are written, each a list of rows."""
    for block in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE):
        yield [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]] for line in block.splitlines()]


def test_every_link_leads_somewhere() -> None:
    own = _anchors(page())
    links = {str(token.attrs["href"]) for token in _tokens(page()) if token.type == "link_open"}
    inside = {link[1:] for link in links if link.startswith("#")}
    assert len(inside) > 100
    assert inside - own.keys() == set()
    for link in links:
        file, _, anchor = link.partition("#")
        if file and "://" not in file:
            target = FILE.parent / file
            assert target.exists(), link
            assert not anchor or anchor in _anchors(target.read_text("utf-8")), link


def test_no_anchor_is_there_twice() -> None:
    assert [anchor for anchor, times in _anchors(page()).items() if times > 1] == []


def test_every_table_has_as_many_cells_as_its_head() -> None:
    tables = list(_tables(page()))
    assert len(tables) > 100
    assert sum(token.type == "table_open" for token in _tokens(page())) == len(tables)
    assert [row for table in tables for row in table if len(row) != len(table[0])] == []


def test_every_requirement_stands_once_with_all_that_is_known_of_it() -> None:
    rows = {row[0]: row[1:] for table in _tables(page()) if table[0][0] == "requirement" for row in table[2:]}
    assert len(rows) == len(REGISTER)
    for requirement in REGISTER:
        level, text, source, evidence = rows[f'<a id="{requirement["id"].lower()}"></a>{requirement["id"]}']
        assert level == requirement["level"]
        assert requirement["text"].replace("|", r"\|") in text
        assert requirement.get("excluded", "").replace("|", r"\|") in text
        assert source == requirement["source"]
        assert evidence.split(",")[0] == requirement["evidence"]
        assert requirement.get("decision", "") in evidence


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_has_its_request_parameters_and_answers(name: str) -> None:
    path, method, operation = OPERATIONS[name]
    text = _section(name)
    tables = {table[0][0]: table for table in _tables(text)}
    assert f"```http\n{method.upper()} https://uapi.voipnow.com/uapi{path}\n```" in text
    assert operation["summary"] in text
    assert operation["description"].strip() in text
    components = CONTRACT["components"]["parameters"]
    written = (
        [*CONTRACT["paths"][path]["parameters"], *operation["parameters"]]
        if "parameters" in operation
        else CONTRACT["paths"][path]["parameters"]
    )
    named = [components[entry["$ref"].rpartition("/")[2]] for entry in written]
    parameters = {row[0].split("`")[1]: row for row in tables["parameter"][2:]}
    assert list(parameters) == [parameter["name"] for parameter in named]
    for parameter in named:
        _, _, required, description, code = parameters[parameter["name"]]
        assert required == ("yes" if parameter.get("required") else "no")
        assert description == " ".join(parameter["description"].split())
        assert code.strip("`") == parameter.get("x-error-code", "")
    assert [row[0] for row in tables["status"][2:]] == list(operation["responses"])


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_shows_an_answer(name: str) -> None:
    found = [json.loads(text) for text in re.findall(r"```json\n(.*?)\n```", _section(name), re.DOTALL)]
    response = OPERATIONS[name][2]["responses"]["200"]["$ref"].rpartition("/")[2]
    media = CONTRACT["components"]["responses"][response]["content"]["application/json"]
    first = next(iter(media["examples"].values()))["$ref"].rpartition("/")[2]
    assert CONTRACT["components"]["examples"][first]["value"] in found


@pytest.mark.parametrize(
    ("name", "own", "others", "none"),
    [
        ("updatePhoneCall", "ADDR-001", {"REC-013", "AUTH-003", "ADDR-006", "CALL-007", "HTTP-006"}, {"LIST-001"}),
        ("listPhoneCalls", "CALL-020", {"LIST-001", "ERR-001", "ADDR-006"}, {"REC-013", "ADDR-012", "END-001"}),
    ],
)
def test_an_operation_names_the_requirements_that_it_relies_on(
    name: str, own: str, others: set[str], none: set[str]
) -> None:
    text = _section(name)
    linked = set(re.findall(r"\[([A-Z]+-\d+)\]\(#", text))
    assert f'<a id="{own.lower()}">' in text
    assert others <= linked
    assert linked & {own, *none} == set()


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action["properties"]["action"]["const"])
def test_an_action_has_its_members_and_examples(action: dict[str, Any]) -> None:
    name = action["properties"]["action"]["const"]
    text = _section(name)
    members = next(table for table in _tables(text) if table[0][0] == "member")
    assert {row[0].strip("`"): row[2] for row in members[2:]} == {
        member: "yes" if member in action["required"] else "no" for member in action["properties"]
    }
    examples = [json.loads(text) for text in re.findall(r"```json\n(.*?)\n```", text, re.DOTALL)]
    assert examples
    assert {example["action"] for example in examples} == {name}


def test_every_error_code_has_a_row() -> None:
    table = next(table for table in _tables(page()) if table[0][0] == "code")
    shown = {row[0].strip("`") for row in table[2:]}
    examples = [example["value"] for example in CONTRACT["components"]["examples"].values()]
    assert shown == {value["error"]["code"] for value in examples if isinstance(value, dict) and "error" in value}
    view = next(row for row in table if row[0] == "`pc_phonecallview_invalid`")
    assert "`phoneCallViewId` of [StartRecording](#startrecording)" in view[2]


def test_what_one_of_several_members_is_needed_is_said() -> None:
    assert "It has at least one of these: `link`; `links`." in _section("Schema PhoneCall")


def test_a_schema_within_a_component_is_found_at_the_component(contract: Contract) -> None:
    text = reference(bundle(contract.project), read_decisions(contract.project))
    assert "[Time](#start)" in text
    assert "[D-01](../openapi/decisions.md#d-01-what-an-action-returns)" in text


def test_without_decisions_there_is_a_page_all_the_same(contract: Contract) -> None:
    contract.path("decisions.md").unlink()
    assert "[D-01](../openapi/decisions.md)" in reference(bundle(contract.project), read_decisions(contract.project))
