"""What is written in another way and says the same; and what is told once although it shows in many places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from .documents import ANSWER, BASE, BODY, CALL, GONE, PATH, SCHEMAS, START, difference, edited

if TYPE_CHECKING:
    from .documents import Edit

SCHEMA: Final[dict[str, Any]] = BASE["components"]["schemas"]
QUERY: Final[list[Any]] = BASE["paths"]["/calls/{id}"]["get"]["parameters"]
PROPERTIES: Final[dict[str, Any]] = SCHEMA["Shared"]["properties"]

SAME: Final[dict[str, tuple[str, tuple[Edit, ...]]]] = {
    "values in another order": ("rewritten", ((f"{CALL}/state/enum", ["talking", "ringing"]),)),
    "required properties in another order": ("rewritten", ((f"{SCHEMAS}/Stop/required", ["view", "action"]),)),
    "alternatives in another order": ("rewritten", ((f"{SCHEMAS}/Action/oneOf", SCHEMA["Action"]["oneOf"][::-1]),)),
    "parameters in another order": ("rewritten", ((f"{PATH}/get/parameters", QUERY[::-1]),)),
    "credentials in another order": ("rewritten", (("/security", BASE["security"][::-1]),)),
    "a list of one type": ("rewritten", ((f"{START}/at/type", ["string"]),)),
    "a number and its integers": ("rewritten", ((f"{CALL}/seconds/type", ["integer"]),)),
    "the type of a constant": ("rewritten", ((f"{START}/action/type", "string"),)),
    "a constant as a list": ("rewritten", ((f"{START}/action", {"enum": ["Start"]}),)),
    "a default that is written": ("rewritten", ((f"{PATH}/get/parameters/0/style", "form"),)),
    "an open object": ("rewritten", ((f"{SCHEMAS}/Call/additionalProperties", True),)),
    "a length of nothing": ("rewritten", ((f"{START}/at/minLength", 0),)),
    "a bound that another one implies": ("rewritten", ((f"{CALL}/seconds/allOf", [{"minimum": -5}]),)),
    "no deprecation": ("rewritten", ((f"{START}/at/deprecated", False),)),
    "a part of the whole": (
        "rewritten",
        ((f"{SCHEMAS}/Shared", {"allOf": [{"type": "object"}, {"properties": PROPERTIES}]}),),
    ),
    "servers of the operation": ("rewritten", ((f"{PATH}/get/servers", BASE["servers"]),)),
    "parameters of the operation": (
        "rewritten",
        (
            *(
                (f"{PATH}/{method}/parameters", BASE["paths"]["/calls/{id}"]["parameters"])
                for method in ("put", "delete")
            ),
            (f"{PATH}/get/parameters", [*BASE["paths"]["/calls/{id}"]["parameters"], *QUERY]),
            (f"{PATH}/parameters", GONE),
        ),
    ),
    "a schema that becomes a component": (
        "schema-added",
        ((f"{SCHEMAS}/State", SCHEMA["Call"]["properties"]["state"]), (f"{CALL}/state", {"$ref": f"#{SCHEMAS}/State"})),
    ),
    "a response that becomes a component": (
        "rewritten",
        (
            ("/components/responses", {"None": {"description": "It is over."}}),
            (f"{PATH}/get/responses/204", {"$ref": "#/components/responses/None"}),
        ),
    ),
    "the version": ("", (("/info/version", "2.0.0"),)),
}


@pytest.mark.parametrize("what", SAME)
def test_other_words_for_the_same_are_no_change(what: str) -> None:
    rule, edits = SAME[what]
    diff = difference(BASE, edited(*edits))
    assert " ".join(change.rule for change in diff.changes) == rule
    assert all(not change.breaks and change.words for change in diff.changes)


def test_a_component_that_loses_its_name_breaks_the_code_that_is_generated_from_it() -> None:
    (change,) = difference(
        BASE,
        edited((f"{SCHEMAS}/Party", GONE), (f"{CALL}/party/anyOf/1", SCHEMA["Party"])),
    ).changes
    assert (change.rule, sorted(change.breaks)) == ("schema-removed", ["clients", "servers"])


def test_a_path_whose_parameter_is_renamed_is_the_same_path() -> None:
    item = edited((f"{PATH}/parameters/0/name", "callId"))["paths"]["/calls/{id}"]
    diff = difference(BASE, edited(("/paths", {"/calls/{callId}": item})))
    assert [(change.rule, change.operations) for change in diff.changes if not change.words] == [
        ("path-renamed", ("getCall", "updateCall", "endCall"))
    ]


def test_a_change_of_a_component_is_told_once_with_all_that_it_shows_in() -> None:
    (change,) = difference(BASE, edited((f"{SCHEMAS}/Id/maxLength", 16))).changes
    assert (change.new and change.new.pointer, change.operations, change.uses) == (
        f"{SCHEMAS}/Id/maxLength",
        ("getCall", "updateCall", "endCall"),
        ("request", "response"),
    )
    assert change.message == "the `maxLength` of Id is `16`, and was `32`"


def test_a_change_behind_a_circle_is_found() -> None:
    circle = {"type": "object", "properties": {"next": {"$ref": f"#{SCHEMAS}/Shared"}, "name": {"type": "string"}}}
    old = edited((f"{SCHEMAS}/Shared", circle))
    new = edited((f"{SCHEMAS}/Shared/properties/next/allOf", [{"maxProperties": 1}]), base=old)
    (change,) = difference(old, new).changes
    assert (change.rule, change.new and change.new.pointer) == (
        "maxProperties-added",
        f"{SCHEMAS}/Shared/properties/next/allOf/0/maxProperties",
    )


def test_a_plain_schema_that_becomes_one_of_two_is_wider() -> None:
    more = {"anyOf": [{"type": "string", "description": "When."}, {"type": "integer"}]}
    (change,) = [change for change in difference(BASE, edited((f"{START}/at", more))).changes if not change.words]
    assert (change.rule, change.breaks) == ("alternative-added", {"servers"})
    assert change.new is not None
    assert change.new.pointer == f"{START}/at/anyOf/1"


def test_a_change_inside_an_alternative_is_one_of_that_alternative() -> None:
    inline = [{"type": "object", "properties": {"kind": {"const": name}}} for name in ("a", "b")]
    old = edited((f"{CALL}/party/anyOf", inline))
    new = edited((f"{CALL}/party/anyOf/1/properties/kind/type", "string"), base=old)
    new = edited((f"{CALL}/party/anyOf/1/properties/more", {"type": "string"}), base=new)
    (change,) = difference(old, new).changes
    assert (change.rule, change.new and change.new.pointer) == (
        "property-added",
        f"{CALL}/party/anyOf/1/properties/more",
    )


def test_alternatives_are_known_by_their_constants_where_all_of_them_change() -> None:
    def alternatives(*names: str, **more: object) -> list[dict[str, Any]]:
        return [{"type": "object", "properties": {"kind": {"const": name}, **more}} for name in names]

    old = edited((f"{CALL}/party/anyOf", alternatives("a", "b", "c")))
    new = edited((f"{CALL}/party/anyOf", alternatives("c", "b", "a", more={"type": "string"})))
    diff = difference(old, new)
    assert [change.rule for change in diff.changes] == ["property-added"] * 3
    assert diff.breaking("clients") == []


def test_alternatives_are_known_by_their_meaning_where_they_have_no_name() -> None:
    strings = [{"type": "string", "pattern": pattern} for pattern in ("^a", "^b", "^c")]
    old, new = (edited((f"{CALL}/party/anyOf", order)) for order in (strings, strings[::-1]))
    assert [change.rule for change in difference(old, new).changes] == ["rewritten"]


def test_scopes_in_another_order_are_the_same_credentials() -> None:
    old, new = (edited(("/security", [{"oauth": scopes}])) for scopes in (["read", "write"], ["write", "read"]))
    assert [change.rule for change in difference(old, new).changes] == ["rewritten"]


def test_a_schema_that_is_a_part_of_itself_is_compared() -> None:
    old = edited((f"{SCHEMAS}/Shared/allOf", [{"$ref": f"#{SCHEMAS}/Shared"}]))
    (change,) = difference(old, edited((f"{SCHEMAS}/Shared/minProperties", 1), base=old)).changes
    assert change.rule == "minProperties-added"


def test_a_change_of_what_is_compared_as_a_whole_is_found_behind_references() -> None:
    old = edited((f"{START}/at/not", {"$ref": f"#{SCHEMAS}/Id"}))
    rules = {change.rule for change in difference(old, edited((f"{SCHEMAS}/Id/pattern", "^[b]+$"), base=old)).changes}
    assert rules == {"not-changed", "pattern-changed"}


def test_what_no_operation_uses_any_more_is_told_by_its_operations() -> None:
    diff = difference(BASE, edited((f"{BODY}/content/application~1json", {"schema": {"type": "object"}})))
    assert {change.rule for change in diff.changes} >= {"oneOf-removed"}
    assert all(ANSWER not in change.side.pointer for change in diff.changes)


def test_a_change_of_what_no_operation_uses_is_told_and_breaks_nobody() -> None:
    old = edited((f"{SCHEMAS}/Alone", {"type": "string"}))
    (change,) = difference(old, edited((f"{SCHEMAS}/Alone/type", "integer"), base=old)).changes
    assert (change.rule, change.breaks, change.operations) == ("type-changed", frozenset(), ())


def test_a_schema_that_an_operation_used_before_is_told_by_the_operation() -> None:
    new = edited((f"{SCHEMAS}/Shared/properties/name/maxLength", 3), (f"{PATH}/delete", GONE))
    rules = {change.rule: change.breaks for change in difference(BASE, new).changes}
    assert rules == {"operation-removed": {"clients"}, "maxLength-added": frozenset()}


def test_words_of_a_list_belong_to_what_they_describe() -> None:
    tags = [{"name": name, "description": f"About {name}."} for name in ("Calls", "More")]
    old, new = (edited(("/tags", order)) for order in (tags, tags[::-1]))
    assert [change.rule for change in difference(old, new).changes] == ["rewritten"]
