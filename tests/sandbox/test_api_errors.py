"""The error layer by itself, as a server team uses it with the generated server and nothing of the sandbox."""

from __future__ import annotations

import copy
import subprocess
import sys
from typing import Any

import pytest
from fastapi import Depends
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from uapi.sandbox.api_errors import ApiError, ErrorCodes, error_handlers, json_body, known_method, printable
from uapi_phonecalls import load_contract, models
from uapi_phonecalls.server import Credentials, HTTPResult, RequirementSets, create_app
from uapi_phonecalls.server.services import PhoneCallsService

CALL = "/v1/phoneCalls/12/0003*210/b817"
HEADERS = {"Authorization": "Bearer token-of-a-user"}


class Service(PhoneCallsService[str]):
    """A service that fails in each of the ways in which services do."""

    def list_phone_calls(self, **_: Any) -> models.PhoneCallCollection:
        raise HTTPException(418, "short and stout")

    def get_phone_call(self, **arguments: Any) -> Any:
        if arguments["phoneCallId"] == "fault":
            raise ZeroDivisionError
        if arguments["phoneCallId"] == "invalid":
            return {"entry": None}
        return HTTPResult(status_code=204)

    def create_simple_phone_call(self, **_: Any) -> Any:
        raise NotImplementedError

    create_callback_phone_call = create_conference_invite = create_simple_phone_call
    hang_up_phone_call = hang_up_phone_calls = create_simple_phone_call

    def update_phone_call(self, **_: Any) -> models.PhoneCall:
        raise ApiError(400, "pc_phonecall_invalid", "There is no such call.", headers={"X-Reason": "none"})


def authorize(_requirement_sets: RequirementSets, _credentials: Credentials) -> str:
    return "somebody"


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = create_app(
        phone_calls=Service(),
        authorize=authorize,
        prefix="/v1",
        exception_handlers=error_handlers(load_contract(), prefix="/v1"),
        dependencies=[Depends(known_method(load_contract(), prefix="/v1")), Depends(json_body)],
        redirect_slashes=False,
    )
    return TestClient(app, headers=HEADERS, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/v1/phoneCalls/12/x", None, 400, "extension_invalid"),
        ("GET", "/v1/phoneCalls/12/0003*210?count=0", None, 400, "count_invalid"),
        ("GET", "/v1/phoneCalls/12/0003*210?fields=", None, 400, "fields_invalid"),
        ("GET", "/v1/phoneCalls/12/0003*210", None, 418, "http_418"),
        ("PUT", CALL, {}, 400, "request_malformed"),
        ("PUT", CALL, {"action": "StartRecording", "format": 1}, 400, "pc_recformat_invalid"),
        ("PUT", CALL, {"action": "StopRecording", "phoneCallViewId": "01"}, 400, "pc_phonecall_invalid"),
        ("POST", CALL, None, 405, "method_not_allowed"),
        ("DELETE", CALL, None, 501, "request_not_implemented"),
        ("GET", "/v1/phoneCalls/12/simple", None, 405, "method_not_allowed"),
        ("GET", "/phoneCalls/12/0003*210", None, 404, "not_found"),
        ("GET", CALL.replace("b817", "fault"), None, 500, "internal_server_error"),
        ("GET", CALL.replace("b817", "invalid"), None, 500, "internal_server_error"),
    ],
)
def test_error(client: TestClient, method: str, path: str, body: object, status: int, code: str) -> None:
    response = client.request(method, path, json=body)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert response.json()["error"]["message"]
    assert response.headers["content-type"] == "application/json"


def test_headers_of_an_error_are_sent(client: TestClient) -> None:
    response = client.put(CALL, json={"action": "StopRecording", "phoneCallViewId": "01"})
    assert response.headers["x-reason"] == "none"
    assert client.post(CALL).headers["allow"] == "GET, PUT, DELETE"
    assert client.get(CALL, headers={"Authorization": ""}).headers["www-authenticate"] == 'Bearer realm="uapi"'


def test_success_is_left_alone(client: TestClient) -> None:
    assert client.get(CALL).status_code == 204


def test_codes_of_the_contract() -> None:
    """Each `x-error-code` of the contract is found by the location that FastAPI gives for its input."""
    codes = ErrorCodes(load_contract())
    assert codes.code("listPhoneCalls", ("path", "userId")) == "user_invalid"
    assert codes.code("getPhoneCall", ("path", "phoneCallId")) == "pc_phonecall_invalid"
    assert codes.code("listPhoneCalls", ("query", "fields", 3)) == "fields_invalid"
    assert codes.code("updatePhoneCall", ("body", "StartRecording", "format")) == "pc_recformat_invalid"
    assert codes.code("updatePhoneCall", ("body", "StopRecording", "phoneCallViewId")) == "pc_phonecallview_invalid"
    assert codes.code("updatePhoneCall", ("body", "StopRecording", "format")) == "request_malformed"
    assert codes.code("updatePhoneCall", ("body",)) == "request_malformed"
    assert codes.code("updatePhoneCall", ("body", 17)) == "request_malformed"
    assert codes.code("getPhoneCall", ("query", "count")) == "request_malformed"
    assert codes.code("unknown", ("path", "userId")) == "request_malformed"
    assert codes.code(None, ()) == "request_malformed"


def test_code_of_a_body_and_of_plain_and_composed_schemas() -> None:
    contract = copy.deepcopy(load_contract())
    components = contract["components"]
    components["requestBodies"]["PhoneCallAction"]["x-error-code"] = "body_invalid"
    stop = components["schemas"]["StopRecording"]
    components["schemas"]["Base"] = {"properties": stop.pop("properties")}
    stop["allOf"] = [{"$ref": "#/components/schemas/Base"}]
    codes = ErrorCodes(contract)
    assert codes.code("updatePhoneCall", ("body",)) == "body_invalid"
    assert codes.code("updatePhoneCall", ("body", "StartRecording", "action")) == "body_invalid"
    assert codes.code("updatePhoneCall", ("body", "StopRecording", "phoneCallViewId")) == "pc_phonecallview_invalid"


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/uapi/phoneCalls/12/@self", "GET, DELETE"),
        ("/uapi/phoneCalls/12/simple", "POST"),
        ("/uapi/phoneCalls/simple/12", "GET, DELETE"),
        ("/uapi/phoneCalls/12/@self/1", "GET, PUT, DELETE"),
        ("/uapi/phoneCalls/12/simple/1", "GET, PUT, DELETE"),
        ("/uapi/phoneCalls/12/@self/", None),
        ("/uapi/phoneCalls//@self", None),
        ("/uapi/PhoneCalls/12/@self", None),
        ("/phoneCalls/12/@self", None),
        ("", None),
    ],
)
def test_allowed_methods(path: str, methods: str | None) -> None:
    assert ErrorCodes(load_contract(), prefix="/uapi").allowed(path) == methods


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain", "plain"),
        ("ü\n\x00\ud800", r"\xfc\n\x00\ud800"),
        (1.5, "1.5"),
        (None, "None"),
        ("x" * 81, "x" * 80 + "..."),
    ],
)
def test_printable(value: object, shown: str) -> None:
    assert printable(value) == shown


def test_it_needs_nothing_of_the_sandbox() -> None:
    code = (
        f"import sys; sys.path[:] = {sys.path!r}; import uapi.sandbox.api_errors;"
        "print(sorted(name for name in sys.modules if name.startswith('uapi.') and 'api_errors' not in name))"
    )
    result = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "['uapi.sandbox']"
