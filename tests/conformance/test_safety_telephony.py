"""Which phone calls the kit can place, act on and hang up, whatever its checks do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.loopback import recording, serving
from conformance.made import target, wire
from mutants.world import CALLER, PHONE_CALL, ROLES, STRANGER
from uapi.conformance.errors import TargetError
from uapi.conformance.exchange import Request
from uapi.conformance.finding import NotExercised
from uapi.conformance.guard import UnsafeRequestError
from uapi.conformance.place import Place
from uapi.conformance.probe import Probe
from uapi.conformance.safety import confirm
from uapi.conformance.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.loopback import Received

OTHER = "9d0c1b2a39485766f1e0"
"""A phone call of somebody else."""
OURS = "0a1b2c3d4e5f60718293"
"""The phone call that the server says it placed."""
HERE = Place("@me", CALLER.extension, OURS)


@pytest.fixture
def received() -> list[Received]:
    return []


@pytest.fixture
def probe(received: list[Received]) -> Iterator[Probe]:
    """Yield a probe on a server that answers everything with the phone call that it placed."""
    answer = wire(json.dumps([{"id": OURS}]).encode())
    with serving(recording(answer, received)) as server, Session(target(server.base_url), telephony=True) as session:
        yield Probe(session)


def order(**members: Any) -> dict[str, Any]:
    view = {"source": ["0003*214"], "destination": ["0003*215"]}
    return {"extension": CALLER.extension, "phoneCallView": [view], **members}


def between(source: Any, destination: Any) -> dict[str, Any]:
    return order(phoneCallView=[{"source": source, "destination": destination}])


def deleted(probe: Probe, place: Place) -> None:
    probe.session.send(probe.request("DELETE", place, operation="hangUpPhoneCalls"))


@pytest.mark.parametrize(
    "body",
    [
        order(),
        between("0003*216", "5550190"),
        between(["0003*214", "0003*216"], ["nosuchnumber"]),
        between([], None),
        order(extension="0003*0"),
        order(extension=getattr(STRANGER, "extension", None)),
        {},
        [],
        "text",
    ],
)
def test_calls_between_numbers_that_are_named_or_reach_nobody_are_placed(
    probe: Probe, received: list[Received], body: Any
) -> None:
    probe.telephone.create(body)
    assert [(each.method, each.path) for each in received] == [("POST", "/uapi/phoneCalls/@me/simple")]


@pytest.mark.parametrize(
    "body",
    [
        between("0003*220", "0003*299"),
        between(["0003*214"], ["0003*215", "112"]),
        between(112, "0003*215"),
        order(extension="0003*299"),
        {"phoneCallView": {"source": "112"}},
    ],
)
def test_no_number_is_called_that_the_target_does_not_name(
    probe: Probe, received: list[Received], body: dict[str, Any]
) -> None:
    with pytest.raises(UnsafeRequestError, match="does not name"):
        probe.telephone.create(body)
    assert received == []


@pytest.mark.parametrize("path", ["/phoneCalls/@me", "/phoneCalls/@me/0003*210", f"/phoneCalls/@me/simple/{OURS}", "/"])
def test_nothing_is_posted_elsewhere(probe: Probe, received: list[Received], path: str) -> None:
    with pytest.raises(UnsafeRequestError, match="places no phone call"):
        probe.session.send(Request("POST", probe.target.base_url + path, (), b"{}"))
    assert received == []


def test_a_call_that_the_kit_placed_is_acted_on_and_hung_up(probe: Probe, received: list[Received]) -> None:
    probe.telephone.create(order())
    probe.update({"action": "Transfer", "sendCallTo": "0003*216"}, HERE)
    probe.telephone.hang_up(HERE)
    assert [each.method for each in received] == ["POST", "PUT", "DELETE"]


@pytest.mark.parametrize("phone_call", [OTHER, PHONE_CALL.id])
def test_no_other_call_is_hung_up(probe: Probe, received: list[Received], phone_call: str) -> None:
    probe.telephone.create(order())
    received.clear()
    with pytest.raises(UnsafeRequestError, match="did not place"):
        probe.telephone.hang_up(Place("@me", CALLER.extension, phone_call))
    assert received == []


def test_a_call_that_was_there_before_is_not_the_kits_own(probe: Probe, received: list[Received]) -> None:
    probe.get(HERE)  # the server shows it, and then says that it placed it
    probe.telephone.create(order())
    received.clear()
    with pytest.raises(UnsafeRequestError):
        probe.telephone.hang_up(HERE)
    assert received == []


def test_an_action_sends_no_call_to_a_number_that_is_not_named(probe: Probe, received: list[Received]) -> None:
    probe.telephone.create(order())
    received.clear()
    with pytest.raises(UnsafeRequestError, match="112"):
        probe.update({"action": "BargeIn", "sendCallTo": "112"}, HERE)
    assert received == []


def test_actions_that_people_feel_are_not_sent_to_the_call_under_test(probe: Probe, received: list[Received]) -> None:
    probe.get()
    received.clear()
    with pytest.raises(UnsafeRequestError, match="OnHold"):
        probe.update({"action": "OnHold", "phoneCallViewId": PHONE_CALL.view_id}, probe.place)
    assert received == []


def test_an_extension_is_hung_up_right_after_its_list_showed_calls_of_the_kit_alone(
    probe: Probe, received: list[Received]
) -> None:
    probe.telephone.create(order())
    everywhere = Place("@me", "0003*216")
    probe.telephone.hang_up(everywhere)
    assert [each.method for each in received] == ["POST", "GET", "DELETE"]
    with pytest.raises(UnsafeRequestError, match="may have phone calls of others"):
        deleted(probe, everywhere)  # something else was sent since


def test_an_extension_with_a_call_of_others_is_not_hung_up(probe: Probe, received: list[Received]) -> None:
    place = Place("@me", "0003*216")
    with pytest.raises(NotExercised, match="that the kit did not place"):
        probe.telephone.hang_up(place)  # the list shows a call, which nobody placed
    with pytest.raises(UnsafeRequestError, match="may have phone calls of others"):
        deleted(probe, place)
    assert [each.method for each in received] == ["GET"]


def test_the_list_of_one_extension_permits_nothing_for_another(probe: Probe) -> None:
    probe.telephone.create(order())
    probe.list(Place("@me", "0003*216"))
    with pytest.raises(UnsafeRequestError):
        deleted(probe, Place("@me", "0003*217"))


def test_a_part_of_a_list_permits_nothing(probe: Probe) -> None:
    probe.telephone.create(order())
    place = Place("@me", "0003*216")
    probe.list(place, query={"count": "1"})
    with pytest.raises(UnsafeRequestError):
        deleted(probe, place)


ELSEWHERE = "https://pbx.example.com/uapi"


def test_placing_calls_elsewhere_needs_a_permission_of_its_own() -> None:
    permitted = target(ELSEWHERE, recording_is_permitted=True)
    confirm(permitted)
    with pytest.raises(TargetError) as caught:
        confirm(permitted, places_calls=True)
    assert "0003*214" in caught.value.message
    assert "--placing-is-permitted" in str(caught.value.hint)
    confirm(target(ELSEWHERE, recording_is_permitted=True, placing_is_permitted=True), places_calls=True)


def test_without_the_permission_the_guard_lets_nothing_through() -> None:
    with (
        Session(target(ELSEWHERE), telephony=True) as session,
        pytest.raises(UnsafeRequestError, match="placing_is_permitted"),
    ):
        Probe(session).telephone.create(order())


def test_every_number_of_a_role_is_one_that_may_be_called() -> None:
    named = {"0003*210", "0003*214", "0003*215", "0003*216", "0003*217", "0003*218", "0003*219", "0003*220"}
    assert ROLES.numbers() == named | {"0004*210", "5550190", "5550194"}
