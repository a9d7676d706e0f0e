"""What the explorations expect is derived from the contract, and held against the register."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from uapi.conformance import exploration, stateful
from uapi.conformance.exploration.expressions import evaluated, links
from uapi.conformance.exploration.flaw import flawed
from uapi.conformance.exploration.grounding import Unclear, ground
from uapi.conformance.exploration.inputs import REQUIREMENTS, Fault, coded, inputs
from uapi.conformance.exploration.request import GET, LIST, UPDATE
from uapi.conformance.inquiry import Violation
from uapi.conformance.register import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mutants.laboratory import Laboratory
    from uapi.conformance.exploration.request import Grounded
    from uapi.conformance.probe import Probe

ROWS = [(key, fault, name) for key, faults in REQUIREMENTS.items() for fault, name in faults.items()]


def test_every_error_code_of_the_contract_is_of_an_input_with_requirements() -> None:
    known = {found.pointer: found.code for key, found in inputs().items() if key in REQUIREMENTS}
    assert {pointer: known.get(pointer) for pointer in coded()} == dict(coded())


@pytest.mark.parametrize(("key", "fault", "requirement"), ROWS, ids=str)
def test_a_requirement_stands_on_its_input_and_names_its_code(
    key: tuple[str, str], fault: Fault, requirement: str
) -> None:
    row, found = register()[requirement], inputs()[key]
    assert row.pointer == found.pointer
    assert row.excluded is None
    assert found.code is None or f"`{found.code}`" in row.text
    assert flawed(key, fault).code == found.code


def requirements_in(package: Any) -> Iterator[str]:
    for file in Path(package.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and re.fullmatch(r"[A-Z]+-\d{3}", text):
                yield text


@pytest.mark.parametrize("package", [exploration, stateful], ids=lambda package: package.__name__)
def test_every_requirement_that_is_accused_of_can_be_violated(package: Any) -> None:
    named = set(requirements_in(package))
    assert named
    assert [name for name in named if register()[name].excluded is not None] == []


def test_there_is_no_violation_without_a_requirement() -> None:
    with pytest.raises(KeyError):
        Violation("REC-999", "something is wrong")


PATH = {"userId": "%40me", "extension": "0003%2A210", "phoneCallId": "abc"}
START = {"action": "StartRecording", "phoneCallViewId": "x"}


@pytest.fixture(scope="module")
def probe(laboratory: Laboratory) -> Iterator[Probe]:
    with laboratory.probe() as probe:
        yield probe


def grounded(
    probe: Probe,
    operation: str,
    *,
    path: dict[str, str] | None = None,
    query: dict[str, Any] | None = None,
    body: Any = b"",
) -> Grounded:
    case = SimpleNamespace(path_parameters={**PATH, **(path or {})}, query=query or {}, body=body)
    return ground(operation, case, probe.place, probe)


def found(request: Grounded) -> list[tuple[str, str | None]]:
    return [(flaw.requirement, flaw.code) for flaw in request.flaws]


def test_what_is_allowed_becomes_real(probe: Probe) -> None:
    request = grounded(probe, UPDATE, body=START)
    assert (request.place, request.body["phoneCallViewId"], request.flaws) == (probe.place, probe.view, ())


@pytest.mark.parametrize(
    ("path", "flaw"),
    [
        ({"userId": "%C3%A9"}, ("ADDR-010", "user_invalid")),
        ({"userId": "9" * 40}, ("ADDR-010", "user_invalid")),
        ({"extension": "abc"}, ("ADDR-011", "extension_invalid")),
        ({"phoneCallId": "a-b"}, ("ADDR-013", "pc_phonecall_invalid")),
        ({"phoneCallId": "a" * 300}, ("ADDR-012", "pc_phonecall_invalid")),
    ],
    ids=str,
)
def test_what_is_refused_in_a_path_stays_and_is_known(
    probe: Probe, path: dict[str, str], flaw: tuple[str, str]
) -> None:
    request = grounded(probe, UPDATE, path=path, body=START)
    assert found(request) == [flaw]
    assert request.place != probe.place


def test_an_update_never_goes_to_an_id_that_could_be_real(probe: Probe) -> None:
    request = grounded(probe, UPDATE, path={"phoneCallId": "a1" * 20}, body=START)
    assert str(request.place.phone_call).startswith("nosuch")


@pytest.mark.parametrize(
    ("body", "requirement"),
    [
        ({**START, "format": "mp3"}, "REC-013"),
        ({**START, "format": 7}, "REC-014"),
        ({"action": "StartRecording"}, "REC-015"),
        ({**START, "phoneCallViewId": "v" * 30}, "REC-016"),
        ({**START, "phoneCallViewId": ""}, "REC-017"),
        ({"action": "StopRecording"}, "REC-034"),
        ({**START, "action": "StopRecording", "phoneCallViewId": 1}, "REC-035"),
        ({"phoneCallViewId": "x"}, "REC-021"),
        ({**START, "action": "AAA"}, "REC-022"),
        ([], "REC-020"),
        (b"\x00", "REC-019"),
        (b"[]", "REC-020"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_body_is_known(probe: Probe, body: Any, requirement: str) -> None:
    assert [name for name, _ in found(grounded(probe, UPDATE, body=body))] == [requirement]


@pytest.mark.parametrize(
    ("query", "requirements"),
    [
        ({"count": "0"}, ["CALL-031"]),
        ({"startIndex": "-1"}, ["CALL-033"]),
        ({"filterBy": "colour"}, ["CALL-035"]),
        ({"filterBy": "published", "filterValue": "yesterday"}, ["CALL-037"]),
        ({"filterBy": "published", "filterValue": "2012"}, []),
        ({"fields": "id,colour"}, ["CALL-039"]),
        ({"fields": ["id", "link"]}, []),
        ({"sortOrder": "ASC", "count": 5}, ["CALL-041"]),
        ({"x-unknown": "1"}, []),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_query_is_known(probe: Probe, query: dict[str, Any], requirements: list[str]) -> None:
    assert [name for name, _ in found(grounded(probe, LIST, query=query))] == requirements


def test_an_id_that_is_unknown_to_a_get_may_be_found_nowhere(probe: Probe) -> None:
    (flaw,) = grounded(probe, GET, path={"phoneCallId": "9" * 40}).flaws
    assert (flaw.requirement, flaw.statuses) == ("CALL-051", frozenset({200, 204, 400}))


@pytest.mark.parametrize(
    ("operation", "case"),
    [
        (UPDATE, {"path": {"userId": ".."}}),
        (UPDATE, {"path": {"extension": "%2F"}}),
        (UPDATE, {"body": {"action": float("nan")}}),
        (LIST, {"query": {"count": ["1", "2"]}}),
        (LIST, {"query": {"count": "5.0"}}),
        (LIST, {"query": {"filterValue": ""}}),
        (LIST, {"query": {"fields": "id,"}}),
        (LIST, {"query": {"filterValue": "x" * 3000}}),
    ],
    ids=str,
)
def test_what_the_contract_does_not_speak_of_is_dropped(probe: Probe, operation: str, case: dict[str, Any]) -> None:
    with pytest.raises(Unclear):
        grounded(probe, operation, **case)


def test_a_stop_is_dropped_that_would_end_what_somebody_else_records(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        probe.session.guard.foreign.add((str(probe.place.phone_call), probe.view))
        with pytest.raises(Unclear):
            grounded(probe, UPDATE, body={**START, "action": "StopRecording"})


def test_the_links_of_the_contract_are_evaluated() -> None:
    path = {"userId": "@me", "extension": "@self"}
    body = {"entry": [{"id": "abc"}, {"id": "def"}]}
    for operation in (GET, UPDATE):
        assert links(LIST, 200)[operation].values(path, body) == {**path, "phoneCallId": "abc"}
    assert links(UPDATE, 200)[GET].values(path, {"id": "abc"})["phoneCallId"] == "abc"
    assert links(LIST, 200)[GET].values(path, {"entry": []})["phoneCallId"] is None


def test_an_expression_of_another_kind_is_a_defect() -> None:
    with pytest.raises(ValueError, match="header"):
        evaluated("$response.header.Location", {}, {})
