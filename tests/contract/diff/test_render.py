"""How a comparison is shown."""

from __future__ import annotations

import json
from typing import Any, Final

import jsonschema_rs
import pytest

from uapi.contract.diff import render
from uapi.contract.register import schema_text

from .documents import ANSWER, BASE, CALL, GONE, PATH, START, difference, edited

SCHEMA: Final[dict[str, Any]] = json.loads(schema_text("contract-diff"))
EDITS: Final = (
    (f"{CALL}/state/enum/-", "parked"),
    (f"{START}/format/enum/-", "mp3"),
    (f"{CALL}/more", {"type": "string"}),
    ("/info/description", "Of calls."),
    (f"{PATH}/get/responses/404", GONE),
    ("/info/version", "2.0.0"),
)


def test_the_text_groups_by_whom_a_change_breaks_and_ends_with_the_verdict() -> None:
    text = render.to_text(difference(BASE, edited(*EDITS)), words=False)
    assert (
        text
        == """\
1.4.2 (old.yaml) -> 2.0.0 (new.yaml): 5 changes

breaks clients: 1
  new.yaml:1: Call.state can be `parked`
    value-added /components/schemas/Call/properties/state in getCall, updateCall

breaks servers: 2
  new.yaml:1: Start.format can be `mp3`
    value-added /components/schemas/Start/properties/format in updateCall
  old.yaml:1: GET /calls/{id} is not answered with 404 any more
    response-removed /paths/~1calls~1{id}/get/responses/404 in getCall

breaks nobody: 1
  new.yaml:1: Call.more is new, and optional
    property-added /components/schemas/Call/properties/more in getCall, updateCall

documentation: 1 (--documentation lists them)

The changes demand a major version after 1.4.2: 2.0.0 or later. It is 2.0.0, which is enough.
"""
    )


def test_documentation_is_listed_where_it_is_asked_for() -> None:
    text = render.to_text(difference(BASE, edited(("/info/description", "Of calls."))), words=True)
    assert "documentation: 1\n  new.yaml:1: the `description` changed\n    words-changed /info/description\n" in text
    assert text.endswith("1.4.3 or later. It is 1.4.2, which is not enough.\n")


def test_a_terminal_is_not_told_to_do_what_a_contract_says() -> None:
    text = render.to_text(difference(BASE, edited((f"{CALL}/state/enum/-", "\x1b[2Jx"))), words=True)
    assert "\x1b" not in text
    assert "x1b[2Jx" in text


@pytest.mark.parametrize("edits", [(), EDITS, EDITS[3:4], ((f"{PATH}/get", GONE),)])
def test_the_json_is_what_its_schema_says(edits: tuple[tuple[str, object], ...]) -> None:
    jsonschema_rs.meta.validate(SCHEMA)
    document = json.loads(render.to_json(difference(BASE, edited(*edits))))
    jsonschema_rs.validate(SCHEMA, document)


def test_the_json_says_all_of_a_change() -> None:
    document = json.loads(render.to_json(difference(BASE, edited(*EDITS))))
    head = {key: value for key, value in document.items() if key != "changes"}
    assert head == {
        "$schema": "contract-diff.schema.json",
        "old": {"name": "old.yaml", "version": "1.4.2"},
        "new": {"name": "new.yaml", "version": "2.0.0"},
        "demanded": "major",
        "least_version": "2.0.0",
        "enough": True,
        "counts": {"changes": 5, "clients": 1, "servers": 2, "documentation": 1},
    }
    place = {"pointer": f"{CALL}/state", "value": None}
    assert document["changes"][1] == {
        "rule": "value-added",
        "message": "Call.state can be `parked`",
        "breaks": ["clients"],
        "bump": "major",
        "documentation": False,
        "uses": ["response"],
        "operations": ["getCall", "updateCall"],
        "old": {**place, "where": "old.yaml:1"},
        "new": {**place, "where": "new.yaml:1", "value": "parked"},
    }


def test_the_schema_refuses_another_document() -> None:
    document = json.loads(render.to_json(difference(BASE, edited(*EDITS))))
    document["changes"][0]["breaks"] = ["nobody"]
    assert not jsonschema_rs.is_valid(SCHEMA, document)


def test_the_markdown_has_a_list_for_each_party() -> None:
    assert (
        render.to_markdown(difference(BASE, edited(*EDITS)))
        == """\
# From 1.4.2 (old.yaml) to 2.0.0 (new.yaml)

A major version after 1.4.2: 1 change that breaks clients, 2 changes that break servers, 1 change that breaks nobody, \
1 change of documentation.

## Breaks clients

- Call.state can be `parked` (`getCall`, `updateCall`)

## Breaks servers

- Start.format can be `mp3` (`updateCall`)
- GET /calls/{id} is not answered with 404 any more (`getCall`)

## Breaks nobody

- Call.more is new, and optional (`getCall`, `updateCall`)
"""
    )


def test_the_markdown_says_that_a_version_is_too_small() -> None:
    text = render.to_markdown(difference(BASE, edited((f"{PATH}/get", GONE))))
    assert text.endswith(
        "**The changes demand a major version after 1.4.2: 2.0.0 or later. It is 1.4.2, which is not enough.**\n"
    )


def test_markdown_in_a_contract_is_shown_and_not_obeyed() -> None:
    row = {
        "id": "NEW-001",
        "level": "MAY",
        "text": "A <b>_bold_</b> `<i>`\n[text](x)",
        "source": "A",
        "evidence": "inferred",
    }
    text = render.to_markdown(difference(BASE, edited((f"{ANSWER}/x-requirements/-", row))))
    assert r"- NEW-001 (MAY) is new: A \<b\>\_bold\_\</b\> `<i>` \[text\](x) (`getCall`)" in text.splitlines()


def test_no_change_is_said_in_markdown_too() -> None:
    assert "Nothing changed." in render.to_markdown(difference(BASE, BASE))
