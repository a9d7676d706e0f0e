"""A client for tests: it sends requests to a sandbox, and holds every answer against the contract."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from uapi_phonecalls import load_contract

if TYPE_CHECKING:
    from httpx2 import Client, Response

PAGE_CALL = "b817d2618fe6f1804333"
LOCAL_CALL = "4f0c1d9be2a75361c880"
CONFERENCE = "9a3e57c0d4b1f6280e15"
RINGING_CALL = "c27b90f1e86d4a53b014"
HELD_CALL = "05d8e4b6a19c7f3210ab"
PARKED_CALL = "7e61f0a2c95b8d34e7f6"
RECORDED_CALL = "d3a96c5e0f4b81729e4d"
UNRECORDABLE_CALL = "1b7f28d0c6e59a43f8d2"
ENDING_CALL = "e40a8b3d7c1596f2a0c9"
STRANGERS_CALL = "68c5d1f7b0e2493ad79e"
FOREIGN_CALL = "af92e6408d3c7b15d06c"
OWN_CALLS = {
    *(PAGE_CALL, LOCAL_CALL, CONFERENCE, RINGING_CALL, HELD_CALL),
    *(PARKED_CALL, RECORDED_CALL, UNRECORDABLE_CALL, ENDING_CALL),
}

USER, STRANGER, FOREIGNER = "sandbox-user-12", "sandbox-user-33", "sandbox-user-44"
ORGANIZATION, OTHER_ORGANIZATION = "sandbox-organization-3", "sandbox-organization-4"
ADMINISTRATOR, EXPIRED = "sandbox-administrator", "sandbox-user-12-expired"

CREDENTIALS = {
    "grant_type": "client_credentials",
    "client_id": "sandbox-app-user-12",
    "client_secret": "sandbox-secret-user-12",
}
START = {"action": "StartRecording", "phoneCallViewId": "01"}
STOP = {"action": "StopRecording", "phoneCallViewId": "01"}


@cache
def schema(name: str) -> Any:
    """Return the validator of a schema of the bundle."""
    document = {**load_contract(), "$ref": f"#/components/schemas/{name}"}
    return jsonschema_rs.validator_for(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **document}, validate_formats=True
    )


def expected(method: str, query: str) -> str:
    """Return the schema of a 200 answer."""
    if method == "PUT":
        return "PhoneCall"
    if method in {"POST", "DELETE"}:
        return "PartialPhoneCallArray" if "fields=" in query else "PhoneCallArray"
    return "PartialPhoneCallCollection" if "fields=" in query else "PhoneCallCollection"


def check(response: Response, secrets: set[str]) -> None:
    """Hold an answer against the contract: media type, schema, the headers of 401 and 405, and no token anywhere."""
    request = response.request
    path, query = request.url.path, request.url.query.decode()
    text = f"{response.text}\n{response.headers}"
    assert not [secret for secret in secrets if secret in text], text
    if response.status_code == 204 or request.method == "HEAD":
        assert not response.content
    elif path.startswith("/uapi/") or response.status_code >= 400:
        assert response.headers["content-type"] == "application/json"
        body = json.loads(response.content.decode("utf-8"))
        name = expected(request.method, query) if response.status_code == 200 else "ErrorResponse"
        errors = [str(error) for error in schema(name).iter_errors(body)]
        assert not errors, (errors, body)
    assert (response.status_code == 401) == ("www-authenticate" in response.headers)
    assert (response.status_code == 405) == ("allow" in response.headers)


@dataclass(frozen=True)
class Desk:
    """Where requests are sent from."""

    client: Client

    def send(self, method: str, path: str, *, token: str | None = USER, **options: Any) -> Response:
        """Send a request and return its answer, which is as the contract has it."""
        headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **options.pop("headers", {})}
        response = self.client.request(method, path, headers=headers, **options)
        check(response, {token} if token else set())
        return response

    def get(self, path: str, **options: Any) -> Response:
        return self.send("GET", f"/uapi/phoneCalls/{path}", **options)

    def put(self, path: str, body: object = None, **options: Any) -> Response:
        """Update a call, by a StartRecording of the view 01 unless another body is given."""
        headers = {"Content-Type": "application/json"}
        content = json.dumps(START if body is None else body)
        return self.send("PUT", f"/uapi/phoneCalls/{path}", content=content, headers=headers, **options)

    def put_text(
        self,
        content: str | bytes,
        media: str | bytes | None = "application/json",
        path: str = LOCAL_CALL,
        **options: Any,
    ) -> Response:
        """Update a call of extension 0003*210 by a body that is sent as it is."""
        headers = {"Content-Type": media} if media is not None else {}
        return self.send("PUT", f"/uapi/phoneCalls/12/0003*210/{path}", content=content, headers=headers, **options)

    def post(self, path: str, body: object, **options: Any) -> Response:
        """Place a call."""
        return self.send("POST", f"/uapi/phoneCalls/{path}", json=body, **options)

    def delete(self, path: str, **options: Any) -> Response:
        """Hang up."""
        return self.send("DELETE", f"/uapi/phoneCalls/{path}", **options)

    def entries(self, path: str, **options: Any) -> list[dict[str, Any]]:
        """Return the entries of a list, none where the answer is 204."""
        response = self.get(path, **options)
        assert response.status_code in {200, 204}, response.text
        return response.json()["entry"] if response.status_code == 200 else []

    def ids(self, path: str, **options: Any) -> list[str]:
        return [entry["id"] for entry in self.entries(path, **options)]

    def views(self, call_id: str, token: str = ADMINISTRATOR) -> dict[str, dict[str, Any]]:
        """Return the views of a call by their ids, as the administrator sees them."""
        [call] = self.entries(f"@owner/@self/{call_id}", token=token)
        return {view["id"]: view for view in call["phoneCallView"]}

    def recordings(self) -> dict[tuple[str, str], str]:
        """Return what is being recorded in the whole world."""
        numbers = ["0003*210", "0003*211", "0003*213", "0003*220", "0004*210"]
        calls = [call for number in numbers for call in self.entries(f"@owner/{number}", token=ADMINISTRATOR)]
        return {
            (call["id"], view["id"]): view["recording"]
            for call in calls
            for view in call["phoneCallView"]
            if "recording" in view
        }

    def refused(self, response: Response, status: int, code: str) -> str:
        """Return the message of a refusal with a status and a code."""
        assert (response.status_code, response.json()["error"]["code"]) == (status, code), response.text
        message: str = response.json()["error"]["message"]
        return message
