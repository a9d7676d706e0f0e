from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uapi.conformance.report.layout import LEEWAY, ONE_LINE, SHOWN_CHARACTERS, laid_out

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)
STRING = re.compile(r'("(?:[^"\\]|\\.)*")')
LONG = SHOWN_CHARACTERS + LEEWAY


def without_space(text: str) -> str:
    """Return a JSON text without the white space that means nothing."""
    return "".join(part if part.startswith('"') else re.sub(r"\s", "", part) for part in STRING.split(text))


@settings(max_examples=60)
@given(VALUES, st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : ")]), st.booleans())
def test_only_white_space_is_added(value: object, separators: tuple[str, str], ascii_: bool) -> None:
    text = json.dumps(["a" * ONE_LINE, value], separators=separators, ensure_ascii=ascii_)
    body = laid_out(text)
    assert body.indented
    assert without_space(body.start + body.rest) == without_space(text)


def test_json_is_indented_as_one_writes_it() -> None:
    value = {"a": [], "b": {}, "c": [1, {"d": "]{,\\", "e": None}], "f": "x" * ONE_LINE}
    assert laid_out(json.dumps(value)).start == json.dumps(value, indent=2)


@pytest.mark.parametrize("text", ['{"a": 1, "a": 1.00, "b": "%s"}', '{"a": "\\u00e4/\\/", "b": "%s"}'])
def test_what_a_reader_would_lose_is_kept(text: str) -> None:
    """A name that is there twice, the digits of a number, and how a character is escaped."""
    text %= "x" * ONE_LINE
    assert without_space(laid_out(text).start) == without_space(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"a": [1, 2]}',
        '"%s"' % ("x" * ONE_LINE),
        "<html>%s</html>" % ("x" * ONE_LINE),
        '{"a": "%s", "b": tru … 20000 bytes in all' % ("x" * ONE_LINE),
        json.dumps({"a": "x" * ONE_LINE}, indent=1),
        "[" * 20_000,
    ],
    ids=["nothing", "short", "one value", "html", "cut", "indented", "too deep"],
)
def test_what_is_no_long_line_of_json_stands_as_it_came(text: str) -> None:
    body = laid_out(text)
    assert (body.start + body.rest, body.indented) == (text, False)


@pytest.mark.parametrize("length", [LONG, LONG + 1, 100_000])
def test_a_long_body_begins_with_its_start(length: int) -> None:
    body = laid_out("x" * length)
    assert body.start + body.rest == "x" * length
    assert len(body.start) == (length if length <= LONG else SHOWN_CHARACTERS)


def test_a_long_body_is_cut_where_a_line_ends() -> None:
    body = laid_out("0123456789\n" * 1000)
    assert body.start.endswith("\n")
    assert SHOWN_CHARACTERS - 11 < len(body.start) <= SHOWN_CHARACTERS
