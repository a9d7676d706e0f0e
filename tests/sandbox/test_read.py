"""Listing phone calls, and getting one: what is in an answer, and how lists are filtered, ordered and cut."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from sandbox.desk import (
    ADMINISTRATOR,
    CONFERENCE,
    HELD_CALL,
    LOCAL_CALL,
    OWN_CALLS,
    PAGE_CALL,
    PARKED_CALL,
    RECORDED_CALL,
    RINGING_CALL,
    STRANGER,
    UNRECORDABLE_CALL,
)

if TYPE_CHECKING:
    from sandbox.desk import Desk

ON_210 = [PAGE_CALL, LOCAL_CALL, CONFERENCE, HELD_CALL, RINGING_CALL]


def test_list_of_an_extension_has_the_calls_it_takes_part_in_in_order(desk: Desk) -> None:
    response = desk.get("12/0003*210")
    body = response.json()
    entries = body.pop("entry")
    assert [entry["id"] for entry in entries] == ON_210
    assert body == {"totalResults": 5, "startIndex": 0, "itemsPerPage": 20, "filtered": False, "sorted": True}
    for entry in entries:
        assert entry["link"] == entry["links"]
        assert entry["ownerId"] == "3"
        assert desk.ids(entry["link"]["self"].partition("/phoneCalls/")[2]) == [entry["id"]]


def test_list_of_a_user_has_the_calls_of_all_extensions_each_once(desk: Desk) -> None:
    ids = desk.ids("@me/@self")
    assert len(ids) == len(set(ids))
    assert set(ids) == OWN_CALLS


def test_list_without_calls_is_204(desk: Desk) -> None:
    assert desk.get("12/0003*212").status_code == 204
    assert desk.get("12/0003*210?filterBy=id&filterValue=none").status_code == 204


def test_fields_without_a_value_are_left_out(desk: Desk) -> None:
    calls = {call["id"]: call for call in desk.entries("12/@self")}
    assert "answered" not in calls[RINGING_CALL]
    assert calls[RINGING_CALL]["phoneCallView"][0]["ringing"] == "2026-03-02T08:40:13Z"
    assert calls[HELD_CALL]["phoneCallView"][0]["holder"] == 1
    assert calls[PARKED_CALL]["phoneCallView"][0]["parkedBy"] == "0003*211"
    assert calls[RECORDED_CALL]["phoneCallView"][0]["recording"] == "2026-03-02T08:11:00Z"
    assert not {"onHold", "parked", "recording"} & calls[PAGE_CALL]["phoneCallView"][0].keys()
    assert [view["id"] for view in calls[CONFERENCE]["phoneCallView"]] == ["00", "01", "02"]
    assert not any({"ends_on_update", "plan"} & call.keys() for call in calls.values())


def test_get_returns_the_call_alone_in_an_envelope(desk: Desk) -> None:
    response = desk.get(f"12/0003*210/{PAGE_CALL}")
    assert response.json()["totalResults"] == 1
    assert [entry["id"] for entry in response.json()["entry"]] == [PAGE_CALL]


@pytest.mark.parametrize("path", ["12/0003*210/444444", "@me/@self/0", f"12/0003*212/{PAGE_CALL}", "@owner/@self/444"])
def test_get_of_a_call_that_is_not_there_is_an_empty_envelope(desk: Desk, path: str) -> None:
    response = desk.get(path)
    assert response.status_code == 200
    assert response.json() == {"entry": [], "totalResults": 0}


def test_get_of_no_call_id_is_refused(desk: Desk) -> None:
    desk.refused(desk.get("12/0003*210/a-b"), 400, "pc_phonecall_invalid")


# Pages


def test_pages_follow_each_other_through_their_links(desk: Desk) -> None:
    path, found, previous = "12/0003*210?count=2&sortOrder=ascending&fields=id", list[str](), list[str]()
    while path:
        body = desk.get(path).json()
        found += [entry["id"] for entry in body["entry"]]
        if (back := body.get("paging", {}).get("prev")) is not None:
            assert desk.ids(back.partition("/phoneCalls/")[2]) == previous
        previous = [entry["id"] for entry in body["entry"]]
        path = body.get("paging", {}).get("next", "").partition("/phoneCalls/")[2]
    assert found == ON_210


def test_first_and_last_page_have_no_link_beyond(desk: Desk) -> None:
    assert set(desk.get("12/0003*210?count=2").json()["paging"]) == {"next"}
    assert set(desk.get("12/0003*210?count=2&startIndex=2").json()["paging"]) == {"next", "prev"}
    assert set(desk.get("12/0003*210?count=2&startIndex=4").json()["paging"]) == {"prev"}
    assert "paging" not in desk.get("12/0003*210?count=5").json()


def test_page_before_does_not_overlap(desk: Desk) -> None:
    previous = desk.get("12/0003*210?count=3&startIndex=1").json()["paging"]["prev"]
    assert urlsplit(previous).query == "count=1&startIndex=0"


def test_page_beyond_the_end_is_empty(desk: Desk) -> None:
    body = desk.get("12/0003*210?startIndex=5000").json()
    assert (body["entry"], body["totalResults"]) == ([], 5)


def test_links_are_absolute_and_have_no_token(desk: Desk) -> None:
    response = desk.get("@me/@self?accessRequestToken=sandbox-user-12&count=1", token=None)
    assert response.json()["paging"]["next"] == (
        "http://sandbox.test:8080/uapi/phoneCalls/@me/@self?count=1&startIndex=1"
    )
    assert "sandbox-user-12" not in response.text


def test_link_that_would_be_too_long_is_left_out(desk: Desk) -> None:
    query = "12/0003*210?count=1&filterBy=id&filterOp=present&filterValue="
    assert desk.get(query + "x").json()["paging"]
    body = desk.get(query + "\u00e9" * 2000).json()
    assert body["totalResults"] > 1
    assert "paging" not in body


# Order and fields


@pytest.mark.parametrize(("order", "ids"), [(None, ON_210), ("asc", ON_210), ("ascending", ON_210)])
def test_ascending_is_the_order(desk: Desk, order: str | None, ids: list[str]) -> None:
    assert desk.ids("12/0003*210" + (f"?sortOrder={order}" if order else "")) == ids


@pytest.mark.parametrize("order", ["desc", "descending"])
def test_descending_order(desk: Desk, order: str) -> None:
    assert desk.ids(f"12/0003*210?sortOrder={order}") == ON_210[::-1]
    assert desk.ids(f"12/0003*210?sortOrder={order}&count=2&startIndex=1") == ON_210[::-1][1:3]


def test_fields_are_the_only_ones(desk: Desk) -> None:
    for entry in desk.entries("12/0003*210?fields=id,answered"):
        assert set(entry) == {"id", "answered"} - ({"answered"} if entry["id"] == RINGING_CALL else set())
    [entry] = desk.entries(f"12/0003*210/{PAGE_CALL}?fields=links")
    assert set(entry) == {"links"}


def test_encoded_comma_separates_fields_too(desk: Desk) -> None:
    assert set(desk.entries("12/0003*210?count=1&fields=id%2Clink%2cnonce")[0]) == {"id", "link"}


# Filters


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (f"filterBy=id&filterValue={PAGE_CALL}", [PAGE_CALL]),
        (f"filterBy=id&filterOp=equals&filterValue={PAGE_CALL}", [PAGE_CALL]),
        (f"filterBy=id&filterValue={PAGE_CALL.upper()}", []),
        ("filterBy=id&filterOp=contains&filterValue=2618fe", [PAGE_CALL]),
        ("filterBy=id&filterOp=startsWith&filterValue=b8", [PAGE_CALL]),
        ("filterBy=id&filterOp=startsWith&filterValue=8", []),
        ("filterBy=id&filterOp=contains&filterValue=%25", []),
        ("filterBy=id&filterOp=contains&filterValue=%00", []),
        ("filterBy=id&filterOp=greaterThan&filterValue=b8", [PAGE_CALL, RINGING_CALL]),
        ("filterBy=id&filterOp=lessThan&filterValue=4f", [HELD_CALL]),
        (f"filterBy=id&filterOp=inArray&filterValue={PAGE_CALL},{HELD_CALL},nobody", [PAGE_CALL, HELD_CALL]),
        ("filterBy=id&filterOp=present", ON_210),
        ("filterBy=published&filterOp=present&filterValue=ignored", ON_210),
        ("filterBy=published&filterValue=2012-06-27T16:08:50%2B02:00", [PAGE_CALL]),
        ("filterBy=published&filterValue=2012-06-27T14:08:50Z", [PAGE_CALL]),
        ("filterBy=published&filterValue=2012-06-27T14:08:50", [PAGE_CALL]),
        ("filterBy=published&filterOp=lessThan&filterValue=2013-01-01", [PAGE_CALL]),
        ("filterBy=published&filterOp=greaterThan&filterValue=2026-03-02T08:31:00Z", [RINGING_CALL]),
        ("filterBy=published&filterOp=startsWith&filterValue=2026-03-02T08:31", [HELD_CALL]),
        ("filterBy=published&filterOp=inArray&filterValue=2012-06-27T14:08:50Z,1999-12-31", [PAGE_CALL]),
        ("filterBy=published&filterValue=0001-01-01T00:00:00%2B14:00", []),
        ("filterBy=published&filterOp=lessThan&filterValue=9999-12-31T23:59:59-14:00", ON_210),
    ],
)
def test_filter(desk: Desk, query: str, ids: list[str]) -> None:
    assert desk.ids(f"12/0003*210?{query}") == ids
    if ids:
        assert desk.get(f"12/0003*210?{query}").json()["filtered"] is True


def test_filter_without_a_field_is_none(desk: Desk) -> None:
    response = desk.get("12/0003*210?filterValue=x&filterOp=contains")
    assert response.json()["filtered"] is False
    assert response.json()["totalResults"] == 5


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("count=0", "count_invalid"),
        ("count=5001", "count_invalid"),
        ("count=-1", "count_invalid"),
        ("count=abc", "count_invalid"),
        ("count=", "count_invalid"),
        ("count=1.5", "count_invalid"),
        ("count=1e3", "count_invalid"),
        ("count=%FF", "count_invalid"),
        ("count=" + "9" * 5000, "count_invalid"),
        ("startIndex=-1", "request_malformed"),
        ("startIndex=5001", "request_malformed"),
        ("startIndex=x", "request_malformed"),
        ("filterBy=colour", "filterby_invalid"),
        ("filterBy=", "filterby_invalid"),
        ("filterBy=ID", "filterby_invalid"),
        ("filterOp=like", "filterop_invalid"),
        ("filterOp=", "filterop_invalid"),
        ("filterValue=", "filtervalue_invalid"),
        ("filterValue=" + "x" * 2049, "filtervalue_invalid"),
        ("filterBy=id", "filtervalue_invalid"),
        ("filterBy=published", "filtervalue_invalid"),
        ("filterBy=published&filterValue=yesterday", "filtervalue_invalid"),
        ("filterBy=published&filterValue=2012-02-30", "filtervalue_invalid"),
        ("filterBy=published&filterOp=inArray&filterValue=2012-01-01,", "filtervalue_invalid"),
        ("filterBy=published&filterOp=contains&filterValue=2012-06", "filtervalue_invalid"),
        ("filterBy=published&filterValue=%00", "filtervalue_invalid"),
        ("sortOrder=random", "sortorder_invalid"),
        ("sortOrder=ASC", "sortorder_invalid"),
        ("fields=", "fields_invalid"),
        ("fields=colour", "fields_invalid"),
        ("fields=id,colour", "fields_invalid"),
        ("fields=id,", "fields_invalid"),
        ("fields=" + ",".join(["id"] * 11), "fields_invalid"),
        ("fields=%FF", "fields_invalid"),
        ("%FF=1", "request_malformed"),
    ],
)
def test_parameter_that_is_invalid_is_refused(desk: Desk, query: str, code: str) -> None:
    desk.refused(desk.get(f"12/0003*210?{query}"), 400, code)


def test_unknown_parameters_are_ignored(desk: Desk) -> None:
    assert desk.ids("12/0003*210?colour=red&count=1&COUNT=0") == [PAGE_CALL]


def test_get_checks_its_fields(desk: Desk) -> None:
    desk.refused(desk.get(f"12/0003*210/{PAGE_CALL}?fields=colour"), 400, "fields_invalid")
    desk.refused(desk.get(f"12/0003*210/{PAGE_CALL}?fields="), 400, "fields_invalid")


# Paths


@pytest.mark.parametrize(
    "path",
    [
        "12/0003*210",
        "12/210",
        "@me/0003*210",
        "@viewer/210",
        "@owner/0003*210",
        "@owner/210",
        "12/0003%2A210",
        "%40me/0003%2a210",
        "%40owner/0003*21%30",
        "12/0003*210/",
        "12/0003*210/?count=20",
    ],
)
def test_path_forms_of_an_extension(desk: Desk, path: str) -> None:
    assert desk.ids(path) == ON_210
    path, _, query = path.partition("?")
    assert desk.ids(f"{path.rstrip('/')}/{PAGE_CALL}{'/' if query else ''}") == [PAGE_CALL]


def test_owner_of_a_call(desk: Desk) -> None:
    assert desk.ids(f"@owner/@self/{PAGE_CALL}") == [PAGE_CALL]
    assert desk.ids(f"@owner/@self/{UNRECORDABLE_CALL}", token=ADMINISTRATOR) == [UNRECORDABLE_CALL]
    desk.refused(desk.get("@owner/@self"), 400, "user_invalid")


@pytest.mark.parametrize("user", ["99", "@nobody", "@self", "%00", "%FF", "a%2Fb", "a%20b", "@ME", "u" * 256, "0012"])
def test_unknown_user_is_refused(desk: Desk, user: str) -> None:
    desk.refused(desk.get(f"{user}/@self"), 400, "user_invalid")


@pytest.mark.parametrize(
    "extension",
    ["0003*999", "999", "@me", "*", "0003", "0003*", "*210", "x", "%00", "0003%2F210", "0" * 33, "0004*210"],
)
def test_unknown_extension_is_refused(desk: Desk, extension: str) -> None:
    for path in (f"12/{extension}", f"@me/{extension}/{PAGE_CALL}"):
        desk.refused(desk.get(path), 400, "extension_invalid")


def test_host_of_the_links_is_that_of_the_request(desk: Desk) -> None:
    for host, origin in (
        ("example.test", "http://example.test"),
        ("[::1]:80", "http://[::1]:80"),
        ("evil host/@", "http://sandbox.test:8080"),
        ("x" * 3000, "http://sandbox.test:8080"),
        ("", "http://sandbox.test:8080"),
    ):
        [call] = desk.entries(f"12/0003*210/{PAGE_CALL}", headers={"Host": host})
        assert call["link"]["self"] == f"{origin}/uapi/phoneCalls/12/0003*210/{PAGE_CALL}"


def test_strangers_list_is_their_own(desk: Desk) -> None:
    assert desk.ids("@me/@self", token=STRANGER) == ["68c5d1f7b0e2493ad79e"]
