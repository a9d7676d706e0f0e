"""What a request asks for, as mutants tell requests apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mutants.world import ADMINISTRATOR, CALLER, ORGANIZATION, OTHER_ORGANIZATION, PHONE_CALL, STRANGER

if TYPE_CHECKING:
    from mutants.messages import Request

ACTIONS = ("StartRecording", "StopRecording")
FORMATS = ("wav", "wav49")
QUERY_TOKEN = "accessRequestToken"
TOKENS = frozenset(
    principal.token
    for principal in (CALLER, STRANGER, ORGANIZATION, OTHER_ORGANIZATION, ADMINISTRATOR)
    if principal is not None
)
METHODS = frozenset({"GET", "PUT", "POST", "DELETE"})


def update(request: Request) -> bool:
    return request.method == "PUT"


def starts(request: Request) -> bool:
    return update(request) and request.action == "StartRecording"


def stops(request: Request) -> bool:
    return update(request) and request.action == "StopRecording"


def one(request: Request) -> bool:
    return request.method == "GET" and request.call is not None


def several(request: Request) -> bool:
    return request.method == "GET" and request.call is None


def unknown_method(request: Request) -> bool:
    return request.method not in METHODS


def unknown_action(request: Request) -> bool:
    return update(request) and isinstance(request.action, str) and request.action not in ACTIONS


def ours(request: Request) -> bool:
    """Tell whether a request is about the phone call under test."""
    return request.call == PHONE_CALL.id


def user(request: Request) -> str:
    """Return the user that a request names, empty where its path is too short for one."""
    return request.segments[0] if request.segments else ""


def extension(request: Request) -> str:
    """Return the extension that a request names, empty where its path is too short for one."""
    return request.segments[1] if len(request.segments) > 1 else ""


def view_of(request: Request) -> object:
    return request.json.get("phoneCallViewId") if isinstance(request.json, dict) else None


def format_of(request: Request) -> object:
    return request.json.get("format") if isinstance(request.json, dict) else None


def authenticated(request: Request) -> bool:
    """Tell whether a request has a token that is valid."""
    return bool({request.token, request.parameters.get(QUERY_TOKEN, "").removeprefix("Bearer ")} & TOKENS)


def action_on(action: str, view: object, request: Request) -> Request:
    """Return the caller's own action on a view of the phone call under test, on the connection of another request."""
    path = f"/uapi/phoneCalls/@me/{CALLER.extension}/{PHONE_CALL.id}"
    plain = replace(request, method="PUT", raw_path=path, query="").with_header("Content-Type", "application/json")
    return plain.with_token(CALLER.token).with_json({"action": action, "phoneCallViewId": view})


def start_of(view: object, request: Request) -> Request:
    return action_on("StartRecording", view, request)


def stop_of(view: object, request: Request) -> Request:
    return action_on("StopRecording", view, request)
