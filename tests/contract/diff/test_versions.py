"""Versions, and what changes demand of them."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import pytest

from uapi.contract.diff import versions
from uapi.contract.diff.model import Bump
from uapi.contract.diff.verdict import judge, reasons
from uapi.contract.errors import VersionError

from .documents import BASE, CALL, PATH, difference, edited

CLIENTS: Final = (f"{CALL}/state/enum/-", "parked")
SERVERS: Final = (f"{CALL}/state/enum", ["talking"])
NEUTRAL: Final = (f"{CALL}/state/deprecated", True)
WORDS: Final = ("/info/description", "Other words.")


@pytest.mark.parametrize(
    ("old", "edit", "bump", "least"),
    [
        ("1.4.2", CLIENTS, Bump.MAJOR, "2.0.0"),
        ("1.4.2", SERVERS, Bump.MINOR, "1.5.0"),
        ("1.4.2", NEUTRAL, Bump.MINOR, "1.5.0"),
        ("1.4.2", WORDS, Bump.PATCH, "1.4.3"),
        ("0.4.2", CLIENTS, Bump.MINOR, "0.5.0"),
        ("0.4.2", SERVERS, Bump.MINOR, "0.5.0"),
        ("0.4.2", NEUTRAL, Bump.PATCH, "0.4.3"),
        ("0.4.2", WORDS, Bump.PATCH, "0.4.3"),
        ("0.0.2", CLIENTS, Bump.MINOR, "0.1.0"),
    ],
)
def test_what_changed_demands_a_version(old: str, edit: tuple[str, object], bump: Bump, least: str) -> None:
    before = edited(("/info/version", old))
    verdicts = {
        new: judge(difference(before, edited(edit, ("/info/version", new)))) for new in (old, least, "9.0.0", "0.0.1")
    }
    assert {(verdict.bump, str(verdict.least)) for verdict in verdicts.values()} == {(bump, least)}
    assert {new: verdict.enough for new, verdict in verdicts.items()} == {
        old: False,
        least: True,
        "9.0.0": True,
        "0.0.1": False,
    }


def test_no_change_demands_nothing_but_no_older_version() -> None:
    verdicts = [judge(difference(BASE, edited(("/info/version", version)))) for version in ("1.4.2", "1.4.3", "1.4.1")]
    assert [(verdict.bump, verdict.enough) for verdict in verdicts] == [
        (Bump.NONE, True),
        (Bump.NONE, True),
        (Bump.NONE, False),
    ]


def test_the_reasons_are_the_changes_that_the_version_is_too_small_for() -> None:
    diff = difference(BASE, edited(CLIENTS, NEUTRAL, WORDS, ("/info/version", "1.5.0")))
    assert [change.rule for change in reasons(diff, judge(diff))] == ["value-added"]
    assert len(diff.changes) == 3


@pytest.mark.parametrize("text", ["1.0", "v1.0.0", "1.0.0-rc.1", "1.00.0", "1.0.0 ", "", "1.0.9999999999"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(VersionError, match=r"old\.yaml:1: info\.version is .*\n  Write three numbers"):
        judge(difference(edited(("/info/version", text)), BASE))


def test_versions_are_ordered_by_number() -> None:
    texts = ["0.9.9", "0.10.0", "1.0.0", "1.0.10", "1.2.0", "10.0.0"]
    parsed = [versions.parse(text, "") for text in texts]
    assert all(one < other for one, other in pairwise(parsed))
    assert [str(version) for version in parsed] == texts


def test_the_method_of_a_path_is_no_part_of_the_judgement_of_another() -> None:
    diff = difference(BASE, edited((f"{PATH}/put/deprecated", True)))
    assert [change.operations for change in diff.changes] == [("updateCall",)]
