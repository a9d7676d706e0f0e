"""What the sandbox knows: the accounts, the tokens and the phone calls, in a database."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, Self

from uapi.sandbox.calls import Call, instant, microseconds
from uapi.sandbox.database import HINT, Database
from uapi.sandbox.errors import DatabaseError
from uapi.sandbox.world import Extension, Organization, Principal, User

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from uapi.sandbox.filters import Condition
    from uapi.sandbox.world import World

    Clock = Callable[[], datetime]

TABLES: Final = (
    *("listings", "calls", "tokens", "apps"),
    *("principals", "extensions", "users", "organizations", "settings"),
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
            self._database.create(lambda: self._fill(world))
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
            self._fill(world)

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
            "SELECT number, user, recording_on_demand FROM extensions WHERE number = ?"
            " UNION ALL"
            " SELECT number, user, recording_on_demand FROM extensions WHERE organization = ? AND short = ? LIMIT 1",
            [number, organization_id, number],
        )
        return Extension(number=row[0], user=row[1], recording_on_demand=bool(row[2])) if row else None

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
            "SELECT principal FROM apps WHERE client_id = ? AND secret_hash = ?", [client_id, _digest(client_secret)]
        )
        return principal

    def grant(self, token: str, kind: Literal["access", "refresh"] = "access") -> Grant | None:
        """Return what a token stands for, expired or not, or None for one that is unknown."""
        row = self._database.row(
            "SELECT p.id, p.kind, p.user, t.client_id, t.expires_at"
            " FROM tokens AS t JOIN principals AS p ON p.id = t.principal WHERE t.hash = ? AND t.kind = ?",
            [_digest(token), kind],
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
                (_digest(access), "access", principal_id, client_id, now + seconds),
                (_digest(refresh), "refresh", principal_id, client_id, None),
            ),
        )

    def revoke(self, token: str) -> None:
        """Forget a token."""
        self._database.run("DELETE FROM tokens WHERE hash = ?", [_digest(token)])

    # Phone calls

    def call(self, call_id: str) -> Call | None:
        """Return a phone call, or None."""
        document = self._database.value("SELECT document FROM calls WHERE id = ?", [call_id])
        return Call.model_validate_json(document) if document else None

    def page(
        self, *, user: str, extension: str | None, where: Condition | None, descending: bool, start: int, count: int
    ) -> Page:
        """Return a page of the calls of an extension, or of all extensions of a user, ordered by `published`."""
        listed = "list = ?" + (f" AND ({where.sql})" if where else "")
        parameters = [_list(user, extension), *(where.parameters if where else ())]
        order = "published_at DESC, call_id DESC" if descending else "published_at, call_id"
        with self._database.reading():
            total = self._database.value(f"SELECT count(*) FROM listings WHERE {listed}", parameters)  # noqa: S608
            rows = self._database.rows(
                # The page is cut out of the index before its documents are read.
                "SELECT document FROM (SELECT call_id, published_at FROM listings"  # noqa: S608 - constants
                f" WHERE {listed} ORDER BY {order} LIMIT ? OFFSET ?) JOIN calls ON id = call_id ORDER BY {order}",
                [*parameters, count, start],
            )
        return Page(total, tuple(Call.model_validate_json(document) for (document,) in rows))

    def save(self, call: Call) -> None:
        """Keep a phone call, in the place of the one of its id."""
        self._database.run("DELETE FROM listings WHERE call_id = ?", [call.id])
        self._keep([call])

    def delete(self, call_id: str) -> bool:
        """Forget a phone call; return whether there was one."""
        return self._database.run("DELETE FROM calls WHERE id = ?", [call_id]) > 0

    def _keep(self, calls: Iterable[Call]) -> None:
        for call in calls:
            self._database.run(
                "INSERT INTO calls VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET document = excluded.document",
                [call.id, call.model_dump_json(exclude_none=True)],
            )
            published_at = microseconds(instant(call.published))
            parties = sorted(call.parties)
            marks = ", ".join("?" * len(parties))
            owners = self._database.rows(f"SELECT DISTINCT user FROM extensions WHERE number IN ({marks})", parties)  # noqa: S608
            lists = [_list("", number) for number in parties] + [_list(user, None) for (user,) in owners]
            self._database.run_many(
                "INSERT INTO listings VALUES (?, ?, ?, ?)",
                ((name, published_at, call.published, call.id) for name in lists),
            )

    def _fill(self, world: World) -> None:
        database = self._database
        self._set("world", world.fingerprint)
        database.run_many(
            "INSERT INTO organizations VALUES (?, ?)", ((each.id, each.name) for each in world.organizations)
        )
        database.run_many("INSERT INTO users VALUES (?, ?)", ((each.id, each.organization) for each in world.users))
        organizations = {user.id: user.organization for user in world.users}
        database.run_many(
            "INSERT INTO extensions VALUES (?, ?, ?, ?, ?)",
            (
                (each.number, each.short, organizations[each.user], each.user, each.recording_on_demand)
                for each in world.extensions
            ),
        )
        database.run_many(
            "INSERT INTO principals VALUES (?, ?, ?)", ((each.id, each.kind, each.user) for each in world.principals)
        )
        database.run_many(
            "INSERT INTO apps VALUES (?, ?, ?)",
            ((each.client_id, _digest(each.client_secret), each.principal) for each in world.apps),
        )
        now = self.now().timestamp()
        database.run_many(
            "INSERT INTO tokens VALUES (?, 'access', ?, NULL, ?)",
            (
                (_digest(each.token), each.principal, None if each.expires_in is None else now + each.expires_in)
                for each in world.tokens
            ),
        )
        self._keep(world.phone_calls)

    def _setting(self, name: str) -> str | None:
        value: str | None = self._database.value("SELECT value FROM settings WHERE name = ?", [name])
        return value

    def _set(self, name: str, value: str) -> None:
        self._database.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", [name, value])


def _list(user: str, extension: str | None) -> str:
    return f"extension:{extension}" if extension else f"user:{user}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
