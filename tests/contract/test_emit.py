"""Writing YAML and JSON that every reader understands alike."""

from __future__ import annotations

import json

import pytest
import yaml  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from uapi.contract import emit

STRINGS = [
    "",
    " ",
    " leading",
    "trailing ",
    "plain text",
    "a: b",
    "a #b",
    "ends with:",
    "- item",
    "? key",
    "# comment",
    "{a}",
    "[a]",
    "'single'",
    '"double"',
    "back\\slash",
    "&anchor",
    "*alias",
    "!tag",
    "%directive",
    "@at",
    "`tick`",
    "|",
    ">",
    "yes",
    "No",
    "on",
    "Off",
    "y",
    "N",
    "true",
    "NULL",
    "~",
    "1",
    "-1",
    "+1",
    "010",
    "0o17",
    "0x1F",
    "0b1",
    "1_000",
    "1.5",
    "1e3",
    ".5",
    ".inf",
    "-.INF",
    ".nan",
    "12:30:45",
    "2026-01-31",
    "2026-01-31T12:00:00Z",
    "=",
    "<<",
    "---",
    "...",
    "tab\there",
    "bell\x07",
    "next\x85line",
    "no-break\xa0space",
    "separator\u2028here",
    "\ufeffmark",
    "žluťoučký kůň",
    "emoji \U0001f3a7",
    "line\n",
    "two\nlines",
    "two\nlines\n",
    "\nbegins empty",
    "ends empty\n\n",
    "  indented\nfirst line\n",
    "trailing space \nin a line\n",
    "carriage\r\nreturn\n",
    "# heading\n\n* list: x\n",
    "word " * 200,
]


@pytest.mark.parametrize("text", STRINGS)
def test_every_reader_gets_the_string_back(text: str) -> None:
    data = {"key": text, "list": [text], text: 1}
    written = emit.to_yaml(data)
    assert yaml.safe_load(written) == data, "YAML 1.1"
    assert YAML(typ="safe", pure=True).load(written) == data, "YAML 1.2"
    assert json.loads(emit.to_json(data)) == data


def test_other_values_are_read_back_as_they_were() -> None:
    data = {"z": None, "a": [True, False, 0, -7, 1.5, 1e22, 1e-7, [], {}], "m": {"deep": [{"er": [[1]]}]}}
    written = emit.to_yaml(data)
    assert yaml.safe_load(written) == data
    assert list(yaml.safe_load(written)) == ["z", "a", "m"]


def test_the_same_object_twice_is_written_twice() -> None:
    same = {"a": [1]}
    assert emit.to_yaml({"k": [same, same]}) == "k:\n  - a:\n      - 1\n  - a:\n      - 1\n"


def test_text_is_neither_wrapped_nor_escaped() -> None:
    written = emit.to_yaml({"text": "é" * 500, "block": "long " * 100 + "\nend\n"}, header="one\ntwo")
    assert written == '# one\n# two\ntext: "' + "é" * 500 + '"\nblock: |\n  ' + "long " * 100 + "\n  end\n"
    assert "\\" not in emit.to_json({"text": "é🎧"})


def test_files_end_with_one_newline_and_have_no_carriage_return() -> None:
    for written in (emit.to_yaml({"a": "b"}), emit.to_json({"a": "b"})):
        assert written.endswith("\n")
        assert not written.endswith("\n\n")
        assert "\r" not in written


def test_json_has_no_numbers_that_json_lacks() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        emit.to_json({"a": float("inf")})
