"""Texts of others on a terminal."""

from __future__ import annotations

import pytest

from uapi.errors import UapiError
from uapi.printable import printable

CONTROLS = ["\0", "\a", "\b", "\t", "\n", "\r", "\x1b", "\x7f", "\x85", "\x9b", "\u202e", "\u2028", "\ufeff", "\ud800"]


@pytest.mark.parametrize("character", CONTROLS)
def test_what_a_terminal_obeys_or_cannot_show_is_escaped(character: str) -> None:
    shown = printable(f"a{character}z")
    assert (shown.isprintable(), shown[:2], shown[-1], character in shown) == (True, "a\\", "z", False)


@pytest.mark.parametrize("text", ["", "plain", "é ü 日本 🙂", "'quotes' \"and\" \\ backslashes"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


def test_some_are_kept_on_demand() -> None:
    assert printable("a\n\tb\x07", keep="\n\t") == "a\n\tb\\x07"


def test_an_error_is_shown_on_lines_of_its_own_and_controls_no_terminal() -> None:
    error = UapiError("said \x1b[2J", where="the \x07 place", hint="mend \x9b it")
    assert str(error) == "the \\x07 place: said \\x1b[2J\n  mend \\x9b it"
