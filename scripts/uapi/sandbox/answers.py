"""The answers of the PhoneCalls service: phone calls as the contract has them, alone, in an array or in an envelope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from uapi.sandbox.addresses import LONGEST, url
from uapi_phonecalls import models

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uapi.sandbox.calls import Call
    from uapi.sandbox.places import Place
    from uapi.sandbox.store import Page, Store

    Array = list[models.PhoneCall] | list[models.PartialPhoneCall]
    Collection = models.PhoneCallCollection | models.PartialPhoneCallCollection
    Field = Literal[
        "id", "nonce", "extension", "ownerId", "ownerName", "published", "answered", "phoneCallView", "link", "links"
    ]

FARTHEST: Final = 5000
"""The greatest `startIndex` (D-41)."""
OWN: Final = {"ends_on_update", "plan"}
"""What the sandbox keeps of a call for itself."""


class Answers:
    """Writes answers about the phone calls of a store."""

    def __init__(self, store: Store) -> None:
        """Look up owners in a store."""
        self.store: Final = store

    def answer(self, call: Call, place: Place) -> models.PhoneCall:
        """Return a call as an answer has it: with its organization and its links, and nothing that has no value (D-23).

        The self link goes through the extension that is charged, or through one of the place where the charged one is
        of another user, so that whoever asked can follow it (CALL-016).
        """
        if (owned := self.store.owner(call.extension)) is None:
            raise LookupError(f"the phone call {call.id} has no owner")
        owner, organization = owned
        through = call.extension if owner == place.user else min(place.numbers & call.parties)
        link = {"self": url("phoneCalls", place.user.id, through, call.id)}
        told = call.model_dump(exclude_none=True, exclude=OWN)
        return models.PhoneCall.model_validate(
            {**told, "ownerId": organization.id, "ownerName": organization.name, "link": link, "links": link}
        )

    def array(self, calls: Sequence[models.PhoneCall], fields: Sequence[Field] | None) -> Array:
        """Return calls without an envelope, whole or reduced to some fields."""
        if fields is None:
            return list(calls)
        kept = {str(field) for field in fields}
        return [models.PartialPhoneCall.model_validate(call.model_dump(include=kept)) for call in calls]

    def envelope(
        self, calls: Sequence[models.PhoneCall], fields: Sequence[Field] | None, **members: object
    ) -> Collection:
        """Return calls in an envelope, whole or reduced to some fields (CALL-038), without members that are None."""
        told = {name: value for name, value in members.items() if value is not None}
        if fields is None:
            return models.PhoneCallCollection.model_validate({"entry": list(calls), **told})
        kept = {str(field) for field in fields}
        reduced = [call.model_dump(include=kept) for call in calls]
        return models.PartialPhoneCallCollection.model_validate({"entry": reduced, **told})

    def paging(
        self, path: tuple[str, str], page: Page, start: int, count: int, query: dict[str, str | None]
    ) -> dict[str, str] | None:
        """Return the URLs of the pages before and after, as far as there are any; no URL carries the token (D-34)."""
        told = {name: value for name, value in query.items() if value is not None}
        neighbours = {}
        if start + count < page.total and start + count <= FARTHEST:
            neighbours["next"] = {"count": count, "startIndex": start + count}
        if start > 0:
            neighbours["prev"] = {"count": min(count, start), "startIndex": max(start - count, 0)}
        links = {name: url("phoneCalls", *path, query={**where, **told}) for name, where in neighbours.items()}
        return {name: link for name, link in links.items() if len(link) <= LONGEST} or None
