"""Values that fit a schema of the contract, and values that do not."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings

import uapi_phonecalls

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemathesis import GenerationMode

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
def validator(name: str) -> jsonschema_rs.Draft202012Validator:
    """Return what the contract itself says of a schema."""
    registry = jsonschema_rs.Registry([("urn:contract", CONTRACT)])
    reference = {"$ref": f"urn:contract#/components/schemas/{name}"}
    return jsonschema_rs.Draft202012Validator(reference, registry=registry, validate_formats=False)


def whole(value: Any) -> Any:
    """Return the value with integers written as such: 1 instead of 1.0."""
    match value:
        case dict():
            return {key: whole(item) for key, item in value.items()}
        case list():
            return [whole(item) for item in value]
        case float() if value.is_integer():
            return int(value)
    return value


def for_each(name: str, mode: GenerationMode, show: Callable[[Any], None]) -> None:
    """Call `show` with values that fit a schema, or with values that mostly do not."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=_bodies()[f"/{name}"]["POST"].as_strategy(generation_mode=mode))
    def draw(case: schemathesis.Case[Any]) -> None:
        assume(not isinstance(case.body, bytes))
        show(whole(case.body))

    draw()
