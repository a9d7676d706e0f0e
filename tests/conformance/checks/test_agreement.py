"""What the checks observe of a phone call agrees with the contract: its schema refuses what an observation refuses.

Left out, since only one side speaks of it:

- The schema alone: the lengths of `ownerName`, `nonce` and a self link, and all of what a self link is made of but
  that it is an absolute URL; the second of two links, where the first is one. `RELAXED` is the schema without these.
- The rows alone: CALL-007 wants the ids of views to be unique, CALL-014 a self link that ends with the id, CALL-015 no
  doubled slash, CALL-017 no null in members that are not documented, REC-007 an order of two times.
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis_jsonschema import from_schema

from conformance.made import deterministic, exchange, response, updated
from mutants.world import WORLD
from uapi.conformance.bundle import contract, validator
from uapi.conformance.checks.registry import OBSERVATIONS
from uapi.conformance.finding import Failed
from uapi.conformance.register import register

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMAS: Final = contract()["components"]["schemas"]
ALONE: Final = {
    "CALL-007": "have one id",
    "CALL-014": "does not end with the id",
    "CALL-015": "doubled slash",
    "REC-007": "is before answered",
}
"""The rows that speak of what no schema can say, with the words that tell such a finding from others."""
ROWS: Final = [name for name in OBSERVATIONS if name.startswith("CALL-") or name in {"REC-006", "REC-007"}]


def relaxed() -> jsonschema_rs.Draft202012Validator:
    """Return the validator of a phone call without what no row speaks of."""
    components = copy.deepcopy(dict(contract()["components"]))
    schemas = components["schemas"]
    call, link = schemas["PhoneCall"]["properties"], schemas["PhoneCallLink"]["properties"]["self"]
    del call["ownerName"]["maxLength"]
    del call["nonce"]["maxLength"]
    for keyword in ("minLength", "maxLength", "format"):
        del link[keyword]
    link["pattern"] = "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#]"
    document = {"$ref": "#/components/schemas/PhoneCall", "components": components}
    return jsonschema_rs.Draft202012Validator(document, validate_formats=True)


RELAXED: Final = relaxed()


def findings(call: dict[str, Any]) -> dict[str, str]:
    """Return what the observations have against a phone call, apart from what they alone speak of."""
    found = {}
    for name in ROWS:
        try:
            OBSERVATIONS[name](updated(call))
        except Failed as finding:
            if ALONE.get(name, "\0") not in finding.message:
                found[name] = finding.message
    return found


OFFSETS: Final = st.sampled_from(
    [UTC, *(timezone(timedelta(minutes=minutes)) for minutes in (-839, -60, 60, 345, 839))]
)
DATES: Final = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=OFFSETS).map(  # noqa: DTZ001 - they get one
    lambda moment: moment.isoformat().replace("+00:00", "Z")
)
LINKS: Final = st.sampled_from(["http://h/uapi/phoneCalls/@me/@self/a", "https://h.example:8443//a", "http://[::1]/a"])


def instances(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values that a schema of the contract allows."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return DATES if name == "DateTime" else instances(SCHEMAS[name])
    if schema.get("type") == "object":
        properties = {name: instances(value) for name, value in schema["properties"].items()}
        required = {name: properties.pop(name) for name in schema.get("required", ())}
        return st.fixed_dictionaries(required, optional=properties)
    if schema.get("type") == "array":
        return st.lists(instances(schema["items"]), min_size=schema.get("minItems", 0), max_size=2)
    if schema.get("format") == "uri":
        return LINKS
    return from_schema({name: value for name, value in schema.items() if not name.startswith("x-")})


def linked(call: dict[str, Any]) -> dict[str, Any]:
    """Give a phone call one of the two links, of which it needs one."""
    return call if {"link", "links"} & set(call) else {**call, "link": {"self": "http://h/a"}}


CALLS: Final = instances(SCHEMAS["PhoneCall"]).map(linked)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every value inside a value."""
    pairs: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from places(inner, (*path, key))


GONE: Final = object()
WRONG: Final[list[Any]] = [
    GONE,
    None,
    "",
    " ",
    "é",
    "x",
    "0",
    "7",
    "-1",
    "+0",
    "1.5",
    "0*1",
    "a b",
    "a/b",
    "\n",
    "1\n",
    "٣",
    "2012-06-27",
    "2012-06-27T16:08:55",
    "2012-06-27T16:08:55+0300",
    "2012-02-30T16:08:55Z",
    "2012-06-27t16:08:55z",
    "2012-06-27T16:08:60Z",
    "2012-06-27T24:00:00Z",
    "2012-06-27T16:08:55.1234567890Z",
    "ftp://h/a",
    "h/a",
    "//h/a",
    "http:a",
    "http://",
    0,
    3,
    5,
    6,
    8,
    -1,
    1.0,
    1.5,
    1e400,
    10**30,
    True,
    False,
    [],
    [None],
    ["1"],
    [[]],
    {},
    {"self": None},
    {"self": 7},
    {"self": "x"},
]


def replaced(value: Any, path: tuple[str | int, ...], other: Any) -> Any:
    """Return a value with another in one place, or with nothing there."""
    copied = copy.deepcopy(value)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    if other is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = other
    return copied


def both_links_are_objects(call: dict[str, Any]) -> bool:
    """Tell whether no link is spoiled, of which CALL-013 wants only one to be right."""
    return all(
        isinstance(call[name], dict) and isinstance(call[name].get("self"), str)
        for name in ("link", "links")
        if name in call
    )


def agree(call: dict[str, Any]) -> None:
    """Assert that the schema and the rows say the same of a phone call."""
    found = findings(call)
    if not both_links_are_objects(call) and {"link", "links"} <= set(call):
        return
    assert RELAXED.is_valid(call) == (not found), found


@settings(deterministic, max_examples=80)
@given(CALLS)
def test_what_the_schema_allows_is_accused_of_nothing(call: dict[str, Any]) -> None:
    assert validator("PhoneCall").is_valid(call)
    assert findings(call) == {}


@settings(deterministic, max_examples=250)
@given(CALLS, st.data())
def test_the_schema_refuses_a_spoiled_call_exactly_where_a_row_does(call: dict[str, Any], data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(places(call), key=str)))
    agree(replaced(call, path, data.draw(st.sampled_from(WRONG))))


FULL: Final[dict[str, Any]] = {
    "id": "b817d2618fe6f1804333",
    "nonce": "n",
    "extension": "0003*210",
    "ownerId": "3",
    "ownerName": "Default Organization",
    "published": "2012-06-27T16:08:50+02:00",
    "answered": "2012-06-27T16:08:55+03:00",
    "phoneCallView": [
        {
            "id": "01",
            "extension": "0003*210",
            "source": ["7778888"],
            "destination": ["0003*210"],
            "callerId": "John Doe <3333>",
            "flow": 8,
            "status": "5",
            "ringing": "2012-06-27T16:08:51+03:00",
            "answered": "2012-06-27T16:08:55+03:00",
            "recording": "2012-06-27T16:09:00+03:00",
            "parked": "2012-06-27T16:08:55+03:00",
            "parkedPos": 1,
            "parkedBy": "0003*211",
            "onHold": "2012-06-27T16:08:55+03:00",
            "holder": "1",
            "disposition": 0,
        }
    ],
    "link": {"self": "http://h/uapi/phoneCalls/@me/0003*210/b817d2618fe6f1804333"},
}
"""A phone call with every member."""


def test_the_full_call_has_every_member() -> None:
    view = set(SCHEMAS["PhoneCallView"]["properties"])
    assert (set(FULL) | {"links"}, set(FULL["phoneCallView"][0])) == (set(SCHEMAS["PhoneCall"]["properties"]), view)


@pytest.mark.parametrize("path", list(places(FULL)), ids=lambda path: ".".join(map(str, path)))
def test_every_way_to_spoil_a_member_is_seen_by_both(path: tuple[str | int, ...]) -> None:
    disagreeing = []
    for other in WRONG:
        call = replaced(FULL, path, other)
        if RELAXED.is_valid(call) != (not findings(call)):
            disagreeing.append((other, findings(call)))
    assert disagreeing == []


@pytest.mark.parametrize(
    "call", [kept.call.model_dump(exclude_none=True) for kept in WORLD.phone_calls], ids=lambda call: call["id"]
)
def test_the_calls_of_the_sandbox_without_a_link_are_refused_by_both(call: dict[str, Any]) -> None:
    agree(call)


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
@pytest.mark.parametrize("path", [("answered",), ("phoneCallView", 0, "recording"), ("phoneCallView", 0, "parked")])
def test_a_time_at_the_end_of_the_calendar_is_a_time(path: tuple[str | int, ...], value: str) -> None:
    # Python cannot convert it to UTC, which is no fault of the server.
    assert findings(replaced(FULL, path, value)) == {}


@pytest.mark.parametrize("name", [name for name in ROWS if name not in {"CALL-013", "CALL-014", "CALL-015", "REC-007"}])
def test_every_row_sees_something(name: str) -> None:
    spoiled = (replaced(FULL, path, other) for path in places(FULL) for other in WRONG)
    assert any(name in findings(call) for call in spoiled)


def hand_made(**members: Any) -> dict[str, Any]:
    return {**FULL, **members}


ALONE_CASES: Final[dict[str, dict[str, Any]]] = {
    "CALL-007": hand_made(phoneCallView=FULL["phoneCallView"] * 2),
    "CALL-014": hand_made(link={"self": "http://h/uapi/phoneCalls/@me/0003*210/other"}),
    "CALL-015": hand_made(link={"self": "http://h//uapi/phoneCalls/@me/0003*210/b817d2618fe6f1804333"}),
    "CALL-017": hand_made(jitter=None),
    "REC-007": replaced(FULL, ("phoneCallView", 0, "recording"), "2012-06-27T16:08:54+03:00"),
}


@pytest.mark.parametrize(("name", "call"), ALONE_CASES.items())
def test_what_only_a_row_speaks_of_is_found_by_it(name: str, call: dict[str, Any]) -> None:
    with pytest.raises(Failed):
        OBSERVATIONS[name](updated(call))


@pytest.mark.parametrize("call", ALONE_CASES.values(), ids=ALONE_CASES)
def test_what_only_a_row_speaks_of_is_allowed_by_the_schema(call: dict[str, Any]) -> None:
    assert validator("PhoneCall").is_valid(call)


SILENT: Final[dict[str, dict[str, Any]]] = {
    "a long ownerName": hand_made(ownerName="x" * 256),
    "a long nonce": hand_made(nonce="x" * 256),
    "a long link": hand_made(link={"self": "http://h/" + "x" * 2048 + "/b817d2618fe6f1804333"}),
    "a link with a space": hand_made(link={"self": "http://h/a b/b817d2618fe6f1804333"}),
    "a second link that is none": hand_made(links=7),
}


@pytest.mark.parametrize("call", SILENT.values(), ids=SILENT)
def test_what_only_the_schema_speaks_of_is_refused_by_it(call: dict[str, Any]) -> None:
    assert not validator("PhoneCall").is_valid(call)


@pytest.mark.parametrize("call", SILENT.values(), ids=SILENT)
def test_what_only_the_schema_speaks_of_is_accused_of_nothing(call: dict[str, Any]) -> None:
    assert findings(call) == {}


@pytest.mark.parametrize("path", [("id",), ("phoneCallView",), ("phoneCallView", 0, "status"), ("link", "self")])
def test_a_deep_value_is_seen_like_any_other(path: tuple[str | int, ...]) -> None:
    # The validator has a limit on the depth of a value, and raises beyond it.
    deep: list[Any] = []
    for _ in range(400):
        deep = [deep]
    assert findings(replaced(FULL, path, deep))


@pytest.mark.parametrize("name", ROWS)
def test_a_row_of_an_observation_is_checkable(name: str) -> None:
    assert register()[name].excluded is None


@pytest.mark.parametrize("name", ROWS)
def test_an_observation_says_nothing_of_a_refusal(name: str) -> None:
    refusal = exchange(response({"error": {"code": "a", "message": "b"}}, status=400))
    assert OBSERVATIONS[name](refusal) is False
