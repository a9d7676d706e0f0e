"""The generated models accept what the JSON Schemas of the contract accept, and refuse what they refuse.

Known and left out: a JSON integer that is written with a fraction, 1.0, which is one to JSON Schema and not to the
strict models. Formats are annotations here, as in JSON Schema by default; patterns say what matters.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from pydantic import TypeAdapter, ValidationError
from schemathesis import GenerationMode

import uapi_phonecalls
from uapi_phonecalls import models

CONTRACT = uapi_phonecalls.load_contract()
SCHEMAS = CONTRACT["components"]["schemas"]
EXAMPLES = 6
LISTS = {"PhoneCallCollection", "PartialPhoneCallCollection"}
"""Half of the time goes into these, which are put together of the others."""


@cache
def _bodies() -> Any:
    """Return an API that takes each schema of the contract as the body of a request, so that bodies can be drawn."""
    paths = {
        f"/{name}": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}},
                },
                "responses": {"200": {"description": "Taken."}},
            }
        }
        for name in SCHEMAS
    }
    info = {"title": "Bodies", "version": "1"}
    return schemathesis.openapi.from_dict(
        {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": SCHEMAS}}
    )


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    registry = jsonschema_rs.Registry([("urn:contract", CONTRACT)])
    reference = {"$ref": f"urn:contract#/components/schemas/{name}"}
    return jsonschema_rs.Draft202012Validator(reference, registry=registry, validate_formats=False)


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(getattr(models, name))


def _accepted(name: str, instance: object) -> bool:
    try:
        _adapter(name).validate_json(json.dumps(instance))
    except ValidationError:
        return False
    return True


def _whole(value: Any) -> Any:
    """Return the value with integers written as such: 1 instead of 1.0."""
    match value:
        case dict():
            return {key: _whole(item) for key, item in value.items()}
        case list():
            return [_whole(item) for item in value]
        case float() if value.is_integer():
            return int(value)
    return value


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.thorough] * (name in LISTS)) for name in sorted(SCHEMAS)]
)
def test_models_and_schemas_agree(name: str, mode: GenerationMode) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=_bodies()[f"/{name}"]["POST"].as_strategy(generation_mode=mode))
    def agree(case: schemathesis.Case[Any]) -> None:
        assume(not isinstance(case.body, bytes))
        body = _whole(case.body)
        valid = _validator(name).is_valid(body)
        assert _accepted(name, body) == valid, f"{json.dumps(body)} is {'valid' if valid else 'invalid'}"

    agree()


@pytest.mark.parametrize("name", sorted(CONTRACT["components"]["examples"]))
def test_the_examples_that_are_objects_fit_a_model(name: str) -> None:
    value = CONTRACT["components"]["examples"][name]["value"]
    if isinstance(value, dict):
        fitting = [schema for schema in SCHEMAS if _validator(schema).is_valid(value)]
        assert fitting
        assert [schema for schema in fitting if not _accepted(schema, value)] == []


def test_a_field_that_may_be_left_out_may_not_be_null() -> None:
    start = {"action": "StartRecording", "phoneCallViewId": "01"}
    assert _accepted("PhoneCallAction", start)
    assert not _accepted("PhoneCallAction", start | {"format": None})
    assert not _accepted("PhoneCallAction", start | {"format": "WAV"})


@pytest.mark.parametrize("value", [0, 1, "0", "1"])
def test_a_switch_is_a_number_or_the_same_number_in_a_string(value: object) -> None:
    assert _accepted("Switch", value)


@pytest.mark.parametrize("value", [True, False, 2, -1, "", "00", "true", None])
def test_a_switch_is_nothing_else(value: object) -> None:
    """JSON's `true` is not 1, though it is to Python."""
    assert not _validator("Switch").is_valid(value)
    assert not _accepted("Switch", value)


@pytest.mark.parametrize("value", [["0003*210", "5302040"], ["0003*210"], "0003*210"])
def test_the_parties_of_a_new_phone_call_are_an_array_or_a_plain_string(value: object) -> None:
    assert _accepted("NewPhoneCallView", {"source": value, "destination": value})


@pytest.mark.parametrize("value", [[], "", ["John"], "John", None, 210, [["210"]]])
def test_the_parties_of_a_new_phone_call_are_nothing_else(value: object) -> None:
    assert not _accepted("NewPhoneCallView", {"source": value, "destination": "210"})
    assert not _accepted("NewPhoneCallView", {"source": "210", "destination": value})
