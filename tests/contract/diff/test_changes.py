"""One change at a time: what it is called, whom it breaks, and which part of the version it moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

from .documents import ANSWER, BASE, BODY, CALL, GONE, PATH, SCHEMAS, START, difference, edited

if TYPE_CHECKING:
    from .documents import Edit

C, S, CS, N = "clients", "servers", "clients servers", ""
NUMBER: Final = {"type": "integer"}
OPTIONAL: Final = {"name": "x", "in": "query", "schema": {"type": "string"}}
QUERY: Final = f"{PATH}/get/parameters"
_HEADERS: Final = BASE["paths"]["/calls/{id}"]["get"]["responses"]["200"]["headers"]
HEADERS: Final = {name.lower(): value for name, value in _HEADERS.items()}
ROW: Final = {"id": "NEW-001", "level": "MUST", "text": "Something new.", "source": "A page", "evidence": "documented"}
ROWS: Final = f"{ANSWER}/x-requirements"
OAUTH: Final = "/components/securitySchemes/oauth/flows"
OTHER: Final = {
    "operationId": "other",
    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
    "responses": {"200": {"description": "Good."}},
}


@dataclass(frozen=True)
class Case:
    """A change of the contract, and what is to be said of it."""

    what: str
    rule: str
    breaks: str
    bump: str
    edits: tuple[Edit, ...]


def case(what: str, rule: str, breaks: str, bump: str, *edits: Edit) -> Case:
    return Case(what, rule, breaks, bump, edits)


CASES: Final = [
    # Operations
    case("an operation comes", "operation-added", S, "minor", (f"{PATH}/post", OTHER)),
    case("an operation goes", "operation-removed", C, "major", (f"{PATH}/delete", GONE)),
    case("a path comes", "operation-added", S, "minor", ("/paths/~1more~1{id}", {"get": OTHER})),
    case("an operation is renamed", "operation-renamed", CS, "major", (f"{PATH}/get/operationId", "readCall")),
    case("an operation is deprecated", "deprecated-changed", N, "minor", (f"{PATH}/get/deprecated", True)),
    case("callbacks come", "callbacks-changed", CS, "major", (f"{PATH}/get/callbacks", {"done": {}})),
    # Parameters
    case("an optional parameter comes", "parameter-added", S, "minor", (f"{QUERY}/-", OPTIONAL)),
    case("a required parameter comes", "parameter-added", CS, "major", (f"{QUERY}/-", OPTIONAL | {"required": True})),
    case("an optional parameter goes", "parameter-removed", C, "major", (f"{QUERY}/0", GONE)),
    case("a required parameter goes", "parameter-removed", CS, "major", (f"{QUERY}/1", GONE)),
    case("a parameter becomes required", "became-required", C, "major", (f"{QUERY}/0/required", True)),
    case("a parameter becomes optional", "became-optional", S, "minor", (f"{QUERY}/1/required", False)),
    case("a parameter moves", "parameter-moved", CS, "major", (f"{QUERY}/0/in", "header")),
    case("a parameter is narrowed", "maxLength-added", C, "major", (f"{QUERY}/0/schema/maxLength", 5)),
    case("a parameter has another type", "type-changed", CS, "major", (f"{QUERY}/0/schema/type", "integer")),
    case("a parameter is exploded no more", "explode-changed", CS, "major", (f"{QUERY}/0/explode", False)),
    case("a parameter has another style", "style-changed", CS, "major", (f"{PATH}/parameters/0/style", "label")),
    case("the error code changes", "x-error-code-changed", CS, "major", (f"{QUERY}/0/x-error-code", "other")),
    case("the error code goes", "x-error-code-changed", C, "major", (f"{QUERY}/0/x-error-code", GONE)),
    case("an error code comes", "x-error-code-changed", S, "minor", (f"{QUERY}/1/x-error-code", "bad_view")),
    case(
        "a parameter becomes JSON",
        "form-changed",
        CS,
        "major",
        (f"{QUERY}/0/schema", GONE),
        (f"{QUERY}/0/content", {"application/json": {}}),
    ),
    # Bodies
    case("the body becomes optional", "became-optional", S, "minor", (f"{BODY}/required", False)),
    case("a body becomes required", "became-required", C, "major", (f"{PATH}/delete/requestBody/required", True)),
    case("the required body goes", "body-removed", CS, "major", (BODY, GONE)),
    case("an optional body goes", "body-removed", C, "major", (f"{PATH}/delete/requestBody", GONE)),
    case("an optional body comes", "body-added", S, "minor", (f"{PATH}/get/requestBody", {"content": {}})),
    case("a body takes a media type more", "media-type-added", S, "minor", (f"{BODY}/content/text~1plain", {})),
    case(
        "a body takes another media type",
        "media-type-added media-type-removed",
        CS,
        "major",
        (f"{BODY}/content/text~1plain", {}),
        (f"{BODY}/content/application~1json", GONE),
    ),
    case("the error code of the body goes", "x-error-code-changed", C, "major", (f"{BODY}/x-error-code", GONE)),
    # Requests
    case("a property comes in a request", "property-added", S, "minor", (f"{START}/more", NUMBER)),
    case(
        "a required property comes in a request",
        "property-added",
        CS,
        "major",
        (f"{START}/more", NUMBER),
        (f"{SCHEMAS}/Start/required/-", "more"),
    ),
    case("an optional property goes from a request", "property-removed", C, "major", (f"{START}/at", GONE)),
    case(
        "a required property goes from a request",
        "property-removed",
        CS,
        "major",
        (f"{SCHEMAS}/Stop/properties/view", GONE),
        (f"{SCHEMAS}/Stop/required", ["action"]),
    ),
    case("a property becomes required", "property-required", C, "major", (f"{SCHEMAS}/Start/required/-", "at")),
    case("a property becomes optional", "property-optional", S, "minor", (f"{SCHEMAS}/Stop/required", ["action"])),
    case("a request takes a value more", "value-added", S, "minor", (f"{START}/format/enum/-", "mp3")),
    case("a request takes a value less", "value-removed", C, "major", (f"{START}/format/enum", ["wav"])),
    case("a request takes any value", "values-freed", S, "minor", (f"{START}/format/enum", GONE)),
    case("a request takes listed values", "values-listed", C, "major", (f"{START}/at/enum", ["now"])),
    case("a constant is another one", "value-added value-removed", CS, "major", (f"{START}/action/const", "Begin")),
    case("a default is another one", "default-changed", CS, "major", (f"{START}/format/default", "wav49")),
    case("a default goes", "default-removed", C, "major", (f"{START}/format/default", GONE)),
    case("a default comes", "default-added", S, "minor", (f"{START}/at/default", "now")),
    case("the code of a property changes", "x-error-code-changed", CS, "major", (f"{START}/format/x-error-code", "b")),
    case("a maximum is raised", "maximum-changed", S, "minor", (f"{START}/loud/maximum", 12)),
    case("a maximum is lowered", "maximum-changed", C, "major", (f"{START}/loud/maximum", 6)),
    case("a minimum is raised", "minimum-changed", C, "major", (f"{START}/loud/minimum", 3)),
    case("a minimum goes", "minimum-removed", S, "minor", (f"{START}/loud/minimum", GONE)),
    case("a multiple changes", "multipleOf-changed", CS, "major", (f"{START}/loud/multipleOf", 2)),
    case("a format comes", "format-added", C, "major", (f"{START}/at/format", "date")),
    case("a pattern comes", "pattern-added", C, "major", (f"{START}/at/pattern", "^a")),
    case("a request may be null", "null-allowed", S, "minor", (f"{START}/at/type", ["string", "null"])),
    case("an integer may be a number", "type-changed", S, "minor", (f"{START}/loud/type", "number")),
    case("a property is read only", "readOnly-added", C, "major", (f"{START}/at/readOnly", True)),
    case(
        "a request is closed",
        "additional-properties-changed",
        C,
        "major",
        (f"{SCHEMAS}/Start/additionalProperties", False),
    ),
    case(
        "a request takes an alternative more",
        "alternative-added",
        S,
        "minor",
        (f"{SCHEMAS}/Action/oneOf/-", {"type": "object", "required": ["x"], "properties": {"x": {"const": "More"}}}),
    ),
    case(
        "a request takes an alternative less",
        "alternative-removed",
        C,
        "major",
        (f"{SCHEMAS}/Action/oneOf/1", GONE),
        (f"{SCHEMAS}/Action/discriminator/mapping/Stop", GONE),
    ),
    case(
        "the discriminator is another property",
        "discriminator-changed",
        CS,
        "major",
        (f"{SCHEMAS}/Action/discriminator/propertyName", "kind"),
    ),
    case(
        "a name means another alternative",
        "mapping-changed",
        CS,
        "major",
        (f"{SCHEMAS}/Action/discriminator/mapping/Stop", f"#{SCHEMAS}/Start"),
    ),
    case("items have to differ", "uniqueItems-added", C, "major", (f"{START}/at/uniqueItems", True)),
    case("an object needs properties", "minProperties-added", C, "major", (f"{SCHEMAS}/Start/minProperties", 2)),
    case(
        "a parameter moves and is narrowed",
        "maxLength-added parameter-moved",
        CS,
        "major",
        (f"{QUERY}/0/in", "header"),
        (f"{QUERY}/0/schema/maxLength", 5),
    ),
    case("a header in another case", "rewritten", N, "patch", (f"{ANSWER}/headers", HEADERS)),
    case("a negation comes", "not-added", C, "major", (f"{START}/at/not", {"const": ""})),
    case("an unknown keyword comes", "strange-added", CS, "major", (f"{START}/at/strange", 1)),
    # Responses
    case("a status comes", "response-added", C, "major", (f"{PATH}/get/responses/410", {"description": "Gone."})),
    case("a failure goes", "response-removed", S, "minor", (f"{PATH}/get/responses/404", GONE)),
    case("a success goes", "response-removed", CS, "major", (f"{PATH}/get/responses/204", GONE)),
    case(
        "a failure becomes a range",
        "response-added response-merged",
        C,
        "major",
        (f"{PATH}/get/responses/4XX", {"description": "Wrong."}),
        (f"{PATH}/get/responses/404", GONE),
    ),
    case("a response has another media type", "media-type-added", C, "major", (f"{ANSWER}/content/text~1plain", {})),
    case("a response has no content", "media-type-removed", CS, "major", (f"{ANSWER}/content", {})),
    case("an optional header comes", "header-added", N, "minor", (f"{ANSWER}/headers/X-New", {"schema": NUMBER})),
    case(
        "a required header comes",
        "header-added",
        S,
        "minor",
        (f"{ANSWER}/headers/X-New", {"required": True, "schema": NUMBER}),
    ),
    case("a header goes", "header-removed", C, "major", (f"{ANSWER}/headers/X-Rate", GONE)),
    case("a header becomes required", "became-required", S, "minor", (f"{ANSWER}/headers/X-Rate/required", True)),
    case("a header becomes optional", "became-optional", C, "major", (f"{ANSWER}/headers/X-Id/required", False)),
    case("a header has another type", "type-changed", CS, "major", (f"{ANSWER}/headers/X-Id/schema/type", "boolean")),
    case("a property comes in a response", "property-added", N, "minor", (f"{CALL}/more", NUMBER)),
    case(
        "a required property comes in a response",
        "property-added",
        S,
        "minor",
        (f"{CALL}/more", NUMBER),
        (f"{SCHEMAS}/Call/required/-", "more"),
    ),
    case(
        "a property comes in a closed response",
        "property-added",
        C,
        "major",
        (f"{SCHEMAS}/Party/properties/more", NUMBER),
    ),
    case(
        "a property goes from a closed response", "property-removed", CS, "major", (f"{SCHEMAS}/Party/properties", {})
    ),
    case("a property goes from a response", "property-removed", C, "major", (f"{CALL}/begun", GONE)),
    case(
        "a response property becomes required", "property-required", S, "minor", (f"{SCHEMAS}/Call/required/-", "state")
    ),
    case("a response property becomes optional", "property-optional", C, "major", (f"{SCHEMAS}/Call/required", [])),
    case("a response may be null", "null-allowed", C, "major", (f"{CALL}/begun/type", ["string", "null"])),
    case("a response is never null", "null-refused", S, "minor", (f"{CALL}/note/type", "string")),
    case("a response has a value more", "value-added", C, "major", (f"{CALL}/state/enum/-", "parked")),
    case("a response has a value less", "value-removed", S, "minor", (f"{CALL}/state/enum", ["talking"])),
    case("a response is longer", "maximum-changed", C, "major", (f"{CALL}/seconds/maximum", 200)),
    case("a response is shorter", "maximum-changed", S, "minor", (f"{CALL}/seconds/maximum", 50)),
    case("a list may be empty", "minItems-removed", C, "major", (f"{CALL}/tags/minItems", GONE)),
    case("items may be numbers", "type-changed", C, "major", (f"{CALL}/tags/items/type", ["string", "number"])),
    case("items have no schema", "items-removed", C, "major", (f"{CALL}/tags/items", GONE)),
    case("a format goes from a response", "format-removed", C, "major", (f"{CALL}/begun/format", GONE)),
    case("an alternative comes in a response", "alternative-added", C, "major", (f"{CALL}/party/anyOf/-", NUMBER)),
    case("an alternative goes from a response", "alternative-removed", S, "minor", (f"{CALL}/party/anyOf/0", GONE)),
    case("an anyOf comes", "anyOf-added", S, "minor", (f"{CALL}/state/anyOf", [{}])),
    case(
        "one of instead of any of",
        "anyOf-removed oneOf-added",
        CS,
        "major",
        (f"{CALL}/party/oneOf", BASE["components"]["schemas"]["Call"]["properties"]["party"]["anyOf"]),
        (f"{CALL}/party/anyOf", GONE),
    ),
    case(
        "a response is opened",
        "additional-properties-changed",
        C,
        "major",
        (f"{SCHEMAS}/Party/additionalProperties", GONE),
    ),
    case("a property is write only", "writeOnly-added", C, "major", (f"{CALL}/begun/writeOnly", True)),
    case("a property is deprecated", "deprecated-added", N, "minor", (f"{CALL}/begun/deprecated", True)),
    # Schemas that are sent and received
    case(
        "what is sent and received is narrowed",
        "maxLength-added",
        CS,
        "major",
        (f"{SCHEMAS}/Shared/properties/name/maxLength", 9),
    ),
    case("an id may be longer", "maxLength-changed", CS, "major", (f"{SCHEMAS}/Id/maxLength", 64)),
    case("a property comes in both", "property-added", S, "minor", (f"{SCHEMAS}/Shared/properties/more", NUMBER)),
    # Security and servers
    case("another credential is taken", "security-added", S, "minor", ("/security/-", {"oauth": ["write"]})),
    case("a credential is taken no more", "security-removed", C, "major", ("/security/1", GONE)),
    case("an operation is open to all", "security-added security-removed", CS, "major", (f"{PATH}/get/security", [])),
    case("nobody needs credentials too", "security-added", S, "minor", ("/security/-", {})),
    case("more scopes are needed", "security-added security-removed", CS, "major", ("/security/1/oauth/-", "write")),
    case("a scheme changes", "scheme-changed", CS, "major", ("/components/securitySchemes/token/scheme", "basic")),
    case(
        "a token is got elsewhere", "scheme-changed", CS, "major", (f"{OAUTH}/clientCredentials/tokenUrl", "https://y")
    ),
    case("a scope goes", "scope-removed", C, "major", (f"{OAUTH}/clientCredentials/scopes/write", GONE)),
    case("a flow comes", "flow-added", S, "minor", (f"{OAUTH}/password", {"tokenUrl": "https://x", "scopes": {}})),
    case("a server goes", "server-removed", C, "major", ("/servers/1", GONE)),
    case("a server comes", "server-added", N, "minor", ("/servers/-", {"url": "https://c.test"})),
    case(
        "the host is another by default",
        "server-default-changed",
        C,
        "major",
        ("/servers/0/variables/host/default", "y.test"),
    ),
    case("a host is refused", "server-values-changed", C, "major", ("/servers/0/variables/host/enum", ["x.test"])),
    case("a host more", "server-values-changed", N, "minor", ("/servers/0/variables/host/enum/-", "z.test")),
    # Requirements
    case("a MUST comes", "requirement-added", S, "minor", (f"{ROWS}/-", ROW)),
    case("a MAY comes", "requirement-added", N, "minor", (f"{ROWS}/-", ROW | {"level": "MAY"})),
    case("a MUST goes", "requirement-removed", C, "major", (f"{ROWS}/0", GONE)),
    case("a MAY goes", "requirement-removed", N, "minor", (f"{ROWS}/1", GONE)),
    case("a MAY becomes a MUST", "requirement-level", S, "minor", (f"{ROWS}/1/level", "MUST")),
    case("a MUST becomes a SHOULD", "requirement-level", C, "major", (f"{ROWS}/0/level", "SHOULD")),
    case("a MAY becomes a SHOULD", "requirement-level", N, "minor", (f"{ROWS}/1/level", "SHOULD")),
    case(
        "a requirement is worded otherwise", "requirement-text", N, "minor", (f"{ROWS}/0/text", "Another text of it.")
    ),
    case("a MUST holds for another profile", "requirement-profile", CS, "major", (f"{ROWS}/0/profile", "phone-calls")),
    case("a MUST holds with a feature", "requirement-feature", CS, "major", (f"{ROWS}/0/feature", "list")),
    case("the source is another page", "requirement-source", N, "patch", (f"{ROWS}/0/source", "Another page")),
    # Words
    case("the contract is described otherwise", "words-changed", N, "patch", ("/info/description", "Of calls.")),
    case("an operation is described", "words-changed", N, "patch", (f"{PATH}/get/description", "Gets it.")),
    case("a summary changes", "words-changed", N, "patch", (f"{PATH}/get/summary", "Read a call")),
    case("a property is described otherwise", "words-changed", N, "patch", (f"{START}/at/description", "The time.")),
    case("a property has a title", "words-changed", N, "patch", (f"{START}/at/title", "Time")),
    case("a response is described otherwise", "words-changed", N, "patch", (f"{ANSWER}/description", "It.")),
    case("an example of a schema comes", "words-changed", N, "patch", (f"{START}/at/examples", ["now"])),
    case(
        "an example comes",
        "example-added",
        N,
        "patch",
        (f"{ANSWER}/content/application~1json/examples", {"one": {"value": {"id": "a"}}}),
    ),
    case("a link comes", "link-added", N, "patch", (f"{ANSWER}/links", {"end": {"operationId": "endCall"}})),
    case("a tag comes", "tag-added", N, "patch", ("/tags/-", {"name": "More"})),
    case("a tag is described otherwise", "words-changed", N, "patch", ("/tags/0/description", "Of calls.")),
    case("a model comes", "schema-added", N, "patch", (f"{SCHEMAS}/More", {"type": "string"})),
    case("a comment comes", "words-changed", N, "patch", (f"{START}/at/$comment", "A comment.")),
    case("an extension comes", "words-changed", N, "patch", (f"{PATH}/get/x-more", 1)),
    case("webhooks come", "webhooks-changed", CS, "major", ("/webhooks", {"ended": {}})),
]


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.what)
def test_a_change_is_named_and_judged(one: Case) -> None:
    diff = difference(BASE, edited(*one.edits))
    assert (
        " ".join(sorted({change.rule for change in diff.changes})),
        " ".join(sorted(frozenset[str]().union(*(change.breaks for change in diff.changes)))),
        str(diff.bump),
    ) == (one.rule, one.breaks, one.bump)


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.what)
def test_back_and_forth_tells_the_same_from_the_other_side(one: Case) -> None:
    new = edited(*one.edits)
    forth, back = difference(BASE, new), difference(new, BASE)
    assert {(change.old and change.old.pointer, change.new and change.new.pointer) for change in forth.changes} == {
        (change.new and change.new.pointer, change.old and change.old.pointer) for change in back.changes
    }
    opposites = {
        "added": "removed",
        "required": "optional",
        "allowed": "refused",
        "listed": "freed",
        "detailed": "merged",
    }
    opposites |= {value: key for key, value in opposites.items()}
    turned = {"-".join(opposites.get(word, word) for word in change.rule.split("-")) for change in forth.changes}
    assert turned == {change.rule for change in back.changes}
