"""The sandbox is used as the public clients of the service use a server: they act on calls that go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sandbox.public_clients import Answer, ClientOfToday, Server

EXTENSION, SECOND, THIRD, SILENT = "0003*214", "0003*215", "0003*216", "0003*217"
PUBLIC = "3235742879"
CALLER = "John Doe <42420042>"


@dataclass(frozen=True)
class Talk:
    """A phone call between two extensions, which the client of today, the samples and the pages act on."""

    server: Server
    client: ClientOfToday
    id: str

    def view(self, extension: str = EXTENSION) -> dict[str, Any]:
        return self.server.views(self.id)[extension]

    def today(self, action: str, view_of: str | None = EXTENSION, **members: object) -> dict[str, Any]:
        """Act as the client of today; it names the extension of the call."""
        named = {} if view_of is None else {"phoneCallViewId": self.view(view_of)["id"]}
        return self._done(self.client.update(EXTENSION, self.id, action=action, **named, **members))

    def sample(
        self,
        action: str,
        view_of: str | None = EXTENSION,
        *,
        place: str = "/uapi/phoneCalls/@me/@self",
        **members: object,
    ) -> dict[str, Any]:
        """Act as the samples do."""
        named = {} if view_of is None else {"phoneCallViewId": self.view(view_of)["id"]}
        return self._done(self.server.sample("PUT", f"{place}/{self.id}", {"action": action, **members, **named}))

    def wait(self, seconds: float = 10) -> None:
        self.server.wait(seconds)

    def parties(self) -> set[str]:
        return self.server.on_call(self.id)

    def _done(self, answer: Answer) -> dict[str, Any]:
        call: dict[str, Any] = answer.done()
        assert call["id"] == self.id
        return call


def called(server: Server, client: ClientOfToday, destination: str) -> Talk:
    body = {"extension": EXTENSION, "phoneCallView": [{"source": EXTENSION, "destination": destination}]}
    placed = server.sample("POST", "/uapi/phoneCalls/@me/simple?waitForPickup=3600", body).done()
    server.wait(10)
    return Talk(server, client, placed[0]["id"])


@pytest.fixture
def talk(server: Server, client: ClientOfToday) -> Talk:
    made = called(server, client, SECOND)
    assert made.parties() == {EXTENSION, SECOND}
    return made


# Hold


def test_client_of_today_holds_a_call_and_takes_it_back(talk: Talk) -> None:
    talk.today("OnHold")
    assert "onHold" in talk.view()
    talk.today("OffHold")
    assert "onHold" not in talk.view()


# The parking lot


@pytest.mark.parametrize(
    "place", ["/unifiedapi/phoneCalls/@me/@self", f"/uapi/phoneCalls/@me/{EXTENSION}", "/uapi/phoneCalls/@me/214"]
)
def test_samples_park_without_a_time(talk: Talk, place: str) -> None:
    talk.sample("Park", place=place)
    assert int(talk.view()["parkedPos"]) > 0
    assert talk.view()["parkedBy"] == EXTENSION
    talk.wait(100)
    assert "parked" in talk.view()
    talk.wait(100)
    assert "parked" not in talk.view()


@pytest.mark.parametrize("seconds", [30, "30"])
def test_time_in_the_parking_lot_is_a_number_or_text(talk: Talk, seconds: object) -> None:
    talk.today("Park", maxInParking=seconds)
    assert "parked" in talk.view()
    talk.wait(40)
    assert "parked" not in talk.view()


def test_client_of_today_parks_and_unparks(talk: Talk) -> None:
    talk.today("Park", maxInParking=180)
    talk.today("UnPark", sendCallTo=THIRD, waitForPickup="25")
    talk.wait()
    assert THIRD in talk.parties()
    assert not any("parked" in view for view in talk.server.views(talk.id).values())


# Who joins


def test_sample_barges_in(talk: Talk) -> None:
    """The path names the extension that is barged in on."""
    members = {"sendCallTo": THIRD, "callerId": CALLER, "waitForPickup": "20"}
    talk.sample("BargeIn", place=f"/uapi/phoneCalls/@me/{EXTENSION}", **members)
    talk.wait()
    assert talk.parties() == {EXTENSION, SECOND, THIRD}
    assert talk.view(THIRD)["callerId"] == CALLER


@pytest.mark.parametrize("action", ["BargeIn", "Whisper", "Monitor"])
@pytest.mark.parametrize("number", [THIRD, "216"])
def test_client_of_today_has_an_extension_join(talk: Talk, action: str, number: str) -> None:
    talk.today(action, sendCallTo=number, waitForPickup="25")
    talk.wait()
    assert talk.parties() == {EXTENSION, SECOND, THIRD}


@pytest.mark.parametrize("private", ["0", "1", 0, 1])
def test_privacy_of_a_whisper_is_a_number_or_text(talk: Talk, private: object) -> None:
    talk.today("Whisper", sendCallTo=THIRD, callerId="Whisper To Me <42420042>", waitForPickup="20", private=private)
    talk.wait()
    assert THIRD in talk.parties()


@pytest.mark.parametrize("told", [{}, {"callerId": CALLER}])
def test_client_of_today_picks_up(server: Server, client: ClientOfToday, told: dict[str, str]) -> None:
    ringing = called(server, client, SILENT)
    assert int(ringing.view(SILENT)["status"]) == 3
    ringing.today("PickUp", SILENT, sendCallTo=THIRD, waitForPickup="25", **told)
    ringing.wait()
    assert ringing.parties() == {EXTENSION, THIRD}


# Transfer


@pytest.mark.parametrize(("leaves", "stays"), [(EXTENSION, SECOND), (SECOND, EXTENSION)])
@pytest.mark.parametrize(("number", "joins"), [(THIRD, {THIRD}), ("216", {THIRD}), (PUBLIC, set())])
def test_samples_transfer_by_a_view_alone(talk: Talk, leaves: str, stays: str, number: str, joins: set[str]) -> None:
    talk.sample("Transfer", leaves, sendCallTo=number)
    talk.wait()
    assert talk.parties() == {stays} | joins


@pytest.mark.parametrize("named", [{}, {"transferNumber": SECOND}])
def test_client_of_today_transfers_by_numbers(talk: Talk, named: dict[str, str]) -> None:
    talk.today("Transfer", None, sendCallTo="3334444", transferFromNumber="214", **named)
    talk.wait()
    assert talk.parties() == {SECOND}


@pytest.mark.parametrize("named", [{}, {"transferFromNumber": EXTENSION}])
def test_client_of_today_transfers_to_a_voicemail(talk: Talk, named: dict[str, str]) -> None:
    talk.today("TransferToVoicemail", None, sendCallTo=THIRD, transferNumber=SECOND, **named)
    assert talk.parties() == {SECOND, THIRD}


# What is refused


def test_client_of_today_reads_why_nothing_was_done(client: ClientOfToday, talk: Talk) -> None:
    view = talk.view()["id"]
    for sent in (
        {"action": "OnHold", "phoneCallViewId": "99"},
        {"action": "BargeIn", "phoneCallViewId": view, "sendCallTo": "0003*999", "waitForPickup": "25"},
        {"action": "Transfer", "sendCallTo": THIRD, "transferFromNumber": "5559999"},
    ):
        answer = client.update(EXTENSION, talk.id, **sent)
        error = answer.json()["error"]
        assert answer.status == 400
        assert isinstance(error["code"], str)
        assert isinstance(error["message"], str)
    assert talk.parties() == {EXTENSION, SECOND}
