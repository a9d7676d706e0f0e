"""What the kit reads from the contract's bundle: schemas to validate with, and what each operation documents."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

import uapi_phonecalls

if TYPE_CHECKING:
    from collections.abc import Mapping

METHODS: Final = ("get", "put", "post", "delete", "patch", "head", "options", "trace")


@cache
def contract() -> Mapping[str, Any]:
    """Return the bundle, one OpenAPI document."""
    return uapi_phonecalls.load_contract()


@cache
def validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    """Return the validator of a component schema by its name, with formats asserted."""
    document = {"$ref": f"#/components/schemas/{schema}", "components": contract()["components"]}
    return jsonschema_rs.Draft202012Validator(document, validate_formats=True)


@cache
def statuses(operation: str) -> frozenset[int]:
    """Return the statuses that an operation documents, by its operationId."""
    for item in contract()["paths"].values():
        for method in METHODS:
            if item.get(method, {}).get("operationId") == operation:
                return frozenset(int(status) for status in item[method]["responses"])
    raise KeyError(operation)


def flaw(schema: str, value: object) -> str | None:
    """Return where and why a value does not fit a component schema, or None where it fits."""
    try:
        error = next(iter(validator(schema).iter_errors(value)), None)
    except ValueError as error_:
        return f"the value cannot be read: {error_}"  # nested deeper than the validator goes
    if error is None:
        return None
    place = "/".join(str(part) for part in error.instance_path) or "the value"
    return f"{place}: {error.message}"
