"""The public API of the generated package: complete, and named as if it were written by hand."""

from __future__ import annotations

import inspect
import json
import re
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter, ValidationError

import uapi_phonecalls
from uapi_phonecalls import models
from uapi_phonecalls.client import Client
from uapi_phonecalls.client.errors import APIStatusError
from uapi_phonecalls.client.options import RetryOptions
from uapi_phonecalls.server import HTTPResult, create_app, services

if TYPE_CHECKING:
    from collections.abc import Callable

CONTRACT = uapi_phonecalls.load_contract()
EXAMPLES = {name: example["value"] for name, example in CONTRACT["components"]["examples"].items()}
OPERATIONS = {
    operation["operationId"]: operation
    for path in CONTRACT["paths"].values()
    for operation in path.values()
    if isinstance(operation, dict)
}
ACTIONS = tuple(CONTRACT["components"]["schemas"]["PhoneCallAction"]["discriminator"]["mapping"])
CALL = {"userId": "@me", "extension": "0003*210", "phoneCallId": "b817d2618fe6f1804333"}
LIST = {"userId": "@me", "extension": "0003*210"}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _public(module: object) -> list[str]:
    return [name for name in vars(module) if not name.startswith("_") and name[0].isupper()]


def test_no_name_has_a_number_that_the_generator_made_up() -> None:
    assert [name for name in _public(models) if name[-1].isdigit()] == []


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_each_operation_is_a_method_of_the_client_and_of_the_service(operation: str) -> None:
    client: Any = getattr(Client(bearer="token").phone_calls, _snake(operation))
    service: Any = getattr(services.PhoneCallsService, _snake(operation))
    summary = OPERATIONS[operation]["summary"]
    for method in (client, service):
        assert (inspect.getdoc(method) or "").startswith(summary)
        assert all(
            parameter.kind is inspect.Parameter.KEYWORD_ONLY
            for name, parameter in inspect.signature(method).parameters.items()
            if name != "self"
        )


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_the_model_of_its_name(action: str) -> None:
    taken = TypeAdapter(models.PhoneCallAction).validate_python(EXAMPLES[action])
    assert type(taken) is getattr(models, action)
    with pytest.raises(ValidationError):
        TypeAdapter(models.PhoneCallAction).validate_python(EXAMPLES[action] | {"action": action.lower()})


def test_what_is_answered_whole_is_a_whole_phone_call_and_what_is_reduced_a_part_of_one() -> None:
    placed: TypeAdapter[Any] = TypeAdapter(models.PhoneCallsPlacedResponse)
    (whole,) = placed.validate_python(EXAMPLES["PhoneCallPlaced"])
    (part,) = placed.validate_python(EXAMPLES["PhoneCallPlacedPartial"])
    assert type(whole) is models.PhoneCall
    assert type(part) is models.PartialPhoneCall


def _requests() -> list[tuple[str, dict[str, Any], str, str, Any]]:
    simple = EXAMPLES["NewSimplePhoneCallNonce"]
    callback, invite, park = EXAMPLES["NewCallbackPhoneCall"], EXAMPLES["NewConferenceInvite"], EXAMPLES["Park"]
    base = "/uapi/phoneCalls/@me"
    return [
        (
            "create_simple_phone_call",
            {
                "userId": "@me",
                "waitForPickup": 10,
                "callDuration": 60,
                "allowPublicTransfer": True,
                "video": True,
                "fields": ["id", "links"],
                "body": models.NewSimplePhoneCall.model_validate(simple),
            },
            "POST",
            f"{base}/simple?waitForPickup=10&callDuration=60&allowPublicTransfer=true&video=true&fields=id,links",
            simple,
        ),
        (
            "create_callback_phone_call",
            {"userId": "@me", "callDuration": 60, "body": models.NewCallbackPhoneCall.model_validate(callback)},
            "POST",
            f"{base}/callback?callDuration=60",
            callback,
        ),
        (
            "create_conference_invite",
            {"userId": "@me", "number": 3, "pin": "0233", "body": models.NewConferenceInvite.model_validate(invite)},
            "POST",
            f"{base}/conferenceInvite?number=3&pin=0233",
            invite,
        ),
        ("hang_up_phone_calls", {**LIST, "phoneNumber": "+4930"}, "DELETE", f"{base}/0003*210?phoneNumber=+4930", None),
        ("hang_up_phone_call", CALL, "DELETE", f"{base}/0003*210/b817d2618fe6f1804333", None),
        (
            "update_phone_call",
            {**CALL, "body": models.Park.model_validate(park)},
            "PUT",
            f"{base}/0003*210/b817d2618fe6f1804333",
            park,
        ),
    ]


@pytest.mark.parametrize(("method", "arguments", "verb", "target", "body"), _requests(), ids=str)
def test_the_client_sends_what_the_contract_says(
    method: str, arguments: dict[str, Any], verb: str, target: str, body: Any
) -> None:
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(204)

    with httpx2.Client(transport=httpx2.MockTransport(answer)) as transport:
        client = Client(base_url="https://pbx.test/uapi", bearer="token", http_client=transport)
        call: Callable[..., object] = getattr(client.phone_calls, method)
        assert call(**arguments) is None
    (request,) = sent
    assert request.method == verb
    path, _, query = target.partition("?")
    assert request.url.path == path
    wanted = dict(pair.split("=") for pair in query.split("&")) if query else {}
    assert {name: request.url.params[name] for name in wanted} == wanted
    assert (json.loads(request.content) if request.content else None) == body


@pytest.mark.parametrize(("method", "sent"), [("update_phone_call", 1), ("get_phone_call", 3)])
def test_an_action_is_not_sent_again_after_a_failure(method: str, sent: int) -> None:
    """It would call or transfer somebody twice; a GET may be sent again."""
    answers: list[int] = []

    def fail(_request: httpx2.Request) -> httpx2.Response:
        answers.append(503)
        return httpx2.Response(503, json=EXAMPLES["ErrorInternalServerError"])

    body = {"body": models.BargeIn.model_validate(EXAMPLES["BargeIn"])} if method == "update_phone_call" else {}
    with httpx2.Client(transport=httpx2.MockTransport(fail)) as transport:
        retry = RetryOptions(initial_delay=0, max_delay=0)
        client = Client(base_url="https://pbx.test/uapi", bearer="token", http_client=transport, retry=retry)
        with pytest.raises(APIStatusError):
            getattr(client.phone_calls, method)(**CALL, **body)
    assert len(answers) == sent


class _Recorder:
    """A service that answers nothing and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., HTTPResult[Any]]:
        def note(**_arguments: object) -> HTTPResult[Any]:
            self.asked.append(name)
            return HTTPResult(204)

        return note


def test_a_creating_request_is_not_mistaken_for_one_about_an_extension() -> None:
    service: Any = _Recorder()
    app = create_app(phone_calls=service, authorize=lambda _requirements, _credentials: "anybody", prefix="/uapi")
    client = TestClient(app, headers={"Authorization": "Bearer token"})
    for kind, example in (
        ("simple", "NewSimplePhoneCallPlain"),
        ("callback", "NewCallbackPhoneCall"),
        ("conferenceInvite", "NewConferenceInvite"),
    ):
        assert client.post(f"/uapi/phoneCalls/@me/{kind}", json=EXAMPLES[example]).status_code == 204
        refused = client.get(f"/uapi/phoneCalls/@me/{kind}")
        assert refused.json()["detail"][0]["loc"] == ["path", "extension"]
    assert service.asked == ["create_simple_phone_call", "create_callback_phone_call", "create_conference_invite"]
