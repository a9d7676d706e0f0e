"""What the pages show: everything that the contract says, each thing where it can be linked to."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

import pytest

from docs.conftest import ROOT
from docs.links import read
from uapi.docs.failures import FIRST_ERROR

if TYPE_CHECKING:
    from pathlib import Path

    from uapi.docs.site import Site

DOCUMENT = json.loads((ROOT / "generated" / "openapi.json").read_text("utf-8"))
REGISTER = json.loads((ROOT / "generated" / "requirements.json").read_text("utf-8"))["requirements"]
OPERATIONS = [
    operation["operationId"]
    for item in DOCUMENT["paths"].values()
    for method, operation in item.items()
    if method in {"get", "put", "post", "delete"}
]
TAG = re.compile(r"<[^>]+>")


def text(page: Path) -> str:
    """Return the words of a page."""
    return " ".join(html.unescape(TAG.sub("", page.read_text("utf-8"))).split())


def plain(markdown: str) -> str:
    return " ".join(re.sub(r"[`*\\]", "", markdown).split())


def test_each_operation_has_a_page(built: Path) -> None:
    others = {"index", "schemas", "errors"}
    assert {page.stem for page in (built / "reference").iterdir()} == {*OPERATIONS, *others}


def test_each_requirement_can_be_linked_to_and_says_what_it_rests_on(built: Path) -> None:
    page = built / "requirements.html"
    anchors, words = read(page).ids, plain(text(page))
    for row in REGISTER:
        assert anchors[row["id"]] == 1
        assert plain(row["text"]) in words
        assert f"{plain(row['source'])} {row['evidence']}" in words


def test_each_requirement_stands_beside_an_operation(site: Site) -> None:
    beside = {row.id for operation in site.operations for group in operation.groups for row in group.rows}
    assert beside == {row["id"] for row in REGISTER}


@pytest.mark.parametrize(
    ("operation", "has", "lacks"),
    [
        (
            "updatePhoneCall",
            {"REC-001", "REC-013", "ADDR-002", "CALL-001", "ERR-001", "AUTH-001"},
            {"CALL-030", "END-006"},
        ),
        ("listPhoneCalls", {"CALL-020", "CALL-030", "CALL-001", "AUTH-006"}, {"REC-001", "REC-013", "MAKE-005"}),
        ("createConferenceInvite", {"MAKE-050", "MAKE-051", "AUTH-002"}, {"MAKE-040", "REC-001"}),
    ],
)
def test_an_operation_has_the_requirements_of_what_it_uses(
    built: Path, operation: str, has: set[str], lacks: set[str]
) -> None:
    anchors = read(built / "reference" / f"{operation}.html").ids
    assert has <= anchors.keys()
    assert not lacks & anchors.keys()


def test_an_operation_has_the_decisions_of_its_requirements(site: Site) -> None:
    (update,) = [operation for operation in site.operations if operation.id == "updatePhoneCall"]
    numbers = [decision.id for decision in update.decisions]
    assert {"D-01", "D-05", "D-17"} <= set(numbers)
    assert numbers == sorted(numbers)
    assert "D-05" not in {
        decision.id for one in site.operations if one.id == "hangUpPhoneCall" for decision in one.decisions
    }


def test_each_decision_can_be_linked_to(built: Path) -> None:
    decisions = (ROOT / "openapi" / "decisions.md").read_text("utf-8")
    numbers = re.findall(r"^## (D-\d+) ", decisions, re.MULTILINE)
    assert len(numbers) > 80
    assert {anchor for anchor in read(built / "decisions.html").ids if anchor.startswith("D-")} == set(numbers)


def test_each_schema_and_each_member_can_be_linked_to(built: Path) -> None:
    anchors = read(built / "reference" / "schemas.html").ids
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert {name, *(f"{name}.{member}" for member in schema.get("properties", {}))} <= anchors.keys()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_error_has_a_cause_and_what_mends_it(site: Site, operation: str) -> None:
    (found,) = [one for one in site.operations if one.id == operation]
    assert {failure.status for failure in found.failures} == {
        response.status for response in found.responses if response.status >= FIRST_ERROR
    }
    assert [failure for failure in found.failures if not failure.cause] == []
    assert [failure for failure in found.failures if bool(failure.mending) == bool(failure.inputs)] == []


def test_an_error_names_the_input_that_it_is_about(site: Site) -> None:
    (update,) = [operation for operation in site.operations if operation.id == "updatePhoneCall"]
    inputs = {failure.code: [(one.name, one.place) for one in failure.inputs] for failure in update.failures}
    assert inputs["user_invalid"] == [("userId", "path")]
    assert inputs["pc_recformat_invalid"] == [("format", "body")]
    assert inputs["pc_phonecallview_invalid"] == [("phoneCallViewId", "body")]


def test_a_code_that_is_only_an_example_says_so(site: Site) -> None:
    (update,) = [operation for operation in site.operations if operation.id == "updatePhoneCall"]
    undocumented = {failure.code for failure in update.failures if not failure.documented}
    assert undocumented == {"request_malformed", "method_not_allowed", "content_too_large", "media_type_unsupported"}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_sample_is_shown_as_it_stands(built: Path, operation: str) -> None:
    page = html.unescape((built / "reference" / f"{operation}.html").read_text("utf-8"))
    samples = [file for file in (ROOT / "openapi" / "samples" / operation).rglob("*") if file.is_file()]
    assert len(samples) >= 5
    assert [file.name for file in samples if file.read_text("utf-8").strip() not in page] == []


def test_each_guide_is_a_page(built: Path) -> None:
    guides = {file.stem for file in (ROOT / "scripts" / "uapi" / "docs" / "guides").glob("*.md")}
    assert {page.stem for page in (built / "guides").iterdir()} == guides
    start = (built / "index.html").read_text("utf-8")
    assert [guide for guide in guides if f'href="guides/{guide}.html"' not in start] == []


def test_the_page_of_a_section_is_marked(built: Path) -> None:
    page = (built / "reference" / "getPhoneCall.html").read_text("utf-8")
    assert '<a href="../reference/index.html" aria-current="true">Reference</a>' in page
    assert '<a href="../reference/getPhoneCall.html" aria-current="page">' in page
