"""The spellings of a request that are taken for the usual one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from sandbox.desk import LOCAL_CALL, START, Desk
from uapi.sandbox.app import create_sandbox

if TYPE_CHECKING:
    from uapi.sandbox.store import Store
    from uapi.sandbox.world import World

CALL = f"/unifiedapi/phoneCalls/@me/0003*210/{LOCAL_CALL}"


@pytest.fixture
def legacy(world: World, store: Store) -> Desk:
    """Return a desk of a sandbox that knows the legacy prefix."""
    return Desk(TestClient(create_sandbox(world, store, legacy_prefix=True), base_url="http://sandbox.test:8080"))


@pytest.mark.parametrize("path", [CALL, f"{CALL}/", CALL.replace("@", "%40").replace("*", "%2A")])
def test_legacy_prefix_is_taken_for_the_usual_one(legacy: Desk, path: str) -> None:
    answer = legacy.send("GET", path)
    usual = legacy.send("GET", f"/uapi/{path.removeprefix('/unifiedapi/')}")
    assert (answer.status_code, answer.json()) == (200, usual.json())
    assert answer.json()["entry"][0]["links"]["self"] == (
        f"http://sandbox.test:8080/uapi/phoneCalls/12/0003*210/{LOCAL_CALL}"
    )


def test_encoded_slash_is_none_below_the_legacy_prefix_either(legacy: Desk) -> None:
    answers = [legacy.send("GET", f"{prefix}/phoneCalls/@me/0003*210%2F1") for prefix in ("/uapi", "/unifiedapi")]
    assert [(answer.status_code, answer.json()["error"]["code"]) for answer in answers] == [
        (400, "extension_invalid")
    ] * 2


def test_legacy_prefix_with_a_body_and_with_an_error(legacy: Desk) -> None:
    updated = legacy.send("PUT", CALL, json=START)
    assert (updated.status_code, "recording" in updated.json()["phoneCallView"][1]) == (200, True)
    legacy.refused(legacy.send("PUT", CALL, json={**START, "format": "mp3"}), 400, "pc_recformat_invalid")
    legacy.refused(legacy.send("GET", "/unifiedapi/phoneCalls/@me/0003*999"), 400, "extension_invalid")
    legacy.refused(legacy.send("GET", CALL, token=None), 401, "access_denied")
    assert legacy.send("POST", CALL, json={}).headers["allow"] == "GET, PUT, DELETE"


@pytest.mark.parametrize(
    "path", ["/unifiedapi", "/unifiedapiphoneCalls/@me/@self", "/unifiedapi/uapi/phoneCalls/@me/@self"]
)
def test_what_is_not_below_the_legacy_prefix_is_not_found(legacy: Desk, path: str) -> None:
    legacy.refused(legacy.send("GET", path), 404, "not_found")


def test_legacy_prefix_is_not_known_unless_asked_for(desk: Desk) -> None:
    desk.refused(desk.send("GET", CALL), 404, "not_found")
