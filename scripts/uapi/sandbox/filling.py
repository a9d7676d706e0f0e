"""Fills a database with a world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.sandbox.rows import ADD, KEEP, call_row, digest, listings, lists

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from uapi.sandbox.calls import KeptCall
    from uapi.sandbox.database import Database
    from uapi.sandbox.world import World


def fill(database: Database, world: World, now: float) -> None:
    """Write all that a world has into a database that is empty; `now` is when the time of its tokens begins."""
    database.run_many("INSERT INTO organizations VALUES (?, ?)", ((each.id, each.name) for each in world.organizations))
    database.run_many("INSERT INTO users VALUES (?, ?)", ((each.id, each.organization) for each in world.users))
    organizations = {user.id: user.organization for user in world.users}
    database.run_many(
        "INSERT INTO extensions VALUES (?, ?, ?, ?, ?)",
        (
            (each.number, each.short, organizations[each.user], each.user, each.model_dump_json())
            for each in world.extensions
        ),
    )
    database.run_many(
        "INSERT INTO principals VALUES (?, ?, ?)", ((each.id, each.kind, each.user) for each in world.principals)
    )
    database.run_many(
        "INSERT INTO apps VALUES (?, ?, ?)",
        ((each.client_id, digest(each.client_secret), each.principal) for each in world.apps),
    )
    database.run_many(
        "INSERT INTO tokens VALUES (?, 'access', ?, NULL, ?)",
        (
            (digest(each.token), each.principal, None if each.expires_in is None else now + each.expires_in)
            for each in world.tokens
        ),
    )
    database.run_many(
        "INSERT INTO public_numbers VALUES (?, ?)",
        ((each.number, each.model_dump_json()) for each in world.public_numbers),
    )
    database.run_many(KEEP, map(call_row, world.phone_calls))
    owners = {extension.number: extension.user for extension in world.extensions}
    database.run_many(ADD, _all_listings(world.phone_calls, owners))
    database.run("INSERT INTO lists SELECT list, count(*) FROM listings GROUP BY list")


def _all_listings(calls: Iterable[KeptCall], owners: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    for call in calls:
        yield from listings(call, lists(call, [owners[number] for number in call.parties if number in owners]))
