"""What the kit can never send, whatever its checks do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.loopback import answering, recording, serving
from conformance.made import target, wire
from mutants.world import CALLER, ENDING_CALL, PHONE_CALL, ROLES, UNRECORDABLE_CALL
from uapi.conformance.checks.addressing import NO_CALL_IDS, NO_CALLS
from uapi.conformance.engine import decide
from uapi.conformance.exchange import Request
from uapi.conformance.guard import HARMFUL, UnsafeRequestError
from uapi.conformance.outcome import Outcome
from uapi.conformance.place import Place
from uapi.conformance.probe import Probe
from uapi.conformance.register import register
from uapi.conformance.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.loopback import Received
    from mutants.laboratory import Laboratory

OTHER = "9d0c1b2a39485766f1e0"
"""A phone call of somebody else."""
START = {"action": "StartRecording", "phoneCallViewId": PHONE_CALL.view_id}


@pytest.fixture
def received() -> list[Received]:
    return []


@pytest.fixture
def probe(received: list[Received]) -> Iterator[Probe]:
    with serving(recording(wire(), received)) as server, Session(target(server.base_url)) as session:
        yield Probe(session)


def request(probe: Probe, path: str, method: str = "PUT", body: Any = None) -> Request:
    return Request(method, probe.target.base_url + path, (), json.dumps(body or START).encode())


@pytest.mark.parametrize("how", ["send", "send_raw"])
@pytest.mark.parametrize(
    "path",
    [
        f"/phoneCalls/@me/{CALLER.extension}/{OTHER}",
        f"/phoneCalls/@me/@self/{OTHER}/",
        f"/phoneCalls/%40me/%40self/%39{OTHER[1:]}",
        f"//phoneCalls//@me//@self//{OTHER}",
        f"/phoneCalls/@me/@self/{OTHER}?x={PHONE_CALL.id}",
        f"/phoneCalls/@me/@self/{OTHER}/{PHONE_CALL.id}",
        f"/phoneCalls/@me/@self/{PHONE_CALL.id}/../{OTHER}",
        f"/phoneCalls/@me/@self/{PHONE_CALL.id}/%2E%2E/{OTHER}",
        f"/../uapi/phoneCalls/@me/@self/{PHONE_CALL.id}",
        "/phoneCalls/@me/@self",
        "/phoneCalls/@me/@self/",
        "/phoneCalls",
        "",
        "-other/phoneCalls/@me/@self/" + PHONE_CALL.id,
    ],
)
def test_an_update_of_another_phone_call_is_not_sent(
    probe: Probe, received: list[Received], path: str, how: str
) -> None:
    with pytest.raises(UnsafeRequestError):
        getattr(probe.session, how)(request(probe, path))
    assert (received, probe.session.exchanges) == ([], [])


@pytest.mark.parametrize("method", ["PATCH", "put", "MOVE"])
def test_other_methods_do_not_reach_other_phone_calls(probe: Probe, received: list[Received], method: str) -> None:
    with pytest.raises(UnsafeRequestError):
        probe.session.send(request(probe, f"/phoneCalls/@me/@self/{OTHER}", method))
    assert received == []


@pytest.mark.parametrize("method", ["POST", "DELETE", "delete"])
@pytest.mark.parametrize("phone_call", [PHONE_CALL.id, "nosuchcall"])
def test_no_phone_call_is_placed_or_hung_up(
    probe: Probe, received: list[Received], method: str, phone_call: str
) -> None:
    with pytest.raises(UnsafeRequestError, match="hang up"):
        probe.session.send(request(probe, f"/phoneCalls/@me/@self/{phone_call}", method))
    assert received == []


@pytest.mark.parametrize("action", sorted(HARMFUL))
def test_no_action_is_sent_that_people_would_notice(probe: Probe, received: list[Received], action: str) -> None:
    with pytest.raises(UnsafeRequestError, match=action):
        probe.update({"action": action, "phoneCallViewId": PHONE_CALL.view_id, "sendCallTo": "0003*211"})
    assert received == []


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/uapi/x", "http://pbx.example/uapi/x", "https://127.0.0.1/uapi/x", "http://localhost/uapi/x"],
)
def test_no_request_goes_to_another_server(probe: Probe, url: str) -> None:
    with pytest.raises(UnsafeRequestError, match="another server"):
        probe.session.send(Request("GET", url))


@pytest.mark.parametrize("phone_call", [PHONE_CALL.id, ENDING_CALL.id, UNRECORDABLE_CALL.id])  # type: ignore[union-attr]
def test_the_named_phone_calls_are_updated(probe: Probe, received: list[Received], phone_call: str) -> None:
    probe.start(Place("@me", "@self", phone_call))
    assert received[0].path.endswith(phone_call)


@pytest.mark.parametrize("phone_call", [*NO_CALLS, *NO_CALL_IDS, "nosuchcall7", "x" * 256, "a-b", "\u00e9", "a b"])
def test_ids_that_are_made_up_are_sent(probe: Probe, received: list[Received], phone_call: str) -> None:
    probe.start(Place("@me", "@self", phone_call))
    assert len(received) == 1


def test_an_id_that_the_target_showed_is_not_made_up() -> None:
    answer = wire(json.dumps({"entry": [{"id": "nosuchcall"}, {"id": PHONE_CALL.id}]}).encode())
    with serving(answering(answer)) as server, Session(target(server.base_url)) as session:
        probe = Probe(session)
        assert probe.start(Place("@me", "@self", "nosuchcall")).status == 200
        probe.list()
        with pytest.raises(UnsafeRequestError, match="nosuchcall"):
            probe.start(Place("@me", "@self", "nosuchcall"))


def test_a_target_elsewhere_is_not_updated_without_permission() -> None:
    with Session(target("https://pbx.example/uapi")) as session, pytest.raises(UnsafeRequestError, match="permitted"):
        Probe(session).start()


def test_a_proxy_makes_a_target_of_localhost_one_elsewhere() -> None:
    chosen = target("http://localhost/uapi", proxy="http://127.0.0.1:9")
    with Session(chosen) as session, pytest.raises(UnsafeRequestError, match="permitted"):
        Probe(session).start()


def test_the_recording_of_others_is_not_stopped(probe: Probe, received: list[Received]) -> None:
    probe.session.guard.foreign.add((PHONE_CALL.id, "00"))
    with pytest.raises(UnsafeRequestError, match="others began"):
        probe.stop(view="00")
    assert received == []
    assert probe.stop().status == 200


def test_what_must_not_be_sent_is_a_defect_of_the_kit(laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uapi.conformance.checks.addressing.NO_CALLS", (OTHER,))
    with laboratory.probe() as probe:
        result = decide(register()["ADDR-012"], probe)
    assert result.outcome is Outcome.ERROR
    assert OTHER in result.message


def test_a_guard_withstands_any_body(probe: Probe) -> None:
    for body in (b"", b"{", b"[" * 100_000, b"7", b'{"action": []}', b'{"action": {"a": 1}, "phoneCallViewId": [1]}'):
        assert probe.update(body).status == 200
    assert ROLES.phone_call.id in probe.session.guard.updated


def test_a_start_without_an_answer_may_have_been_carried_out_on_a_view_that_there_is(probe: Probe) -> None:
    body = {"action": "StartRecording"}
    for view in ("nosuchview", "nosuch\0view", PHONE_CALL.view_id):
        sent = json.dumps({**body, "phoneCallViewId": view}).encode()
        probe.session.keep(probe.request("PUT", probe.place, operation=None, body=sent), None, "reset")
    assert list(probe.session.guard.running) == [(PHONE_CALL.id, PHONE_CALL.view_id)]
