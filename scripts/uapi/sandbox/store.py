"""What the sandbox knows: the accounts, the tokens and the phone calls, in a database."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, Self

from uapi.sandbox.calls import Call, KeptCall, microseconds
from uapi.sandbox.database import HINT, Database
from uapi.sandbox.errors import DatabaseError
from uapi.sandbox.filling import fill
from uapi.sandbox.rows import ADD, KEEP, call_row, digest, list_name, listings, lists
from uapi.sandbox.world import Extension, Organization, Principal, PublicNumber, User

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from uapi.sandbox.filters import Condition
    from uapi.sandbox.world import World

    Clock = Callable[[], datetime]

TABLES: Final = (
    *("listings", "lists", "calls", "tokens", "apps"),
    *("principals", "public_numbers", "extensions", "users", "organizations", "settings"),
)
"""In an order in which they can be emptied."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and how many calls the list has in all."""

    total: int
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token stands for: whose it is, of which App, and until when."""

    principal: Principal
    client_id: str | None
    expires_at: float | None

    def expired(self, now: datetime) -> bool:
        """Whether the time of the token is over."""
        return self.expires_at is not None and self.expires_at <= now.timestamp()


class Store:
    """The state of the sandbox. Threads and processes share it."""

    def __init__(self, path: Path, world: World, clock: Clock) -> None:
        """Open the database of a file, or make it and fill it with the world.

        Raises DatabaseError for a file that cannot be used, or that was filled with another world.
        """
        self._system_clock: Final = clock
        self._database: Final = Database(path)
        with ExitStack() as stack:
            stack.callback(self._database.close)
            self._database.create(lambda: self._begin(world))
            if self._setting("world") != world.fingerprint:
                message = "the database was filled with another world"
                raise DatabaseError(message, where=str(path), hint=f"Name its world with --world. {HINT}")
            stack.pop_all()

    def __enter__(self) -> Self:
        """Return the store, which leaving the block closes."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Close the database; no thread may use the store any more."""
        self._database.close()

    def reset(self, world: World) -> None:
        """Forget everything, tokens too, and begin again with a world."""
        with self.writing():
            for table in TABLES:
                self._database.run(f"DELETE FROM {table}")  # noqa: S608 - the names above
            self._begin(world)

    def now(self) -> datetime:
        """Return the time of the sandbox: that of the system, and by how much it was advanced."""
        return self._system_clock() + timedelta(seconds=float(self._setting("advanced") or 0))

    def advance(self, seconds: float) -> datetime:
        """Advance the time of the sandbox, for all processes that share it, and return what time it is now."""
        with self.writing():
            total = float(self._setting("advanced") or 0) + seconds
            self._set("advanced", str(total))
        return self.now()

    def writing(self) -> AbstractContextManager[None]:
        """Return a block that reads and changes the store alone, and that changes nothing where it raises."""
        return self._database.writing()

    # Accounts

    def owner(self, number: str) -> tuple[User, Organization] | None:
        """Return the user who owns an extension, and the organization of the user, or None."""
        row = self._database.row(
            "SELECT u.id, o.id, o.name FROM extensions AS e JOIN users AS u ON u.id = e.user"
            " JOIN organizations AS o ON o.id = u.organization WHERE e.number = ?",
            [number],
        )
        return (User(id=row[0], organization=row[1]), Organization(id=row[1], name=row[2])) if row else None

    def user(self, user_id: str) -> User | None:
        """Return a user, or None."""
        row = self._database.row("SELECT id, organization FROM users WHERE id = ?", [user_id])
        return User(id=row[0], organization=row[1]) if row else None

    def extension(self, number: str, organization_id: str | None = None) -> Extension | None:
        """Return the extension of a number: in its extended form, or in its short form within an organization."""
        row = self._database.row(
            "SELECT document FROM extensions WHERE number = ?"
            " UNION ALL SELECT document FROM extensions WHERE organization = ? AND short = ? LIMIT 1",
            [number, organization_id, number],
        )
        return Extension.model_validate_json(row[0]) if row else None

    def public_number(self, number: str) -> PublicNumber:
        """Return what is known of a public number."""
        row = self._database.row("SELECT document FROM public_numbers WHERE number = ?", [number])
        return PublicNumber.model_validate_json(row[0]) if row else PublicNumber(number=number)

    def extension_numbers(self, user_id: str) -> list[str]:
        """Return the numbers of a user's extensions, in order."""
        query = "SELECT number FROM extensions WHERE user = ? ORDER BY number"
        return [number for (number,) in self._database.rows(query, [user_id])]

    # Credentials

    def app_principal(self, client_id: str, client_secret: str) -> str | None:
        """Return the id of the principal of an App, or None where the credentials are wrong.

        Digests are compared, as for tokens: how alike two of them are tells nothing of what they were made from.
        """
        principal: str | None = self._database.value(
            "SELECT principal FROM apps WHERE client_id = ? AND secret_hash = ?", [client_id, digest(client_secret)]
        )
        return principal

    def grant(self, token: str, kind: Literal["access", "refresh"] = "access") -> Grant | None:
        """Return what a token stands for, expired or not, or None for one that is unknown."""
        row = self._database.row(
            "SELECT p.id, p.kind, p.user, t.client_id, t.expires_at"
            " FROM tokens AS t JOIN principals AS p ON p.id = t.principal WHERE t.hash = ? AND t.kind = ?",
            [digest(token), kind],
        )
        if row is None:
            return None
        return Grant(Principal(id=row[0], kind=row[1], user=row[2]), row[3], row[4])

    def issue(self, client_id: str, principal_id: str, access: str, refresh: str, *, seconds: float) -> None:
        """Keep an access token of an App, which expires, and its refresh token; expired ones of Apps are forgotten."""
        now = self.now().timestamp()
        self._database.run("DELETE FROM tokens WHERE expires_at <= ? AND client_id IS NOT NULL", [now])
        self._database.run_many(
            "INSERT INTO tokens VALUES (?, ?, ?, ?, ?)",
            (
                (digest(access), "access", principal_id, client_id, now + seconds),
                (digest(refresh), "refresh", principal_id, client_id, None),
            ),
        )

    def revoke(self, token: str) -> None:
        """Forget a token."""
        self._database.run("DELETE FROM tokens WHERE hash = ?", [digest(token)])

    # Phone calls

    def call(self, call_id: str) -> Call | None:
        """Return a phone call, or None."""
        document = self._database.value("SELECT document FROM calls WHERE id = ?", [call_id])
        return Call.model_validate_json(document) if document else None

    def is_due(self) -> bool:
        """Whether something was to happen to a phone call by now."""
        query = "SELECT 1 FROM calls WHERE next_event_at <= ? LIMIT 1"
        return self._database.value(query, [microseconds(self.now())]) is not None

    def due(self) -> list[Call]:
        """Return the phone calls to which something was to happen by now."""
        query = "SELECT document FROM calls WHERE next_event_at <= ? ORDER BY next_event_at"
        rows = self._database.rows(query, [microseconds(self.now())])
        return [Call.model_validate_json(document) for (document,) in rows]

    def parked_positions(self, organization_id: str) -> set[int]:
        """Return the positions that are taken in the parking lot of an organization."""
        rows = self._database.rows(
            "SELECT parked_pos FROM calls AS c JOIN extensions AS e ON e.number = c.extension"
            " WHERE parked_pos IS NOT NULL AND e.organization = ?",
            [organization_id],
        )
        return {position for (position,) in rows}

    def page(
        self, *, user: str, extension: str | None, where: Condition | None, descending: bool, start: int, count: int
    ) -> Page:
        """Return a page of the calls of an extension, or of all extensions of a user, ordered by `published`."""
        listed = "list = ?" + (f" AND ({where.sql})" if where else "")
        parameters = [list_name(user, extension), *(where.parameters if where else ())]
        order = "published_at DESC, call_id DESC" if descending else "published_at, call_id"
        listings = f"listings INDEXED BY {where.index}" if where and where.index else "listings"
        with self._database.reading():
            rows = self._database.rows(
                # The page is cut out of the index before its documents are read.
                f"SELECT document FROM (SELECT call_id, published_at FROM {listings}"  # noqa: S608 - constants
                f" WHERE {listed} ORDER BY {order} LIMIT ? OFFSET ?) JOIN calls ON id = call_id ORDER BY {order}",
                [*parameters, count, start],
            )
            if not where:
                total = self._database.value("SELECT size FROM lists WHERE name = ?", parameters) or 0
            elif len(rows) < count and (rows or start == 0):
                total = start + len(rows)  # The page is the last one.
            else:
                total = self._database.value(f"SELECT count(*) FROM {listings} WHERE {listed}", parameters)  # noqa: S608
        return Page(total, tuple(Call.model_validate_json(document) for (document,) in rows))

    def listed(self, *, user: str, extension: str | None) -> list[Call]:
        """Return all calls of an extension, or of all extensions of a user, ordered by `published`."""
        query = "SELECT document FROM listings JOIN calls ON id = call_id WHERE list = ? ORDER BY published_at, call_id"
        return [
            Call.model_validate_json(document)
            for (document,) in self._database.rows(query, [list_name(user, extension)])
        ]

    def save(self, call: Call) -> None:
        """Keep a phone call, in the place of the one of its id; when it was published does not change."""
        kept = KeptCall.of(call)
        self._database.run(KEEP, call_row(kept))
        marks = ", ".join("?" * len(kept.parties))
        query = f"SELECT DISTINCT user FROM extensions WHERE number IN ({marks})"  # noqa: S608 - question marks
        named = lists(kept, [user for (user,) in self._database.rows(query, kept.parties)])
        before = self._lists_of(kept.id)
        self._unlist(kept.id, before - named)
        self._database.run_many(ADD, listings(kept, named - before))
        self._database.run_many(
            "INSERT INTO lists VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET size = size + 1",
            ((name,) for name in named - before),
        )

    def delete(self, call_id: str) -> bool:
        """Forget a phone call; return whether there was one."""
        self._unlist(call_id, self._lists_of(call_id))
        return self._database.run("DELETE FROM calls WHERE id = ?", [call_id]) > 0

    def _lists_of(self, call_id: str) -> set[str]:
        return {name for (name,) in self._database.rows("SELECT list FROM listings WHERE call_id = ?", [call_id])}

    def _unlist(self, call_id: str, lists: Collection[str]) -> None:
        self._database.run_many(
            "DELETE FROM listings WHERE call_id = ? AND list = ?", ((call_id, name) for name in lists)
        )
        self._database.run_many("UPDATE lists SET size = size - 1 WHERE name = ?", ((name,) for name in lists))

    def _begin(self, world: World) -> None:
        self._set("world", world.fingerprint)
        fill(self._database, world, self.now().timestamp())

    def _setting(self, name: str) -> str | None:
        value: str | None = self._database.value("SELECT value FROM settings WHERE name = ?", [name])
        return value

    def _set(self, name: str, value: str) -> None:
        self._database.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", [name, value])
