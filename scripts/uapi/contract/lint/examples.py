"""Examples and defaults are valid, formats included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from uapi.contract.grammar import Item
from uapi.contract.lint.rule import Context, Problem, rule
from uapi.contract.location import Tokens, to_pointer, to_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.contract.bundle import Bundle

DOCUMENT: Final = "urn:uapi:contract"
BEARERS: Final = frozenset({"media", "parameter", "header"})


@rule("example-valid", hint="Mend the example, or the schema.")
def example_valid(context: Context) -> Iterator[Problem]:
    """Demand that every example is valid against every schema that it is an example of."""
    validate = _Validator(context.bundle)
    for item in context.bundle.items:
        if item.kind in BEARERS and "schema" in item.value:
            for tokens, value in _bearer_examples(context.bundle, item):
                yield from validate.problems((*item.tokens, "schema"), tokens, value)
        elif item.kind == "schema":
            for tokens, value in _schema_examples(item):
                yield from validate.problems(item.tokens, tokens, value)


def _bearer_examples(bundle: Bundle, item: Item) -> Iterator[tuple[Tokens, Any]]:
    """Yield the examples of a media type, a parameter or a header, and where they stand."""
    if "example" in item.value:
        yield (*item.tokens, "example"), item.value["example"]
    named = item.value.get("examples")
    for name, data in named.items() if isinstance(named, dict) else ():
        if isinstance(data, dict):
            example = bundle.follow(Item("example", (*item.tokens, "examples", name), data))
            if "value" in example.value:
                yield (*example.tokens, "value"), example.value["value"]


def _schema_examples(item: Item) -> Iterator[tuple[Tokens, Any]]:
    """Yield the examples and the default of a schema, and where they stand."""
    for key in ("default", "example"):
        if key in item.value:
            yield (*item.tokens, key), item.value[key]
    listed = item.value.get("examples")
    for index, value in enumerate(listed if isinstance(listed, list) else ()):
        yield (*item.tokens, "examples", str(index)), value


class _Validator:
    """Validates values against the schemas of the bundle."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle: Final = bundle
        self.registry: Final = jsonschema_rs.Registry([(DOCUMENT, bundle.document)])
        self.schemas: Final = {item.tokens: item for item in bundle.items if item.kind == "schema"}
        self.compiled: Final[dict[Tokens, jsonschema_rs.Draft202012Validator | None]] = {}

    def problems(self, schema: Tokens, tokens: Tokens, value: object) -> Iterator[Problem]:
        """Yield what is wrong with a value, at the part of it that is wrong."""
        validator = self._validator(schema)
        if validator is None or validator.is_valid(value):
            return
        branch = self._branch(schema, value)
        detailed = self._validator(branch) if branch else None
        if detailed is None or detailed.is_valid(value):
            detailed = validator
        for error in detailed.iter_errors(value):
            yield Problem((*tokens, *(str(step) for step in error.instance_path)), error.message)

    def _validator(self, schema: Tokens) -> jsonschema_rs.Draft202012Validator | None:
        """Return the validator of a schema; none for a schema that is malformed, which `openapi-valid` reports."""
        if schema not in self.compiled:
            reference = {"$ref": f"{DOCUMENT}#{to_pointer(schema)}"}
            try:
                self.compiled[schema] = jsonschema_rs.Draft202012Validator(
                    reference, registry=self.registry, validate_formats=True
                )
            except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError):
                self.compiled[schema] = None
        return self.compiled[schema]

    def _branch(self, schema: Tokens, value: object) -> Tokens | None:
        """Return the schema that the discriminator chooses for a value, whose errors say more than those of oneOf."""
        item = self.schemas.get(schema)
        if item is None or not isinstance(value, dict):
            return None
        discriminator = self.bundle.follow(item).value.get("discriminator")
        if not isinstance(discriminator, dict) or not isinstance(discriminator.get("mapping"), dict):
            return None
        chosen = value.get(str(discriminator.get("propertyName")))
        target = discriminator["mapping"].get(chosen) if isinstance(chosen, str) else None
        return to_tokens(target.removeprefix("#")) if isinstance(target, str) else None
