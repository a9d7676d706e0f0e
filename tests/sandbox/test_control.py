"""The control interface: calls are placed, answered and hung up, time passes, and the world begins again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from sandbox.desk import CREDENTIALS, FOREIGN_CALL, LOCAL_CALL, START, STRANGER, USER, Desk
from uapi.sandbox.app import create_sandbox

if TYPE_CHECKING:
    from typing import Any

    from sandbox.conftest import Clock
    from uapi.sandbox.store import Store
    from uapi.sandbox.world import World

NOW = "2026-07-01T12:30:15+00:00"


def place(desk: Desk, **order: Any) -> dict[str, Any]:
    response = desk.client.post("/control/calls", json=order)
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize("path", ["calls", f"calls/{LOCAL_CALL}/answer", f"calls/{LOCAL_CALL}", "clock", "reset"])
def test_it_is_off_unless_asked_for(world: World, store: Store, path: str) -> None:
    desk = Desk(TestClient(create_sandbox(world, store)))
    for method in ("POST", "GET", "DELETE"):
        desk.refused(desk.send(method, f"/control/{path}", json={"advance": 1}), 404, "not_found")


def test_call_between_two_extensions(desk: Desk, clock: Clock) -> None:
    placed = place(desk, **{"from": "0003*212", "to": "0003*220", "caller_id": "Alice <212>", "nonce": "n-1"})
    assert placed == {"id": placed["id"], "extension": "0003*212", "views": ["00", "01"]}
    [call] = desk.entries("12/0003*212")
    assert (call["nonce"], call["published"], call["extension"]) == ("n-1", NOW, "0003*212")
    assert "answered" not in call
    called, caller = call["phoneCallView"]
    assert (called["extension"], called["status"], called["ringing"]) == ("0003*220", "3", NOW)
    assert (caller["extension"], caller["status"], caller["flow"]) == ("0003*212", "4", 2)
    path = f"12/0003*212/{placed['id']}"
    desk.refused(desk.put(path), 400, "pc_phonecallview_invalid")

    clock.advance(5)
    assert desk.client.post(f"/control/calls/{placed['id']}/answer").json() == {"done": True}
    clock.advance(5)
    assert desk.client.post(f"/control/calls/{placed['id']}/answer").status_code == 200
    [call] = desk.entries(path)
    assert call["answered"] == "2026-07-01T12:30:20+00:00"
    for view in call["phoneCallView"]:
        assert (view["status"], view["answered"]) == ("5", "2026-07-01T12:30:20+00:00")
        assert "ringing" not in view
    assert desk.put(path).json()["phoneCallView"][1]["recording"] == "2026-07-01T12:30:25+00:00"
    assert desk.ids("33/0003*220", token=STRANGER)[-1] == placed["id"]

    assert desk.client.delete(f"/control/calls/{placed['id']}").status_code == 204
    assert desk.entries(path) == []
    assert desk.get("12/0003*212").status_code == 204
    desk.refused(desk.put(path), 400, "pc_phonecall_invalid")


@pytest.mark.parametrize(
    ("order", "extension", "views", "flow"),
    [
        ({"from": "5550199", "to": "0003*212"}, "0003*212", ["00"], 8),
        ({"from": "0003*212", "to": "+15550199"}, "0003*212", ["01"], 4),
    ],
)
def test_call_from_or_to_outside(
    desk: Desk, order: dict[str, str], extension: str, views: list[str], flow: int
) -> None:
    placed = place(desk, **order)
    assert (placed["extension"], placed["views"]) == (extension, views)
    [call] = desk.entries("12/0003*212")
    assert call["phoneCallView"][0]["flow"] == flow
    assert "callerId" not in call["phoneCallView"][0]


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"from": "0003*212"},
        {"from": "0003*212", "to": 7},
        {"from": "0003*212", "to": ""},
        {"from": "0003*212", "to": "x"},
        {"from": "0003*212", "to": "7", "nonce": ""},
        {"from": "0003*212", "to": "7", "caller_id": "x" * 256},
        {"from": "0003*212", "to": "7", "colour": "red"},
    ],
)
def test_order_that_is_invalid(desk: Desk, order: dict[str, object]) -> None:
    desk.refused(desk.send("POST", "/control/calls", json=order, token=None), 400, "request_malformed")


def test_order_without_an_extension(desk: Desk) -> None:
    order = {"from": "5550199", "to": "5550198"}
    desk.refused(desk.send("POST", "/control/calls", json=order, token=None), 400, "extension_invalid")


@pytest.mark.parametrize(("method", "path"), [("POST", "/control/calls/444/answer"), ("DELETE", "/control/calls/444")])
def test_unknown_call(desk: Desk, method: str, path: str) -> None:
    desk.refused(desk.send(method, path, token=None), 400, "pc_phonecall_invalid")


def test_time_can_be_advanced(desk: Desk) -> None:
    token = desk.client.post("/oauth/token.php", data=CREDENTIALS).json()["access_token"]
    assert desk.get("@me/@self", token=token).status_code == 200
    assert desk.client.post("/control/clock", json={"advance": 1800}).json()["now"].startswith("2026-07-01T13:00:15")
    assert desk.client.post("/control/clock", json={"advance": 1800.5}).json()["now"].startswith("2026-07-01T13:30:16")
    assert desk.get("@me/@self", token=token).status_code == 401
    recorded = desk.put(f"12/0003*210/{LOCAL_CALL}").json()["phoneCallView"][1]["recording"]
    assert recorded == "2026-07-01T13:30:16+00:00"


@pytest.mark.parametrize("seconds", [-1, "x", None, 1e300])
def test_time_does_not_go_back(desk: Desk, seconds: object) -> None:
    response = desk.send("POST", "/control/clock", json={"advance": seconds}, token=None)
    desk.refused(response, 400, "request_malformed")


def test_world_begins_again(desk: Desk) -> None:
    desk.put(f"12/0003*210/{LOCAL_CALL}")
    desk.client.delete(f"/control/calls/{FOREIGN_CALL}")
    desk.client.post("/control/clock", json={"advance": 60})
    place(desk, **{"from": "0003*212", "to": "5550199"})
    token = desk.client.post("/oauth/token.php", data=CREDENTIALS).json()["access_token"]
    assert desk.client.post("/control/reset").json() == {"done": True}
    assert desk.recordings().keys() == {("d3a96c5e0f4b81729e4d", "00")}
    assert desk.ids("44/@self", token="sandbox-user-44") == [FOREIGN_CALL]
    assert desk.get("12/0003*212").status_code == 204
    assert desk.get("@me/@self", token=token).status_code == 401
    assert desk.put(f"12/0003*210/{LOCAL_CALL}", START, token=USER).json()["phoneCallView"][1]["recording"] == NOW
