from __future__ import annotations

import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.made import deterministic, exchange, response
from uapi.conformance.exchange import SHOWN_BYTES, JsonError, Request, Response, parse_json, telling

TOKEN = "s3cr3t-t0k3n"
SECRETS = {TOKEN: "$UAPI_CALLER_TOKEN"}
URL = "http://127.0.0.1/uapi/phoneCalls/@me/0003*210"
SHOWN = (st.none(), st.booleans(), st.integers(), st.text(st.characters(codec="utf-8")))
VALUES = st.recursive(st.one_of(*SHOWN), lambda inner: st.lists(inner) | st.dictionaries(SHOWN[3], inner), max_leaves=9)


@deterministic
@given(VALUES)
def test_json_is_read(value: object) -> None:
    assert parse_json(json.dumps(value).encode()) == value


@deterministic
@given(VALUES)
def test_json_is_read_in_utf8(value: object) -> None:
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


@deterministic
@given(st.binary(max_size=40))
def test_any_bytes_are_json_or_a_json_error(body: bytes) -> None:
    said = "the body is not JSON"
    try:
        parse_json(body)
    except JsonError as error:
        said = str(error)
    assert said.startswith("the body is n")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"{}{}",
        b"{'a': 1}",
        b'{"a": 1,}',
        b"[1,]",
        b"01",
        b"+1",
        b".5",
        b"1.",
        b"0x1",
        b"True",
        b"undefined",
        b'"\t"',
        b'"\\x41"',
        b'"\\u12"',
        b"// comment\n{}",
        b"\xa0{}",
        b"NaN",
        b'{"a": NaN}',
        b"[Infinity]",
        b"-Infinity",
        b"\xef\xbb\xbf{}",  # a byte order mark, which RFC 8259 forbids a sender to add
        '{"a": "é"}'.encode("latin-1"),
        "{}".encode("utf-16"),
        b'"\xed\xa0\x80"',  # half of a surrogate pair, as no UTF-8 encodes it
        b'"\xc0\x80"',  # NUL in two bytes
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
    ids=range(31),
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(JsonError):
        parse_json(body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"a": "\xe9"}', "not UTF-8 at byte 7"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deep"),
        (b"NaN", "NaN is no JSON value"),
        (b"{", "line 1 column 2"),
    ],
)
def test_a_json_error_says_why(body: bytes, said: str) -> None:
    with pytest.raises(JsonError, match=said):
        parse_json(body)


def test_a_number_of_many_digits_is_json() -> None:
    # Python has a limit on the digits of an int, JSON has none.
    assert parse_json(b"9" * 5000)


def test_headers_are_found_in_any_case() -> None:
    answer = Response(200, (("X-One", "1"), ("x-one", "2"), ("X-Two", "3")), b"")
    assert (answer.header("X-ONE"), answer.header("x-two"), answer.header("x-three")) == ("1, 2", "3", None)


@pytest.mark.parametrize(
    ("value", "media_type"),
    [
        ("application/json", "application/json"),
        ("Application/JSON; charset=utf-8", "application/json"),
        (" text/html ;x", "text/html"),
        (";", ""),
        ("", None),
    ],
)
def test_the_media_type_is_without_parameters(value: str, media_type: str | None) -> None:
    assert Response(200, (("Content-Type", value),), b"").media_type == media_type


def test_without_a_content_type_there_is_no_media_type() -> None:
    assert Response(200, (), b"").media_type is None


def test_an_exchange_without_an_answer_has_no_status() -> None:
    assert exchange(None, fault="gone").status is None


def with_token(place: str) -> object:
    """Return an exchange that has the token in one place."""
    request = Request("PUT", URL, (("Content-Type", "application/json"),), b"{}", "caller", "updatePhoneCall")
    requests = {
        "header": Request("GET", URL, (("Authorization", f"Bearer {TOKEN}"),)),
        "query": Request("GET", f"{URL}?accessRequestToken={TOKEN}"),
        "query, with a scheme": Request("GET", f"{URL}?accessRequestToken=Bearer+{TOKEN}&a=b"),
        "request body": Request("PUT", URL, (), f'{{"token": "{TOKEN}"}}'.encode()),
    }
    answers = {
        "response body": response({"error": {"message": f"no {TOKEN} here, no {TOKEN} there"}}),
        "response header": response({}, Location=f"http://h/?t={TOKEN}"),
        "name of a response header": Response(200, ((TOKEN, "x"),), b""),
        "end of a body that is clipped": response(body=b"x" * (SHOWN_BYTES - 5) + TOKEN.encode() + b"y" * 99),
        "beginning of what is clipped": response(body=b"x" * (SHOWN_BYTES - len(TOKEN)) + TOKEN.encode() + b"y"),
    }
    fault = f"cannot send {TOKEN}" if place == "fault" else None
    answer = None if place == "fault" else answers.get(place, response({}))
    return exchange(answer, request=requests.get(place, request), fault=fault, secrets=SECRETS)


PLACES = [
    "header",
    "query",
    "query, with a scheme",
    "request body",
    "response body",
    "response header",
    "fault",
    "name of a response header",
    "end of a body that is clipped",
    "beginning of what is clipped",
]


@pytest.mark.parametrize("place", PLACES)
def test_a_token_does_not_stand_in_the_report(place: str) -> None:
    text = json.dumps(with_token(place).as_json())
    assert not any(TOKEN[:length] in text for length in range(5, len(TOKEN) + 1))


@pytest.mark.parametrize("place", PLACES)
def test_a_token_does_not_stand_in_the_curl(place: str) -> None:
    assert TOKEN not in with_token(place).curl


@pytest.mark.parametrize("place", ["header", "query", "query, with a scheme", "request body"])
def test_the_variable_of_a_token_stands_in_the_curl(place: str) -> None:
    assert "UAPI_CALLER_TOKEN" in with_token(place).curl


@pytest.mark.parametrize("token", ["a+b/c==", "a b", "ü", "a%20b", 'a"b', "a\\b", "a&b=c"])
def test_a_token_that_is_percent_encoded_does_not_stand_in_the_report(token: str) -> None:
    request = Request("PUT", f"{URL}?accessRequestToken={quote_plus(token)}&again={quote(token, safe='')}")
    shown = json.dumps(exchange(response({}), request=request, secrets={token: "$T"}).as_json())
    assert not any(encoded in shown for encoded in (token, quote_plus(token), quote(token, safe="")))


def test_a_token_that_is_escaped_in_json_does_not_stand_in_the_report() -> None:
    token = 'a"b\\c/d'
    shown = exchange(response({"echo": token}), secrets={token: "$T"}).as_json()
    assert json.dumps(token)[1:-1] not in shown["response"]["body"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_token_that_begins_with_another_is_redacted_whole(order: int) -> None:
    tokens = [("user-12", "$UAPI_CALLER_TOKEN"), ("user-12-expired", "$UAPI_EXPIRED_TOKEN")]
    shown = exchange(response({"a": "user-12-expired"}), secrets=dict(tokens[::order])).as_json()
    assert "-expired" not in shown["response"]["body"]


def test_a_body_is_kept_as_it_came() -> None:
    assert exchange(response(body=b"{}\n \x00")).as_json()["response"]["body"] == "{}\n \x00"


def test_a_body_that_is_no_utf8_is_kept_readable() -> None:
    assert exchange(response(body=b"\xff\xfe a")).as_json()["response"]["body"] == "\\xff\\xfe a"


@pytest.mark.parametrize("extra", [0, 1, 100_000])
def test_a_large_body_is_clipped_and_its_size_told(extra: int) -> None:
    shown = exchange(response(body=b"x" * (SHOWN_BYTES + extra))).as_json()["response"]["body"]
    assert shown == "x" * SHOWN_BYTES + (f" … {SHOWN_BYTES + extra} bytes in all" if extra else "")


def test_a_body_that_is_clipped_within_a_character_is_kept_readable() -> None:
    body = b"x" * (SHOWN_BYTES - 1) + "é".encode() + b"y" * 9
    assert exchange(response(body=body)).as_json()["response"]["body"].startswith("x" * (SHOWN_BYTES - 1))


def test_a_large_request_body_is_clipped_too() -> None:
    request = Request("PUT", URL, (), b"x" * (SHOWN_BYTES + 1))
    assert len(exchange(response({}), request=request).as_json()["request"]["body"]) < SHOWN_BYTES + 50


@deterministic
@given(
    status=st.integers(100, 599),
    headers=st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=3),
    body=st.binary(max_size=99),
    fault=st.none() | st.text(max_size=9),
)
def test_an_exchange_is_json(status: int, headers: list[tuple[str, str]], body: bytes, fault: str | None) -> None:
    answer = None if fault else Response(status, tuple(headers), body, 0.25)
    shown = exchange(answer, fault=fault, secrets=SECRETS).as_json()
    assert json.loads(json.dumps(shown, allow_nan=False)) == shown


@pytest.mark.parametrize(
    ("methods", "kept"),
    [
        ("", []),
        ("GGGG", [2, 3, 4]),
        ("PGGGG", [1, 4, 5]),
        ("GPGPGG", [2, 4, 6]),
        ("PPPPG", [2, 3, 4]),
        ("PG", [1, 2]),
    ],
)
def test_what_asks_tells_more_than_what_looks(methods: str, kept: list[int]) -> None:
    names = {"G": "GET", "P": "PUT"}
    exchanges = [
        exchange(request=Request(names[letter], "http://127.0.0.1/uapi"), number=number)
        for number, letter in enumerate(methods, 1)
    ]
    assert [each.number for each in telling(exchanges, 3)] == kept
