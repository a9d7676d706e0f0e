"""The generated models accept what the JSON Schemas of the contract accept, and refuse what they refuse.

Known and left out: a JSON integer that is written with a fraction, 1.0, which is one to JSON Schema and not to the
strict models. Formats are annotations here, as in JSON Schema by default; patterns say what matters.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from schemathesis import GenerationMode

from uapi_phonecalls import models

from .instances import CONTRACT, LISTS, SCHEMAS, for_each, validator


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(getattr(models, name))


def _accepted(name: str, instance: object) -> bool:
    try:
        _adapter(name).validate_json(json.dumps(instance))
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.thorough] * (name in LISTS)) for name in sorted(SCHEMAS)]
)
def test_models_and_schemas_agree(name: str, mode: GenerationMode) -> None:
    def agree(body: object) -> None:
        valid = validator(name).is_valid(body)
        assert _accepted(name, body) == valid, f"{json.dumps(body)} is {'valid' if valid else 'invalid'}"

    for_each(name, mode, agree)


@pytest.mark.parametrize("name", sorted(CONTRACT["components"]["examples"]))
def test_the_examples_that_are_objects_fit_a_model(name: str) -> None:
    value = CONTRACT["components"]["examples"][name]["value"]
    if isinstance(value, dict):
        fitting = [schema for schema in SCHEMAS if validator(schema).is_valid(value)]
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
    assert not validator("Switch").is_valid(value)
    assert not _accepted("Switch", value)


@pytest.mark.parametrize("value", [["0003*210", "5302040"], ["0003*210"], "0003*210"])
def test_the_parties_of_a_new_phone_call_are_an_array_or_a_plain_string(value: object) -> None:
    assert _accepted("NewPhoneCallView", {"source": value, "destination": value})


@pytest.mark.parametrize("value", [[], "", ["John"], "John", None, 210, [["210"]]])
def test_the_parties_of_a_new_phone_call_are_nothing_else(value: object) -> None:
    assert not _accepted("NewPhoneCallView", {"source": value, "destination": "210"})
    assert not _accepted("NewPhoneCallView", {"source": "210", "destination": value})
