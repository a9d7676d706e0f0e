"""Several processes act on the phone calls of one database at the same time."""

from __future__ import annotations

import json
import multiprocessing
from typing import TYPE_CHECKING, Any

from fastapi.testclient import TestClient

from sandbox.conftest import Clock
from sandbox.desk import USER
from sandbox.telephony.conftest import DESTINATION, PUBLIC, SILENT, SOURCE
from uapi.sandbox.app import create_sandbox
from uapi.sandbox.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.queues import Queue
    from pathlib import Path

    from uapi.sandbox.world import World

    OpenStore = Callable[..., Store]

CALLS = 12
PROCESSES = 2


def parks(client: TestClient, calls: list[str]) -> list[Any]:
    """Park calls, and return their positions."""
    found = []
    for call_id in calls:
        body = {"action": "Park", "phoneCallViewId": "00"}
        response = client.put(f"/uapi/phoneCalls/@me/@self/{call_id}", json=body)
        found.append(response.json()["phoneCallView"][0]["parkedPos"])
    return found


def hangs_up(client: TestClient, calls: list[str]) -> list[Any]:
    """Hang up calls, and return those that were hung up by this."""
    answers = [client.delete(f"/uapi/phoneCalls/@me/@self/{call_id}") for call_id in calls]
    return [call["id"] for answer in answers if answer.status_code == 200 for call in answer.json()]


def looks(client: TestClient, calls: list[str]) -> list[Any]:
    """Return what calls are like."""
    return [client.get(f"/uapi/phoneCalls/@me/@self/{call_id}").json()["entry"] for call_id in calls]


def work(file: Path, world: World, task: str, calls: list[str], results: Queue[Any]) -> None:
    """Do a task in a process, by an application of its own, at the time at which all calls are answered."""
    clock = Clock()
    clock.advance(60)
    tasks = {"parks": parks, "hangs_up": hangs_up, "looks": looks}
    with (
        Store(file, world, clock) as store,
        TestClient(create_sandbox(world, store), headers={"Authorization": f"Bearer {USER}"}) as client,
    ):
        results.put(json.dumps(tasks[task](client, calls)))


def together(file: Path, world: World, task: str, calls: list[list[str]]) -> list[Any]:
    """Have processes do a task at the same time, each with calls of its own, and return their results."""
    spawn = multiprocessing.get_context("spawn")
    results: Queue[Any] = spawn.Queue()
    processes = [spawn.Process(target=work, args=(file, world, task, part, results)) for part in calls]
    for process in processes:
        process.start()
    found = [json.loads(results.get(timeout=60)) for _ in processes]
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * len(processes)
    return found


def placed(store: Store, world: World, source: str = SOURCE, destination: str = PUBLIC) -> list[str]:
    view = {"source": source, "destination": destination}
    with TestClient(create_sandbox(world, store), headers={"Authorization": f"Bearer {USER}"}) as client:
        return [
            client.post("/uapi/phoneCalls/@me/simple", json={"phoneCallView": [view]}).json()[0]["id"]
            for _ in range(CALLS)
        ]


def test_no_position_is_given_twice(tmp_path: Path, world: World, open_store: OpenStore) -> None:
    calls = placed(open_store(tmp_path / "shared.sqlite3"), world)
    halves = [calls[: CALLS // 2], calls[CALLS // 2 :]]
    found = together(tmp_path / "shared.sqlite3", world, "parks", halves)
    assert sorted(position for part in found for position in part) == list(range(702, 702 + CALLS))


def test_each_call_is_hung_up_once(tmp_path: Path, world: World, open_store: OpenStore) -> None:
    calls = placed(open_store(tmp_path / "shared.sqlite3"), world)
    found = together(tmp_path / "shared.sqlite3", world, "hangs_up", [calls] * PROCESSES)
    assert sorted(call_id for part in found for call_id in part) == sorted(calls)


def test_all_see_the_same(tmp_path: Path, world: World, open_store: OpenStore) -> None:
    store = open_store(tmp_path / "shared.sqlite3")
    calls = placed(store, world, SOURCE, DESTINATION) + placed(store, world, SILENT, PUBLIC)
    first, second = together(tmp_path / "shared.sqlite3", world, "looks", [calls] * PROCESSES)
    assert first == second
    assert [bool(entries) for entries in first] == [True] * CALLS + [False] * CALLS
