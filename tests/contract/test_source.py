"""Reading YAML that means what the same JSON means."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from uapi.contract import source
from uapi.contract.errors import SourceError
from uapi.contract.location import Location

if TYPE_CHECKING:
    from .conftest import Contract

FILE = PurePosixPath("openapi/components/schemas/Thing.yaml")


def test_every_node_has_the_line_that_it_is_written_on() -> None:
    text = "a: 1\nb:\n  - x\n  -\n    c: |\n      long\n      text\n    d: {e: f}\n"
    parsed = source.parse(FILE, text)
    assert parsed.data == {"a": 1, "b": ["x", {"c": "long\ntext\n", "d": {"e": "f"}}]}
    lines = {"/".join(tokens): line for tokens, line in parsed.lines.items()}
    assert lines == {"": 1, "a": 1, "b": 2, "b/0": 3, "b/1": 5, "b/1/c": 5, "b/1/d": 8, "b/1/d/e": 8}


def test_a_node_that_is_not_there_is_located_at_the_one_around_it() -> None:
    parsed = source.parse(FILE, "a:\n  b: 1\n")
    assert parsed.locate(("a", "b", "c", "d")) == Location(FILE, 2)
    assert parsed.locate(("x",)) == Location(FILE, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ("true", True),
        ("false", False),
        ("0", 0),
        ("-12", -12),
        ("1.5", 1.5),
        ("-1e3", -1000.0),
        ("'1'", "1"),
        ('"\\u00e9\\n"', "é\n"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Off", "Off"),
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        ("12:30:45", "12:30:45"),
        ("0003*210", "0003*210"),
        ("1.2.3", "1.2.3"),
        ("'~'", "~"),
        ("''", ""),
        ("[]", []),
        ("{}", {}),
    ],
)
def test_scalars_mean_what_they_mean_in_json_or_are_strings(text: str, value: object) -> None:
    parsed = source.parse(FILE, f"key: {text}\n").data
    assert parsed == {"key": value}
    assert isinstance(parsed, dict)
    assert type(parsed["key"]) is type(value)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "not YAML"),
        ("a: 1\n b: 2\n", 2, "not YAML"),
        ("a:\n\tb: 1\n", 2, "not YAML"),
        ("a: 1\nb: *nowhere\n", 2, "not YAML"),
        ("a: 1\n---\nb: 2\n", 2, "not YAML"),
        ("a: 1\nb: \x07\n", 2, "control character"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' is there already, on line 1"),
        ("a:\n  b: {c: 1, c: 2}\n", 2, "'c' is there already"),
        ("a: 1\n1: 2\n", 2, "a key that is not a string"),
        ("true: 2\n", 1, "a key that is not a string"),
        ("a: 1\n? [b]\n: 2\n", 2, "a key that is not a string"),
        ("a: &x 1\nb: 2\n", 1, "an anchor or an alias"),
        ("a: 1\nb: &x\n  c: *x\n", 2, "an anchor or an alias"),
        ("a: 1\n<<: {b: 1}\n", 2, "<< is a string to one YAML reader"),
        ("a: 1\nb: !thing c\n", 2, "the tag !thing"),
        ("a: !!set {b}\n", 1, "the tag tag:yaml.org,2002:set"),
        ("a: !!binary aGk=\n", 1, "the tag tag:yaml.org,2002:binary"),
        ("a: 1\nb: 0o17\n", 2, "0o17 is a string to one YAML reader and not to another"),
        ("a: 017\n", 1, "017 is a string to one YAML reader"),
        ("a: 0x1F\n", 1, "0x1F is a string to one YAML reader"),
        ("a: .inf\n", 1, ".inf is a string to one YAML reader"),
        ("a: 1e999\n", 1, "1e999 is a string to one YAML reader"),
        ("a: " + "9" * 5000 + "\n", 1, "is a string to one YAML reader"),
        ("a: TRUE\n", 1, "TRUE is a string to one YAML reader"),
        ("a: ~\n", 1, "~ is a string to one YAML reader"),
        ("a: 1\nb:\nc: 2\n", 2, "a value is missing"),
        ('a: 1\nb: "\\ud83d"\n', 2, "half a surrogate pair"),
        ("", 1, "empty"),
        ("# only a comment\n", 1, "empty"),
        ("a: " + "[" * 100 + "]" * 100 + "\n", 1, "nested too deeply"),
        ("[" * 5000 + "]" * 5000, 1, "nested too deeply"),
    ],
)
def test_what_yaml_readers_disagree_on_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        source.parse(FILE, text)
    assert caught.value.where == f"{FILE}:{line}"
    assert message in caught.value.message
    assert "\n" not in caught.value.message


def test_files_lists_all_but_hidden_files_in_order(contract: Contract) -> None:
    contract.write(".hidden/x.yaml", "")
    contract.write("components/schemas/.swp", "")
    contract.write("notes.txt", "")
    names = [str(path) for path in source.files(contract.project)]
    assert names == sorted(names)
    assert "openapi/notes.txt" in names
    assert "openapi/paths/calls@{callId}.yaml" in names
    assert not [name for name in names if "/." in name]


def test_bytes_that_are_not_utf8_are_refused_with_their_line(contract: Contract) -> None:
    contract.write("components/schemas/CallId.yaml", b"type: string\ndescription: caf\xe9\n")
    with pytest.raises(SourceError, match="not UTF-8: the byte 0xe9") as caught:
        source.read(contract.project, PurePosixPath("openapi/components/schemas/CallId.yaml"))
    assert caught.value.where == "openapi/components/schemas/CallId.yaml:2"


def test_a_byte_order_mark_is_no_part_of_the_text(contract: Contract) -> None:
    contract.write("components/schemas/CallId.yaml", b"\xef\xbb\xbftype: string\n")
    read = source.read(contract.project, PurePosixPath("openapi/components/schemas/CallId.yaml"))
    assert read.data == {"type": "string"}
