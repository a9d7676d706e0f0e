"""The store: a database that is kept, shared by threads and processes, and refused where it is another's."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from pydantic import MISSING

from sandbox.desk import LOCAL_CALL, PAGE_CALL, START, USER
from uapi.sandbox.app import create_sandbox
from uapi.sandbox.errors import DatabaseError
from uapi.sandbox.serving import system_clock
from uapi.sandbox.store import Store
from uapi.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    OpenStore = Callable[..., Store]


def test_state_is_kept(tmp_path: Path, world: World, open_store: OpenStore) -> None:
    file = tmp_path / "kept.sqlite3"
    first = open_store(file)
    with first.writing():
        first.delete(PAGE_CALL)
    first.close()
    assert open_store(file).call(PAGE_CALL) is None
    assert open_store(file).call(LOCAL_CALL) == world.phone_calls[1].call


def test_database_of_another_world_is_refused(tmp_path: Path, world: World, open_store: OpenStore) -> None:
    open_store(tmp_path / "kept.sqlite3")
    other = world.model_copy(update={"phone_calls": (), "target": None})
    with pytest.raises(
        DatabaseError, match=r"kept.sqlite3: the database was filled with another world\n  Name its world"
    ):
        open_store(tmp_path / "kept.sqlite3", World.model_validate(other.model_dump()))


def test_foreign_database_is_refused_and_left_as_it_is(tmp_path: Path, open_store: OpenStore) -> None:
    file = tmp_path / "foreign.sqlite3"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE notes (text)")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(DatabaseError, match="the file is a database, but not a sandbox's"):
        open_store(file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["foreign.sqlite3"]


def test_database_of_another_version_is_refused(tmp_path: Path, open_store: OpenStore) -> None:
    file = tmp_path / "old.sqlite3"
    open_store(file).close()
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DatabaseError, match="the database has version 99, and this sandbox needs version"):
        open_store(file)


def test_file_that_is_no_database_is_refused(tmp_path: Path, open_store: OpenStore) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("no database, but a text that is long enough to be taken for one" * 20)
    with pytest.raises(DatabaseError, match="cannot be used: file is not a database"):
        open_store(file)
    with pytest.raises(DatabaseError, match="cannot be used: unable to open database file"):
        open_store(tmp_path)
    with pytest.raises(DatabaseError, match="cannot be used: unable to open database file"):
        open_store(tmp_path / "missing" / "file")


def test_empty_file_is_filled(tmp_path: Path, open_store: OpenStore) -> None:
    (tmp_path / "empty").touch()
    assert open_store(tmp_path / "empty").call(PAGE_CALL) is not None


def test_several_openers_fill_a_database_once(tmp_path: Path, open_store: OpenStore) -> None:
    with ThreadPoolExecutor(8) as threads:
        stores = list(threads.map(lambda _: open_store(tmp_path / "new"), range(8)))
    assert all(store.call(PAGE_CALL) for store in stores)


def test_failed_change_is_undone(store: Store) -> None:
    def fail() -> None:
        with store.writing():
            store.delete(PAGE_CALL)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.call(PAGE_CALL) is not None


def test_secrets_are_not_in_the_file(tmp_path: Path, world: World, open_store: OpenStore) -> None:
    store = open_store(tmp_path / "kept.sqlite3")
    with store.writing():
        store.issue("sandbox-app-user-12", "user-12", "an-access-token", "a-refresh-token", seconds=60)
    assert store.grant("an-access-token") is not None
    assert store.grant("a-refresh-token") is None
    store.close()
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    secrets = [token.token for token in world.tokens] + [app.client_secret for app in world.apps]
    for secret in ("an-access-token", "a-refresh-token", *secrets):
        assert secret.encode() not in content


def test_expired_tokens_of_apps_are_forgotten(open_store: OpenStore, tmp_path: Path) -> None:
    store = open_store(tmp_path / "kept.sqlite3")
    for number in range(3):
        with store.writing():
            store.issue("sandbox-app-user-12", "user-12", f"access-{number}", f"refresh-{number}", seconds=0)
    assert store.grant("access-1") is None
    assert store.grant("access-2") is not None
    assert store.grant("refresh-0", "refresh") is not None
    assert store.grant("sandbox-user-12-expired") is not None


def test_use_after_close(open_store: OpenStore) -> None:
    store = open_store()
    store.close()
    with pytest.raises(sqlite3.ProgrammingError):
        store.call(PAGE_CALL)
    thread = ThreadPoolExecutor(1)
    with thread, pytest.raises(sqlite3.ProgrammingError, match="closed"):
        thread.submit(store.call, PAGE_CALL).result()


def test_file_is_closed_with_the_thread_that_used_it(store: Store) -> None:
    """A pool of threads ends those that are idle and begins new ones: files must not add up."""

    def look() -> None:
        assert store.call(PAGE_CALL) is not None

    def after(count: int) -> int:
        for _ in range(count):
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()
        return len(list(Path("/proc/self/fd").iterdir()))

    assert after(20) <= after(1) + 2


# Many at once


def test_changes_of_many_threads_do_not_get_lost(store: Store) -> None:
    """Each thread adds a mark to what it reads: all marks are there in the end."""

    def mark(_: int) -> None:
        with store.writing():
            call = store.call(LOCAL_CALL)
            assert call is not None
            [first, second] = call.phoneCallView
            position = 0 if first.parkedPos is MISSING else int(first.parkedPos)
            store.save(call.with_views([first.but(parkedPos=position + 1), second]))

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(mark, range(200)))
    call = store.call(LOCAL_CALL)
    assert call is not None
    assert call.phoneCallView[0].parkedPos == 200


def record_and_stop(file: Path, world: World, rounds: int) -> None:
    """Start and stop recordings through an application of its own: what another process does."""
    with Store(file, world, system_clock) as store, TestClient(create_sandbox(world, store)) as client:
        for number in range(rounds):
            action = "StopRecording" if number % 2 else "StartRecording"
            response = client.put(
                f"/uapi/phoneCalls/12/0003*210/{LOCAL_CALL}",
                json={**START, "action": action},
                headers={"Authorization": f"Bearer {USER}"},
            )
            assert response.status_code == 200, response.text


def test_processes_share_a_database(tmp_path: Path, world: World, open_store: OpenStore) -> None:
    file = tmp_path / "shared.sqlite3"
    store = open_store(file)
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=record_and_stop, args=(file, world, 40)) for _ in range(2)]
    for process in processes:
        process.start()
    record_and_stop(file, world, 40)
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    call = store.call(LOCAL_CALL)
    assert call is not None
    assert [view.id for view in call.phoneCallView] == ["00", "01"]


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    with store.writing():
        store.delete(PAGE_CALL)
        seen = []
        thread = threading.Thread(target=lambda: seen.append(store.call(PAGE_CALL)))
        thread.start()
        thread.join(timeout=10)
        assert seen[0] is not None
    assert store.call(PAGE_CALL) is None
