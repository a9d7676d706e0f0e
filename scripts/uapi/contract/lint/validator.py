"""The OpenAPI specification itself, as openapi-spec-validator reads it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from openapi_spec_validator import OpenAPIV31SpecValidator
from openapi_spec_validator.readers import read_from_filename

from uapi.contract import emit
from uapi.contract.lint.rule import Context, Problem, rule
from uapi.contract.location import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

    from uapi.contract.bundle import Bundle
    from uapi.contract.location import Tokens

NAMED_OPERATION: Final = re.compile(r"for '(?P<method>[a-z]+)' (?:operation )?in '(?P<path>[^']+)'")


@rule("openapi-valid", hint="See the OpenAPI 3.1 specification for what may stand here.")
def openapi_valid(context: Context) -> Iterator[Problem]:
    """Demand valid OpenAPI 3.1."""
    document = context.bundle.document
    # The rest of the validator takes the structure for granted, and crashes where it is not as expected.
    errors = list(OpenAPIV31SpecValidator.schema_validator.iter_errors(document))
    try:
        errors = errors or list(OpenAPIV31SpecValidator(document).iter_errors())
    except Exception as fault:  # noqa: BLE001 - a crash of any kind has to do with the contract
        yield Problem(
            (), f"openapi-spec-validator gave up on the contract: {fault!r}", "Mend the other findings first."
        )
    for error in errors:
        yield Problem(_place(context.bundle, error), error.message.partition("\n")[0])


@rule("bundle-faithful", hint="This is a defect of `uapi contract bundle`: please report it.")
def bundle_faithful(context: Context) -> Iterator[Problem]:
    """Demand that others read in the bundle what stands in the files, so that what is valid here is valid there."""
    document = context.bundle.document
    texts = {"openapi.yaml": emit.to_yaml(document), "openapi.json": emit.to_json(document)}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8", newline="\n")
            found, _ = read_from_filename(str(path))
            if found != document:
                yield Problem((), f"{name} reads differently from the files that it was made of")


def _place(bundle: Bundle, error: OpenAPIValidationError) -> Tokens:
    """Return where an error stands; some come with a path that begins at a schema, or with none at all."""
    path = tuple(str(step) for step in error.absolute_path)
    if path[:1] and path[0] in bundle.document:
        return path
    named = NAMED_OPERATION.search(error.message)
    if named:
        return ("paths", named["path"], named["method"])
    key = path or ("default",)
    for item in bundle.items:
        if item.kind == "schema":
            try:
                found = resolve(item.value, key)
            except LookupError:
                continue
            if found == error.instance:
                return (*item.tokens, *key)
    return ()
