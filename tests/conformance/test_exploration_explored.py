"""Requests are generated for reading and for recording, whatever else the contract has."""

from __future__ import annotations

import json

import pytest

from uapi.conformance.bundle import METHODS, contract
from uapi.conformance.exploration.explored import ACTIONS, OPERATIONS, explored
from uapi.conformance.exploration.generation import enumerated_cases
from uapi.conformance.exploration.inputs import inputs

OTHER_ACTIONS = contract()["components"]["schemas"]["PhoneCallAction"]["discriminator"]["mapping"].keys() - set(ACTIONS)


def test_the_contract_has_more_than_is_explored() -> None:
    assert len(OTHER_ACTIONS) > len(ACTIONS)
    assert len(contract()["paths"]) > len(explored()["paths"])


def test_no_operation_is_explored_but_those_that_are_named() -> None:
    operations = [
        item[method]["operationId"] for item in explored()["paths"].values() for method in METHODS if method in item
    ]
    assert sorted(operations) == sorted(OPERATIONS)


def test_nothing_of_what_is_explored_names_another_action() -> None:
    components = explored()["components"]
    body = json.dumps([components["schemas"]["PhoneCallAction"], components["requestBodies"]["PhoneCallAction"]])
    schemas = {reference.rpartition("/")[2] for reference in body.split('"') if reference.startswith("#/")}
    assert schemas.isdisjoint(OTHER_ACTIONS)
    assert components["schemas"].keys().isdisjoint(OTHER_ACTIONS)


def test_the_inputs_are_those_of_what_is_explored() -> None:
    assert {("query", "count"), ("StartRecording", "format")} <= inputs().keys()
    assert ("query", "callDuration") not in inputs()
    assert {within for within, _ in inputs()} == {"path", "query", *ACTIONS}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_request_places_a_phone_call_or_hangs_up(operation: str) -> None:
    assert {case.method for case in enumerated_cases(operation)} <= {"GET", "PUT", "PATCH"}


def test_no_update_asks_for_another_action() -> None:
    bodies = [case.body for case in enumerated_cases("updatePhoneCall") if isinstance(case.body, dict)]
    actions = {body["action"] for body in bodies if isinstance(body.get("action"), str)}
    assert set(ACTIONS) <= actions
    assert actions.isdisjoint(OTHER_ACTIONS)
