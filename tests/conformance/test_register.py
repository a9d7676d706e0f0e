from __future__ import annotations

import json

import pytest

import uapi_phonecalls
from conformance.made import requirement
from uapi.conformance.bundle import contract
from uapi.conformance.errors import ConformanceError
from uapi.conformance.register import PROFILES, Requirement, operations, profile, register

ROWS = list(register().values())


def test_every_row_of_the_generated_register_is_there() -> None:
    assert list(register()) == [row["id"] for row in uapi_phonecalls.load_requirements()["requirements"]]


def test_each_requirement_stands_under_its_id() -> None:
    assert all(name == row.id for name, row in register().items())


def test_the_register_is_read_once() -> None:
    assert register() is register()


def test_the_recording_profile_has_every_row_of_its_own() -> None:
    assert profile("recording") == tuple(row for row in ROWS if row.profile == "recording")


@pytest.mark.parametrize("name", list(PROFILES))
def test_a_profile_has_requirements(name: str) -> None:
    assert profile(name)


def test_a_profile_has_the_operations_that_its_rows_speak_of() -> None:
    assert operations(profile("recording")) == {"listPhoneCalls", "getPhoneCall", "updatePhoneCall"}


@pytest.mark.parametrize("name", ["", "Recording", "all", "recording "])
def test_an_unknown_profile_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(ConformanceError, match="there is no profile") as caught:
        profile(name)
    assert (caught.value.where, caught.value.exit_code) == ("--profile", 2)
    assert all(known in str(caught.value.hint) for known in PROFILES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_the_pointer_of_a_requirement_leads_into_the_bundle(row: Requirement) -> None:
    node: object = contract()
    for part in row.pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        node = node[int(name)] if isinstance(node, list) else node[name]  # type: ignore[index]
    assert row.id in json.dumps(node)


def test_a_row_may_leave_out_what_is_optional() -> None:
    required = {name: getattr(requirement(), name) for name in ("id", "level", "text", "source", "evidence")}
    row = Requirement.of({**required, "pointer": "/info", "file": "openapi/openapi.yaml", "line": 1})
    assert (row.operations, row.decision, row.feature, row.excluded) == ((), None, None, None)


def test_operations_of_a_row_are_kept() -> None:
    row = uapi_phonecalls.load_requirements()["requirements"][0]
    assert Requirement.of({**row, "operations": ["a", "b"]}).operations == ("a", "b")
