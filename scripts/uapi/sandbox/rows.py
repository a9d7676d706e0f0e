"""How phone calls and secrets stand in the tables of the database."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from uapi.sandbox.calls import instant, microseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from uapi.sandbox.calls import KeptCall

ADD: Final = "INSERT INTO listings VALUES (?, ?, ?, ?)"
KEEP: Final = (
    "INSERT INTO calls VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
    " document = excluded.document, next_event_at = excluded.next_event_at, parked_pos = excluded.parked_pos"
)


def listings(call: KeptCall, names: Iterable[str]) -> Iterator[tuple[object, ...]]:
    """Return the rows of a phone call in the lists of some names."""
    published_at = microseconds(instant(call.published))
    return ((name, published_at, call.published, call.id) for name in names)


def call_row(call: KeptCall) -> tuple[object, ...]:
    """Return the row of a phone call, as `KEEP` takes it."""
    return (call.id, call.document, call.extension, call.next_event_at, call.parked_pos)


def lists(call: KeptCall, users: Iterable[str]) -> set[str]:
    """Return the names of the lists that a phone call of some users stands in."""
    return {list_name("", number) for number in call.parties} | {list_name(user, None) for user in users}


def list_name(user: str, extension: str | None) -> str:
    """Return the name of the list of an extension, or of all extensions of a user."""
    return f"extension:{extension}" if extension else f"user:{user}"


def digest(secret: str) -> str:
    """Return what is kept of a secret: how alike two digests are tells nothing of what they were made from."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
