"""A sandbox for every test: in process, in the default world, with a clock that stands still until it is moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from sandbox.desk import Desk
from sandbox.process import running
from sandbox.public_clients import ClientOfToday, Server
from uapi.sandbox.app import create_sandbox
from uapi.sandbox.store import Store
from uapi.sandbox.world import load_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from starlette.types import ASGIApp

    from uapi.sandbox.world import World

NOON = datetime(2026, 7, 1, 12, 30, 15, 750_000, tzinfo=UTC)


@dataclass
class Clock:
    """A clock of a test."""

    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Premises:
    """What is made once, and set back for each test."""

    clock: Clock
    store: Store
    app: ASGIApp
    client: TestClient


@pytest.fixture(scope="session")
def world() -> World:
    return load_world()


@pytest.fixture(scope="session")
def premises(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    clock = Clock()
    with Store(tmp_path_factory.mktemp("premises") / "sandbox.sqlite3", world, clock) as store:
        app = create_sandbox(world, store, control=True)
        # Inside of the context, one thread serves all requests; outside, each request starts its own.
        with TestClient(app, base_url="http://sandbox.test:8080", raise_server_exceptions=True) as client:
            yield Premises(clock, store, app, client)


@pytest.fixture
def clock(premises: Premises) -> Clock:
    premises.clock.time = NOON
    return premises.clock


@pytest.fixture
def store(premises: Premises, world: World, clock: Clock) -> Store:
    assert clock.time == NOON
    premises.store.reset(world)
    return premises.store


@pytest.fixture
def desk(premises: Premises, store: Store) -> Desk:
    assert store is premises.store
    return Desk(premises.client)


@pytest.fixture
def open_store(tmp_path: Path, world: World) -> Iterator[Callable[..., Store]]:
    """Return what opens a store of a test's own, closed at the end of the test."""
    opened = []

    def opener(path: Path | None = None, of: World = world, clock: Callable[[], datetime] = Clock()) -> Store:  # noqa: B008
        opened.append(Store(path or tmp_path / "own.sqlite3", of, clock))
        return opened[-1]

    yield opener
    for store in opened:
        store.close()


@pytest.fixture(scope="session")
def encrypted_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A sandbox of its own process that speaks HTTPS, and answers below the legacy prefix too."""
    with running(tmp_path_factory.mktemp("server"), "--tls", "--legacy-prefix", "--control") as (_, target):
        yield Server(target)


@pytest.fixture
def server(encrypted_server: Server) -> Server:
    """Return the server as it was at first."""
    encrypted_server.control("POST", "reset")
    return encrypted_server


@pytest.fixture
def client(server: Server) -> ClientOfToday:
    return ClientOfToday(server)
