"""Write each schema of the contract as a JSON Schema document of its own, for tools that know no OpenAPI."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from uapi.contract import grammar

if TYPE_CHECKING:
    from uapi.contract.bundle import Bundle

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
PREFIX: Final = "#/components/schemas/"
OPENAPI_ONLY: Final = frozenset({"discriminator", "xml", "externalDocs", "example"})
"""What OpenAPI adds to JSON Schema; strict readers of the latter refuse it. It decides over no value."""


def documents(bundle: Bundle) -> dict[str, dict[str, Any]]:
    """Return the documents, by the name of the component."""
    schemas = bundle.document.get("components", {}).get("schemas", {})
    return {name: _document(name, schemas, bundle.document["info"]["version"]) for name in schemas}


def identifier(name: str, version: str) -> str:
    """Return the `$id` of a schema: a name, not a place where it could be fetched."""
    return f"urn:uapi-phonecalls:{version}:{name}"


def _document(name: str, schemas: dict[str, Any], version: str) -> dict[str, Any]:
    """Return one schema, with those that it refers to in its `$defs`, in the order of their names."""
    needed = {name}
    queue = [name]
    while queue:
        for target in _targets(schemas[queue.pop()]):
            if target not in needed:
                needed.add(target)
                queue.append(target)
    body = _plain(schemas[name], name)
    definitions = {
        **body.pop("$defs", {}),
        **{other: _plain(schemas[other], name) for other in sorted(needed - {name})},
    }
    head = {"$schema": DIALECT, "$id": identifier(name, version), "title": name}
    return {**head, **body, **({"$defs": definitions} if definitions else {})}


def _targets(schema: object) -> list[str]:
    """Return the names of the components to which a schema refers."""
    references = (item.reference or "" for item in grammar.walk(schema, "schema"))
    return [text.removeprefix(PREFIX).split("/")[0] for text in references if text.startswith(PREFIX)]


def _plain(schema: Any, root: str) -> Any:  # noqa: ANN401 - a schema is an object or a boolean
    """Return a schema in JSON Schema alone, its references leading to the `$defs` of the document of `root`."""
    result = copy.deepcopy(schema)
    for item in list(grammar.walk(result, "schema")):
        if item.kind != "schema":
            continue
        for key in [key for key in item.value if key.startswith("x-") or key in OPENAPI_ONLY]:
            del item.value[key]
        if item.reference is not None:
            path = item.reference.removeprefix(PREFIX)
            name, slash, rest = path.partition("/")
            item.value["$ref"] = f"#{slash}{rest}" if name == root else f"#/$defs/{path}"
    return result
