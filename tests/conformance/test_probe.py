from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.loopback import Received, recording, serving
from conformance.made import deterministic, target, wire
from mutants.world import CALLER, ENDING_CALL, OTHER_VIEW, PHONE_CALL, ROLES
from uapi.conformance.finding import Excluded, Failed, NotExercised
from uapi.conformance.place import Place
from uapi.conformance.probe import Probe
from uapi.conformance.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mutants.laboratory import Laboratory
    from mutants.messages import Request, Response
    from mutants.mutant import Serve

SEGMENTS = st.text(st.characters(codec="utf-8"), min_size=1)
PRINCIPALS = ["caller", "stranger", "expired", "organization", "other_organization", "administrator"]


@pytest.fixture
def received() -> list[Received]:
    return []


@pytest.fixture
def probing(received: list[Received]) -> Iterator[Callable[..., Probe]]:
    """Return a function that makes a probe on a server that keeps what it receives."""
    with serving(recording(wire(b'{"entry": []}'), received)) as server:
        sessions = []

        def probe(**settings: Any) -> Probe:
            sessions.append(Session(target(server.base_url, **settings)))
            return Probe(sessions[-1])

        yield probe
        for session in sessions:
            session.__exit__(None, None, None)


def lacking(*features: str) -> dict[str, Any]:
    return {"features": ROLES.features.model_copy(update=dict.fromkeys(features, False))}


@deterministic
@given(SEGMENTS, SEGMENTS, SEGMENTS, st.sampled_from(["", "@*"]))
def test_a_path_is_decoded_to_its_place(user: str, extension: str, phone_call: str, safe: str) -> None:
    path = Place(user, extension, phone_call).path(safe=safe)
    assert [unquote(part) for part in path.split("/")[1:]] == ["phoneCalls", user, extension, phone_call]


@deterministic
@given(SEGMENTS, SEGMENTS)
def test_a_path_is_ascii_without_delimiters(user: str, extension: str) -> None:
    path = Place(user, extension).path()
    assert path.isascii()
    assert not set(path) & set("?# \n\"'<>`\\")


@pytest.mark.parametrize(
    ("place", "safe", "path"),
    [
        (Place("@me", "0003*210", "a"), "@*", "/phoneCalls/@me/0003*210/a"),
        (Place("@me", "0003*210", "a"), "", "/phoneCalls/%40me/0003%2A210/a"),
        (Place("12", "@self"), "@*", "/phoneCalls/12/@self"),
        (Place("12", "@self", ""), "@*", "/phoneCalls/12/@self/"),
        (Place("a/b", "c d", "é"), "@*", "/phoneCalls/a%2Fb/c%20d/%C3%A9"),
    ],
)
def test_a_place_has_a_path(place: Place, safe: str, path: str) -> None:
    assert place.path(safe=safe) == path


def test_the_place_under_test_is_the_configured_call(probing: Callable[..., Probe]) -> None:
    assert probing().place == Place("@me", CALLER.extension, PHONE_CALL.id)


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_a_principal_sends_its_own_token(
    probing: Callable[..., Probe], received: list[Received], principal: str
) -> None:
    probing().get(principal=principal)
    assert received[0].header("authorization") == f"Bearer {getattr(ROLES, principal).token}"


def test_nobody_sends_no_token(probing: Callable[..., Probe], received: list[Received]) -> None:
    probing().get(principal=None)
    assert received[0].header("authorization") is None


@pytest.mark.parametrize("principal", PRINCIPALS[1:])
def test_a_principal_that_the_target_does_not_name_is_not_exercised(
    probing: Callable[..., Probe], principal: str
) -> None:
    with pytest.raises(NotExercised, match=principal.replace("_", " ")):
        probing(**{principal: None}).token(principal)


def test_an_update_is_json(probing: Callable[..., Probe], received: list[Received]) -> None:
    probing().update({"action": "é"})
    (request,) = received
    assert (request.method, request.header("content-type"), json.loads(request.body)) == (
        "PUT",
        "application/json",
        {"action": "é"},
    )


def test_an_update_of_bytes_is_sent_as_it_is(probing: Callable[..., Probe], received: list[Received]) -> None:
    probing().update(b'{"a": "\xff"')
    assert received[0].body == b'{"a": "\xff"'


@pytest.mark.parametrize("value", [None, [], "x", 7, True, {}])
def test_an_update_may_be_any_json(probing: Callable[..., Probe], received: list[Received], value: object) -> None:
    probing().update(value)
    assert json.loads(received[0].body) == value


def test_a_start_names_the_view_under_test(probing: Callable[..., Probe], received: list[Received]) -> None:
    probing().start(format="wav")
    expected = {"action": "StartRecording", "phoneCallViewId": PHONE_CALL.view_id, "format": "wav"}
    assert json.loads(received[0].body) == expected


def test_a_stop_names_the_view_under_test(probing: Callable[..., Probe], received: list[Received]) -> None:
    probing().stop()
    assert json.loads(received[0].body) == {"action": "StopRecording", "phoneCallViewId": PHONE_CALL.view_id}


def test_a_query_keeps_its_reserved_characters(probing: Callable[..., Probe], received: list[Received]) -> None:
    probing().list(query={"filterValue": "0003*210", "fields": "id,link"})
    assert received[0].path.endswith("?filterValue=0003*210&fields=id,link")


@pytest.mark.parametrize(("feature", "operation"), [("get", "get"), ("list", "list"), ("stop_recording", "stop")])
def test_what_the_target_does_not_offer_is_excluded(
    probing: Callable[..., Probe], feature: str, operation: str
) -> None:
    with pytest.raises(Excluded, match=f"features.{feature} = false"):
        getattr(probing(**lacking(feature)), operation)()


def test_what_the_target_does_not_offer_is_not_sent(probing: Callable[..., Probe], received: list[Received]) -> None:
    probing(**lacking("get", "list", "stop_recording")).survey()
    assert {request.method for request in received} == {"PUT", "PATCH"}
    assert not any(b"StopRecording" in request.body for request in received)


def test_a_survey_has_an_exchange_of_each_kind(probing: Callable[..., Probe], received: list[Received]) -> None:
    probing().survey()
    assert {request.method for request in received} == {"GET", "PUT", "PATCH"}


@pytest.mark.parametrize("name", ["content-type", "authorization"])
def test_a_survey_repeats_headers_that_no_request_may_repeat(
    probing: Callable[..., Probe], received: list[Received], name: str
) -> None:
    probe = probing()
    probe.survey()
    repeated = [sum(key.lower() == name for key, _ in request.headers) > 1 for request in received]
    assert repeated.count(True) == 1
    assert probe.session.exchanges[repeated.index(True)].request.irregular


def test_a_survey_is_had_once(probing: Callable[..., Probe], received: list[Received]) -> None:
    probe = probing()
    probe.survey()
    before = len(received)
    probe.survey()
    assert len(received) == before


def test_no_call_is_placed_nor_hung_up(probing: Callable[..., Probe], received: list[Received]) -> None:
    probing().survey()
    assert not {"POST", "DELETE"} & {request.method for request in received}


def test_the_ending_call_is_updated_once(probing: Callable[..., Probe], received: list[Received]) -> None:
    probe = probing()
    assert probe.ending() is probe.ending()
    assert [request.path for request in received] == [f"/uapi/phoneCalls/@me/{ENDING_CALL.extension}/{ENDING_CALL.id}"]


def test_without_an_ending_call_the_204_is_not_exercised(probing: Callable[..., Probe]) -> None:
    with pytest.raises(NotExercised, match="ending_call"):
        probing(ending_call=None).ending()


def test_recordings_are_read_anew(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        before = probe.recordings()
        probe.start()
        after = probe.recordings()
    assert (before[PHONE_CALL.view_id], after[PHONE_CALL.view_id] is not None) == (None, True)


def test_a_call_that_is_gone_has_no_recordings(probing: Callable[..., Probe]) -> None:
    with pytest.raises(Failed, match="not found any more"):
        probing().recordings()


def test_quiet_stops_the_recording(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        probe.start()
        probe.quiet()
        assert probe.recordings() == {PHONE_CALL.view_id: None, OTHER_VIEW: None}


def test_another_view_is_found(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        assert probe.other_view() == OTHER_VIEW


def test_a_call_with_a_single_view_does_not_exercise_what_needs_two(laboratory: Laboratory) -> None:
    async def single(request: Request, serve: Serve) -> Response:
        answer = await serve(request)
        return answer.with_calls(lambda call: call.update(phoneCallView=call["phoneCallView"][-1:]))

    with laboratory.probe(single) as probe, pytest.raises(NotExercised, match="single view"):
        probe.other_view()
