"""An SQLite file that several threads and processes share."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

from uapi.sandbox.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

APPLICATION_ID: Final = 0x55415049
"""What marks a database as a sandbox's: "UAPI"."""
VERSION: Final = 2
"""The version of `schema.sql`."""
FILLING_KIB: Final = 16 * 1024
"""How much memory the filling of a database may use, so that large indexes are not written again and again."""
BUSY_SECONDS: Final = 30.0
"""How long a writer waits for another process to end its transaction."""
HINT: Final = "Name another file with --database, or delete this one."


class _Own:
    """The connection of a thread, which is closed with it: pools end their idle threads, and begin new ones.

    The connection itself would be there until the garbage collector comes, for it has cycles.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection: Final = connection

    def __del__(self) -> None:
        self.connection.close()


class Database:
    """A connection for each thread, made when it is first needed. Readers see one state and never wait for a writer."""

    def __init__(self, path: Path) -> None:
        """Name the file, which is opened when it is first used."""
        self._path: Final = path
        self._local: Final = threading.local()
        self._own: Final = WeakSet[_Own]()
        self._lock: Final = threading.Lock()
        self._writer: Final = threading.Lock()
        self._closed = False

    def create(self, fill: Callable[[], None]) -> None:
        """Make the tables and fill them, unless the file has them already; of several processes, one does it.

        Raises DatabaseError where the file cannot be made or read, or is not a sandbox's database.
        """
        try:
            self._identify()
            self._create(fill)
        except sqlite3.Error as error:
            message = f"the database cannot be used: {error}"
            raise DatabaseError(message, where=str(self._path), hint=HINT) from error

    def _create(self, fill: Callable[[], None]) -> None:
        self._connection().execute("PRAGMA journal_mode = WAL")
        self._connection().execute(f"PRAGMA cache_size = -{FILLING_KIB}")
        with self.writing():
            if self.value("SELECT count(*) FROM sqlite_master"):
                return
            schema = (files("uapi.sandbox") / "schema.sql").read_text(encoding="utf-8")
            for statement in schema.split(";"):
                self.run(statement)
            fill()
            self.run(f"PRAGMA application_id = {APPLICATION_ID}")
            self.run(f"PRAGMA user_version = {VERSION}")

    def close(self) -> None:
        """Close the connections of all threads, none of which may use the database any more."""
        with self._lock:
            self._closed = True
            for own in list(self._own):
                own.connection.close()
            self._own.clear()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read one state of the database in several statements."""
        yield from self._transaction("BEGIN")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Change the database, alone among all threads and processes: all of the block, or nothing where it raises."""
        with self._writer:  # The threads of a process wait in line; SQLite's own waiting is a lottery.
            yield from self._transaction("BEGIN IMMEDIATE")

    def run(self, statement: str, parameters: Iterable[Any] = ()) -> int:
        """Execute a statement and return how many rows it changed."""
        return self._connection().execute(statement, tuple(parameters)).rowcount

    def run_many(self, statement: str, rows: Iterable[Iterable[Any]]) -> None:
        """Execute a statement for each row of parameters."""
        self._connection().executemany(statement, (tuple(row) for row in rows))

    def row(self, query: str, parameters: Iterable[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row of a query, or None."""
        found: tuple[Any, ...] | None = self._connection().execute(query, tuple(parameters)).fetchone()
        return found

    def rows(self, query: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self._connection().execute(query, tuple(parameters)).fetchall()

    def value(self, query: str, parameters: Iterable[Any] = ()) -> Any:  # noqa: ANN401 - what the query selects
        """Return the first column of the first row of a query, or None."""
        return (self.row(query, parameters) or (None,))[0]

    def _transaction(self, begin: str) -> Iterator[None]:
        connection = self._connection()
        connection.execute(begin)
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _connection(self) -> sqlite3.Connection:
        own: _Own | None = getattr(self._local, "own", None)
        if own is None:
            with self._lock:
                if self._closed:
                    raise sqlite3.ProgrammingError("the database is closed")
                own = _Own(
                    sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
                )
                self._own.add(own)
            self._local.own = own
            own.connection.execute("PRAGMA foreign_keys = ON")
            own.connection.execute("PRAGMA synchronous = NORMAL")
        return own.connection

    def _identify(self) -> None:
        """Refuse a file that something else wrote, before anything is changed in it."""
        if not self.value("SELECT count(*) FROM sqlite_master"):
            return
        if self.value("PRAGMA application_id") != APPLICATION_ID:
            message = "the file is a database, but not a sandbox's"
            raise DatabaseError(message, where=str(self._path), hint=HINT)
        if (version := self.value("PRAGMA user_version")) != VERSION:
            message = f"the database has version {version}, and this sandbox needs version {VERSION}"
            raise DatabaseError(message, where=str(self._path), hint=HINT)
