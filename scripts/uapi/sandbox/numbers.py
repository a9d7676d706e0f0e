"""The numbers that a request names: who is reached by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.sandbox.api_errors import printable
from uapi.sandbox.plans import Party, is_local
from uapi.sandbox.telephony.refusing import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uapi.sandbox.places import Place
    from uapi.sandbox.store import Store


class Numbers:
    """Finds who is called by a number: an extension, in either form, or a public number, of which there are all."""

    def __init__(self, store: Store) -> None:
        """Look up numbers in a store."""
        self._store: Final = store

    def party(self, number: str, organization: str) -> Party | None:
        """Return who has a number, or None for an extension that does not exist; short forms are of an organization."""
        if (extension := self._store.extension(number, organization)) is not None:
            return Party(number=extension.number, answers_after=extension.answers_after, caller_id=extension.caller_id)
        return None if is_local(number) else self.public(number)

    def public(self, number: str) -> Party:
        """Return a public number."""
        return Party(number=number, answers_after=self._store.public_number(number).answers_after)

    def full(self, number: str, organization: str) -> str:
        """Return a number in the form that phone calls have it in, an extension in its extended form (D-60)."""
        extension = self._store.extension(number, organization)
        return extension.number if extension else number

    def terminal(self, place: Place, number: str) -> Party:
        """Return an extension of the organization of a place, of type Phone Terminal, which can be called.

        Raises ApiError 400 for any other, in the same words for one that does not exist and for one of another
        organization (ACT-007, ACT-008).
        """
        organization = place.user.organization
        extension = self._store.extension(number, organization)
        owned = self._store.owner(extension.number) if extension else None
        if extension is None or owned is None or owned[1].id != organization:
            refuse(f"The extension {number} is not one of the organization. Send the number of one as sendCallTo.")
        if extension.type != "phone_terminal":
            refuse(f"The extension {number} is not of type Phone Terminal. Send one that is as sendCallTo.")
        return Party(number=extension.number, answers_after=extension.answers_after, caller_id=extension.caller_id)

    def parties(self, numbers: str | Iterable[str], organization: str) -> tuple[Party, ...]:
        """Return who has each of some numbers, or of a single one (D-65).

        Raises ApiError 400 for an extension that does not exist.
        """
        found = []
        for number in _each(numbers):
            if (party := self.party(number, organization)) is None:
                refuse(f"The extension {printable(number)} does not exist. Send the number of one, or a public number.")
            found.append(party)
        return tuple(found)

    def publics(self, numbers: str | Iterable[str]) -> tuple[Party, ...]:
        """Return some public numbers. Raises ApiError 400 for an extension."""
        found = []
        for number in _each(numbers):
            if is_local(number):
                refuse(f"The number {printable(number)} is an extension. Send a public number.")
            found.append(self.public(number))
        return tuple(found)


def _each(numbers: str | Iterable[str]) -> tuple[str, ...]:
    return (numbers,) if isinstance(numbers, str) else tuple(numbers)
