from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.made import REQUEST, deterministic, exchange, response, updated
from uapi.conformance.answers import (
    entries_of,
    moment,
    path_of,
    phone_calls_of,
    recordings_of,
    self_link,
    short,
    views_of,
)
from uapi.conformance.bundle import flaw
from uapi.conformance.exchange import Request
from uapi.conformance.finding import Failed

CALL = {"id": "a"}
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["entry", "id", "phoneCallView", "link", "links", "self", "recording"]), inner
        )
    ),
    max_leaves=8,
)
BODIES = VALUES.map(response) | st.binary(max_size=9).map(lambda body: response(body=body))
REQUESTS = st.sampled_from([REQUEST, replace(REQUEST, operation="updatePhoneCall"), replace(REQUEST, operation=None)])
OFFSETS = st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(
    lambda offset: timezone(timedelta(minutes=offset // timedelta(minutes=1)))
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"entry": [CALL, {"id": "b"}]}, [CALL, {"id": "b"}]),
        ({"entry": []}, []),
        ({"entry": [CALL, 7, None, "x"]}, [CALL]),
        ({"entry": CALL}, [CALL]),
        ({"entry": None}, []),
        ({"entry": 7}, []),
        ({}, []),
        ([CALL], []),
        (7, []),
    ],
)
def test_the_phone_calls_of_a_list(value: Any, expected: list[dict[str, Any]]) -> None:
    assert list(phone_calls_of(exchange(response(value)))) == expected


@pytest.mark.parametrize(("value", "expected"), [(CALL, [CALL]), ([CALL], [CALL]), ([], []), ([7], []), ("x", [])])
def test_the_phone_call_of_an_update(value: Any, expected: list[dict[str, Any]]) -> None:
    assert list(phone_calls_of(updated(value))) == expected


@pytest.mark.parametrize("status", [201, 204, 400, 401, 404, 500])
def test_a_refusal_has_no_phone_calls(status: int) -> None:
    assert list(phone_calls_of(exchange(response({"entry": [CALL]}, status=status)))) == []


def test_no_answer_has_no_phone_calls() -> None:
    assert list(phone_calls_of(exchange(None, fault="gone"))) == []


def test_what_is_no_json_has_no_phone_calls() -> None:
    assert list(phone_calls_of(exchange(response(body=b"{")))) == []


def test_a_reduced_list_has_no_whole_phone_calls() -> None:
    reduced = Request("GET", f"{REQUEST.url}?fields=id", operation="listPhoneCalls")
    assert list(phone_calls_of(exchange(response({"entry": [CALL]}), request=reduced))) == []


def test_an_answer_to_a_request_outside_of_the_contract_has_no_phone_calls() -> None:
    outside = replace(REQUEST, operation=None)
    assert list(phone_calls_of(exchange(response({"entry": [CALL]}), request=outside))) == []


@deterministic
@given(REQUESTS, BODIES)
def test_any_answer_has_phone_calls_that_are_objects(request_: Request, answer: Any) -> None:
    assert all(isinstance(call, dict) for call in phone_calls_of(exchange(answer, request=request_)))


def test_the_entries_of_an_envelope() -> None:
    assert entries_of(exchange(response({"entry": [CALL], "totalResults": 1}))) == [CALL]


def test_a_204_has_no_entries() -> None:
    assert entries_of(exchange(response(status=204, body=b""))) == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "no answer: gone"),
        (response({"entry": []}, status=201), "expected 200, got 201"),
        (response({}, status=400), "expected 200, got 400"),
        (response(body=b"{"), "not JSON"),
        (response({}), "no envelope"),
        (response([]), "no envelope"),
        (response(None), "no envelope"),
        (response({"entry": None}), "no envelope"),
        (response({"entry": {}}), "no envelope"),
        (response({"entry": [7]}), "no envelope"),
    ],
)
def test_what_is_no_envelope_is_a_finding_with_its_evidence(answer: Any, said: str) -> None:
    seen = exchange(answer, fault="gone" if answer is None else None)
    with pytest.raises(Failed, match=said) as caught:
        entries_of(seen)
    assert caught.value.exchanges == (seen,)


@deterministic
@given(BODIES)
def test_any_answer_has_entries_or_is_a_finding(answer: Any) -> None:
    seen = exchange(answer)
    try:
        found: object = [type(entry) for entry in entries_of(seen)]
    except Failed as finding:
        found = finding.exchanges
    assert found == (seen,) or set(found) <= {dict}  # type: ignore[call-overload]


@deterministic
@given(st.dictionaries(st.sampled_from(["phoneCallView", "link", "links", "id"]), VALUES))
def test_any_object_can_be_read_as_a_phone_call(call: dict[str, Any]) -> None:
    assert all(isinstance(view, dict) for view in views_of(call))
    assert isinstance(recordings_of(call), dict)
    assert self_link(call) is None or isinstance(self_link(call), str)


def test_the_recordings_of_a_call_by_view() -> None:
    views = [{"id": "00"}, {"id": "01", "recording": "2026-01-01T00:00:00Z"}, {"id": "02", "recording": None}]
    assert recordings_of({"phoneCallView": views}) == {"00": None, "01": "2026-01-01T00:00:00Z", "02": None}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ({"link": {"self": "a"}}, "a"),
        ({"links": {"self": "b"}}, "b"),
        ({"link": {"self": "a"}, "links": {"self": "b"}}, "a"),
        ({"link": {}, "links": {"self": "b"}}, "b"),
        ({"link": "a", "links": {"self": "b"}}, "b"),
        ({"link": {"self": 7}}, None),
        ({"link": {"self": None}}, None),
        ({}, None),
    ],
)
def test_the_self_link_of_a_call(call: dict[str, Any], expected: str | None) -> None:
    assert self_link(call) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2012-06-27T16:08:55+03:00", datetime(2012, 6, 27, 13, 8, 55, tzinfo=UTC)),
        ("2012-06-27T13:08:55Z", datetime(2012, 6, 27, 13, 8, 55, tzinfo=UTC)),
        ("2012-06-27T13:08:55.5Z", datetime(2012, 6, 27, 13, 8, 55, 500_000, tzinfo=UTC)),
        ("2012-06-27T13:08:55.123456789Z", datetime(2012, 6, 27, 13, 8, 55, 123_456, tzinfo=UTC)),
        ("2012-06-27T13:08:55-00:00", datetime(2012, 6, 27, 13, 8, 55, tzinfo=UTC)),
        ("2012-02-29T23:59:59-23:59", datetime(2012, 3, 1, 23, 58, 59, tzinfo=UTC)),
    ],
)
def test_a_time_is_read(value: str, expected: datetime) -> None:
    assert moment(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        True,
        [],
        {},
        "",
        "now",
        "2012-06-27",
        "2012-06-27T16:08:55",
        "2012-06-27 16:08:55Z",
        "2012-06-27T16:08:55+0300",
        "2012-06-27T16:08:55+3:00",
        "20120627T160855Z",
        "2012-06-27T16:08Z",
        "2012-06-27T16:08:60Z",
        "2011-02-29T16:08:55Z",
        "2012-W26-3T16:08:55Z",
        "2012-06-27T16:08:55Z\n",
        "٢٠١٢-06-27T16:08:55Z",
    ],
)
def test_what_is_no_time_is_none(value: object) -> None:
    assert moment(value) is None


@deterministic
@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=OFFSETS))  # noqa: DTZ001 - they get one
def test_every_time_with_an_offset_is_one_of_the_contract_and_is_read(time: datetime) -> None:
    assert (flaw("DateTime", time.isoformat()), moment(time.isoformat())) == (None, time)


@pytest.mark.parametrize(
    ("extension", "expected"),
    [("0003*210", "210"), ("210", "210"), ("1*2*3", "3"), ("*", ""), (210, "210"), (None, "None")],
)
def test_the_short_form_of_an_extension(extension: object, expected: str) -> None:
    assert short(extension) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://h/uapi/a", "/uapi/a"),
        ("https://h:8443//uapi/a?b=c#d", "//uapi/a"),
        ("HTTP://h/a", "/a"),
        ("http://h", ""),
        ("ftp://h/a", None),
        ("//h/a", None),
        ("/a", None),
        ("http:/a", None),
        ("http://[::1", None),
        ("", None),
        ("\0", None),
    ],
)
def test_the_path_of_an_absolute_url(url: str, expected: str | None) -> None:
    assert path_of(url) == expected


@deterministic
@given(st.text())
def test_any_text_has_a_path_or_none(url: str) -> None:
    assert isinstance(path_of(url), str | None)
