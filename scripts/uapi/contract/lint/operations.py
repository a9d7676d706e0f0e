"""Operations are documented in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.contract.lint.api import responses
from uapi.contract.lint.rule import Context, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

STATUSES: Final = ("200", "204", "400", "401", "500", "501")


@rule("operation-complete", hint="Write it: clients, servers and the documentation are made from it.")
def operation_complete(context: Context) -> Iterator[Problem]:
    """Demand an id, a summary and a description of each operation."""
    for operation in context.bundle.operations:
        for key in ("operationId", "summary", "description"):
            value = operation.value.get(key)
            if not isinstance(value, str) or not value.strip():
                yield Problem((*operation.tokens, key), f"the operation has no {key}")


@rule("operation-tag", hint="Use a tag that is in the list of tags of openapi.yaml, or add it there.")
def operation_tag(context: Context) -> Iterator[Problem]:
    """Demand a tag of each operation, one that is described."""
    known = [item.value.get("name") for item in context.bundle.items if item.kind == "tag"]
    for operation in context.bundle.operations:
        tags = operation.value.get("tags")
        if not isinstance(tags, list) or not tags:
            yield Problem(operation.tokens, "the operation has no tag")
            continue
        for index, tag in enumerate(tags):
            if tag not in known:
                yield Problem((*operation.tokens, "tags", str(index)), f"the tag {tag} is not described")


@rule("operation-status", hint="Refer to the response of that status in openapi/components/responses.")
def operation_status(context: Context) -> Iterator[Problem]:
    """Demand that each operation documents every status that the service answers with."""
    for operation in context.bundle.operations:
        documented = responses(context.bundle, operation)
        missing = [status for status in STATUSES if status not in documented]
        if missing:
            message = f"the operation does not document {', '.join(missing)}"
            yield Problem((*operation.tokens, "responses"), message)


@rule("operation-security", hint="Write security at the root of openapi.yaml, for all operations.")
def operation_security(context: Context) -> Iterator[Problem]:
    """Demand that each operation asks for credentials, of schemes that exist."""
    schemes = context.bundle.document.get("components", {}).get("securitySchemes", {})
    for operation in context.bundle.operations:
        own = operation.value.get("security")
        demanded = context.bundle.document.get("security") if own is None else own
        if not isinstance(demanded, list) or not demanded or {} in demanded:
            yield Problem((*operation.tokens, "security"), "the operation can be called without credentials")
            continue
        for scheme in (name for alternative in demanded if isinstance(alternative, dict) for name in alternative):
            if scheme not in schemes:
                where = ("security",) if own is None else (*operation.tokens, "security")
                hint = "Write it into openapi/components/securitySchemes."
                yield Problem(where, f"there is no security scheme {scheme}", hint)
