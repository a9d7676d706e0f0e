from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.made import REQUEST, exchange, response, target, updated
from uapi.conformance.checks import expect
from uapi.conformance.finding import Failed
from uapi.conformance.probe import Probe
from uapi.conformance.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from uapi.conformance.exchange import Exchange

REFUSAL = {"error": {"code": "user_invalid", "message": "No."}}
CALL = {"id": "a", "phoneCallView": []}
UPDATE = replace(REQUEST, method="PUT", operation="updatePhoneCall")


@pytest.fixture
def probe() -> Iterator[Probe]:
    with Session(target("http://127.0.0.1:9/uapi")) as session:
        yield Probe(session)


def complaint(expectation: Callable[..., Any], *arguments: Any) -> str:
    """Return what an expectation has against an exchange; the exchange is its evidence."""
    seen = next(argument for argument in arguments if hasattr(argument, "request") and hasattr(argument, "fault"))
    with pytest.raises(Failed) as caught:
        expectation(*arguments)
    assert caught.value.exchanges == (seen,)
    return caught.value.message


def refused(status: int, value: Any = REFUSAL) -> Exchange:
    return exchange(response(value, status=status), request=UPDATE)


GONE = exchange(None, fault="no answer in 10 seconds")


def test_an_answer_is_expected() -> None:
    assert complaint(expect.answered, GONE) == "no answer: no answer in 10 seconds"


def test_one_of_several_statuses_will_do() -> None:
    assert expect.status(refused(204), 200, 204).status == 204


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (REFUSAL, "expected 200 or 204, got 400 user_invalid"),
        ({}, "expected 200 or 204, got 400"),
        ([], "expected 200 or 204, got 400"),
        ({"error": "x"}, "expected 200 or 204, got 400"),
        ("x", "expected 200 or 204, got 400"),
    ],
)
def test_another_status_is_told_with_its_code(value: Any, said: str) -> None:
    assert complaint(expect.status, refused(400, value), 200, 204) == said


@pytest.mark.parametrize("body", [b"", b"{", b"\xff"])
def test_a_body_is_expected_to_be_json(body: bytes) -> None:
    assert "the body is not" in complaint(expect.body, exchange(response(body=body)))


@pytest.mark.parametrize("value", [None, 7, [], {}, {"error": None}, {"error": "x"}, {"error": []}])
def test_an_error_body_is_expected_to_have_an_object(value: Any) -> None:
    assert "`error`" in complaint(expect.error, refused(400, value))


def test_a_refusal_with_the_code_is_one() -> None:
    expect.refusal(refused(400), {400}, "user_invalid")


def test_a_refusal_without_a_code_takes_any() -> None:
    expect.refusal(refused(415), {400, 415})


def test_a_refusal_with_another_code_is_told() -> None:
    said = complaint(expect.refusal, refused(400), {400}, "extension_invalid")
    assert said == "expected the code extension_invalid, got 'user_invalid'"


@pytest.mark.parametrize(
    ("expected", "said"), [({400}, "expected 400 user_invalid"), ({401}, "expected 401 user_invalid")]
)
def test_a_refusal_with_another_status_is_told_with_the_one_that_is_expected(expected: set[int], said: str) -> None:
    assert complaint(expect.refusal, refused(404), expected, "user_invalid").startswith(said)


def test_each_of_several_exchanges_is_expected_to_be_refused() -> None:
    with pytest.raises(Failed):
        expect.refused_with(iter([refused(400), refused(200)]), "user_invalid")


@pytest.mark.parametrize("status", [400, 401, 403, 415])
def test_any_documented_refusal_will_do(status: int) -> None:
    expect.documented_refusal(refused(status))


@pytest.mark.parametrize("status", [200, 204, 302, 402, 404, 422, 500, 501])
def test_what_is_no_documented_refusal_is_told(status: int) -> None:
    assert str(status) in complaint(expect.documented_refusal, refused(status))


@pytest.mark.parametrize("status", [404, 422])
def test_a_refusal_that_is_not_documented_is_called_so(status: int) -> None:
    # "expected a refusal, got 422" would say of a refusal that it is none.
    assert "documented" in complaint(expect.documented_refusal, refused(status))


def denied(status: int, code: str = "access_denied") -> Exchange:
    return refused(status, {"error": {"code": code, "message": "No."}})


def test_a_401_denies(probe: Probe) -> None:
    expect.denied(probe, denied(401))
    assert probe.remarks == []


def test_a_403_denies_with_a_remark(probe: Probe) -> None:
    expect.denied(probe, denied(403))
    assert len(probe.remarks) == 1


def test_a_401_with_another_code_does_not_deny(probe: Probe) -> None:
    assert "access_denied" in complaint(expect.denied, probe, denied(401, "access_denided"))


def test_what_does_not_deny_is_told_with_401(probe: Probe) -> None:
    assert "expected 401" in complaint(expect.denied, probe, updated(CALL))


def test_the_updated_call_is_returned(probe: Probe) -> None:
    assert expect.updated(probe, updated(CALL)) == CALL


@pytest.mark.parametrize(("strict", "remarks"), [(False, 0), (True, 1)])
def test_an_array_with_the_call_is_tolerated(probe: Probe, *, strict: bool, remarks: int) -> None:
    assert expect.updated(probe, updated([CALL]), strict=strict) == CALL
    assert len(probe.remarks) == remarks


@pytest.mark.parametrize("value", [None, 7, "x", [], [CALL, CALL], [7], {}, {"id": "a"}, {"entry": [CALL]}])
def test_what_is_no_updated_call_is_told(probe: Probe, value: Any) -> None:
    assert "not the one phone call" in complaint(expect.updated, probe, updated(value))


def test_the_only_entry_is_returned() -> None:
    assert expect.only_entry(exchange(response({"entry": [CALL]})), "a") == CALL


@pytest.mark.parametrize("entries", [[], [CALL, CALL], [{"id": "b"}], [{}]])
def test_other_entries_are_told(entries: list[Any]) -> None:
    assert "expected the phone call a alone" in complaint(
        expect.only_entry, exchange(response({"entry": entries})), "a"
    )
