"""The generated client and the sandbox understand each other: typed all the way, over real HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from pydantic import MISSING

from sandbox.desk import ENDING_CALL, EXPIRED, LOCAL_CALL, USER
from sandbox.live import serving
from uapi_phonecalls import models
from uapi_phonecalls.client import AsyncClient, Client
from uapi_phonecalls.client.auth import Oauth2ClientCredentials
from uapi_phonecalls.client.errors import AuthenticationError, BadRequestError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.conftest import Clock, Premises
    from uapi.sandbox.store import Store


@pytest.fixture(scope="module")
def live(premises: Premises) -> Iterator[str]:
    with serving(premises.app) as served:
        yield served


@pytest.fixture
def url(live: str, store: Store) -> str:
    assert store.call(LOCAL_CALL) is not None
    return live


START = models.StartRecording(action="StartRecording", format="wav49", phoneCallViewId="01")
STOP = models.StopRecording(action="StopRecording", phoneCallViewId="01")


def recorded(call: models.PhoneCall) -> dict[str, bool]:
    return {view.id: view.recording is not MISSING for view in call.phoneCallView}


def test_list_start_get_stop(url: str) -> None:
    with Client(base_url=url, bearer=USER) as client:
        calls = client.phone_calls
        listed = calls.list_phone_calls(userId="@me", extension="0003*210", count=2)
        assert isinstance(listed, models.PhoneCallCollection)
        assert listed.totalResults == 5
        found = listed.entry[1].id
        assert found == LOCAL_CALL

        started = calls.update_phone_call(userId="12", extension="0003*210", phoneCallId=found, body=START)
        assert isinstance(started, models.PhoneCall)
        assert recorded(started) == {"00": False, "01": True}

        got = calls.get_phone_call(userId="12", extension="0003*210", phoneCallId=found)
        assert isinstance(got, models.PhoneCallCollection)
        assert got.entry == [started]

        stopped = calls.update_phone_call(userId="12", extension="0003*210", phoneCallId=found, body=STOP)
        assert isinstance(stopped, models.PhoneCall)
        assert recorded(stopped) == {"00": False, "01": False}


def test_list_start_get_stop_async(url: str) -> None:
    async def run() -> list[dict[str, bool]]:
        async with AsyncClient(base_url=url, bearer=USER) as client:
            calls = client.phone_calls
            listed = await calls.list_phone_calls(userId="@me", extension="0003*210", sortOrder="ascending")
            assert isinstance(listed, models.PhoneCallCollection)
            found = listed.entry[1].id
            started = await calls.update_phone_call(userId="@owner", extension="@self", phoneCallId=found, body=START)
            got = await calls.get_phone_call(userId="@owner", extension="@self", phoneCallId=found)
            stopped = await calls.update_phone_call(userId="@owner", extension="@self", phoneCallId=found, body=STOP)
            assert isinstance(started, models.PhoneCall)
            assert isinstance(got, models.PhoneCallCollection)
            assert isinstance(stopped, models.PhoneCall)
            return [recorded(call) for call in (started, got.entry[0], stopped)]

    assert asyncio.run(run()) == [{"00": False, "01": True}] * 2 + [{"00": False, "01": False}]


def test_reduced_calls(url: str) -> None:
    with Client(base_url=url, access_request_token=USER) as client:
        listed = client.phone_calls.list_phone_calls(userId="@me", extension="@self", fields=["id", "links"], count=1)
        assert isinstance(listed, models.PartialPhoneCallCollection)
        assert listed.entry[0].links is not MISSING
        assert listed.entry[0].phoneCallView is MISSING
        assert isinstance(listed.paging, models.Paging)
        assert USER not in str(listed)


def test_no_call_is_none(url: str) -> None:
    with Client(base_url=url, bearer=USER) as client:
        calls = client.phone_calls
        assert calls.list_phone_calls(userId="12", extension="0003*212") is None
        start = models.StartRecording(action="StartRecording", phoneCallViewId="00")
        gone = calls.update_phone_call(userId="12", extension="0003*211", phoneCallId=ENDING_CALL, body=start)
        assert gone is None


def order(**view: str) -> models.NewSimplePhoneCall:
    told = models.NewSimplePhoneCallView(source="0003*214", destination=["0003*215"], **view)
    return models.NewSimplePhoneCall(extension="0003*214", phoneCallView=[told], nonce="n-1")


def test_call_is_placed_and_hung_up(url: str) -> None:
    with Client(base_url=url, bearer=USER) as client:
        calls = client.phone_calls
        placed = calls.create_simple_phone_call(userId="@me", body=order(callerId="Bob <42>"), waitForPickup=20)
        assert placed is not None
        [call] = placed
        assert isinstance(call, models.PhoneCall)
        assert (call.nonce, call.phoneCallView[0].callerId) == ("n-1", "Bob <42>")
        other = "5559999"
        missed = calls.hang_up_phone_call(userId="@me", extension="0003*214", phoneCallId=call.id, phoneNumber=other)
        assert missed is None
        assert calls.hang_up_phone_calls(userId="@me", extension="0003*214") == [call]
        assert calls.hang_up_phone_calls(userId="@me", extension="0003*214") is None


@pytest.mark.parametrize(
    ("action", "member"),
    [
        (models.OnHold(action="OnHold", phoneCallViewId="00"), "onHold"),
        (models.Park(action="Park", phoneCallViewId="00", maxInParking="30"), "parked"),
    ],
)
def test_call_is_placed_and_acted_on_async(url: str, clock: Clock, action: models.PhoneCallAction, member: str) -> None:
    async def run() -> models.PhoneCall | None:
        async with AsyncClient(base_url=url, bearer=USER) as client:
            calls = client.phone_calls
            placed = await calls.create_simple_phone_call(userId="@me", body=order(), fields=["id"])
            assert placed is not None
            [call] = placed
            assert call.id is not MISSING
            clock.advance(10)
            return await calls.update_phone_call(userId="@me", extension="@self", phoneCallId=call.id, body=action)

    changed = asyncio.run(run())
    assert changed is not None
    assert getattr(changed.phoneCallView[0], member) is not MISSING


def test_errors_are_typed(url: str) -> None:
    with Client(base_url=url, bearer=USER) as client:
        with pytest.raises(BadRequestError) as refused:
            client.phone_calls.update_phone_call(userId="12", extension="0003*210", phoneCallId="444444", body=START)
        assert isinstance(refused.value.body, models.ErrorResponse)
        assert refused.value.body.error.code == "pc_phonecall_invalid"
    with Client(base_url=url, bearer=EXPIRED) as client, pytest.raises(AuthenticationError) as denied:
        client.phone_calls.get_phone_call(userId="12", extension="0003*210", phoneCallId=LOCAL_CALL)
    assert isinstance(denied.value.body, models.ErrorResponse)
    assert denied.value.body.error.code == "access_denied"


def test_token_of_client_credentials(url: str) -> None:
    tokens = Oauth2ClientCredentials(
        client_id="sandbox-app-user-12",
        client_secret="sandbox-secret-user-12",
        token_url=f"{url.removesuffix('/uapi')}/oauth/token.php",
    )
    with Client(base_url=url, oauth2=tokens) as client:
        listed = client.phone_calls.list_phone_calls(userId="@me", extension="@self")
        assert isinstance(listed, models.PhoneCallCollection)
