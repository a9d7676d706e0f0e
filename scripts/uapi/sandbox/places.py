"""What the path of a request names: a user, with one extension or all, and whether the principal reaches the user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

from uapi.sandbox.api_errors import ApiError, printable

if TYPE_CHECKING:
    from uapi.sandbox.calls import Call
    from uapi.sandbox.store import Store
    from uapi.sandbox.world import Extension, Principal, User

OWNER: Final = "@owner"
SELF: Final = "@self"
AUTHENTICATED: Final = frozenset({"@me", "@viewer"})


@dataclass(frozen=True, slots=True)
class Place:
    """A user whom the principal reaches, and an extension of the user; without one it is all of them, `@self`."""

    user: User
    extension: Extension | None
    numbers: frozenset[str]
    """The numbers of the extension, or of all the user's extensions."""

    def involves(self, call: Call) -> bool:
        """Whether a phone call is one of the place: a view of it is of an extension of the place, or it is charged."""
        return not self.numbers.isdisjoint(call.parties)


class Unreachable(Exception):  # noqa: N818 - not an error of a request yet: what is answered depends on the operation
    """The owner of the phone call, whom `@owner/@self` names, is not within reach, or there is no such call."""


class Places:
    """Finds the place that a path names for a principal.

    What is refused, and how: a user or an extension that does not exist with 400 `user_invalid` or `extension_invalid`
    (ADDR-010, ADDR-011); an extension of another user than that of the path in the same words, so that nothing is told
    of it (ADDR-014); a user whom the principal does not reach with 401 `access_denied`. The contract leaves that last
    code open (D-11); the choice is the one code that the documentation has for a request that the token does not
    entitle to, while 403 is only observed.
    """

    def __init__(self, store: Store) -> None:
        """Look up users and extensions in a store."""
        self._store: Final = store

    def find(self, principal: Principal, user_id: str, number: str, call: Call | None) -> Place:
        """Return the place of a path; `call` is the phone call that the path names, if there is one.

        Raises ApiError as said above, and Unreachable where only the call could tell the owner (D-43).
        """
        if user_id == OWNER:
            return self._of_owner(principal, number, call)
        user = self._store.user(principal.user if user_id in AUTHENTICATED else user_id)
        if user is None:
            message = f"The user {printable(user_id)} is not known. Send the id of a user, @me, @viewer or @owner."
            raise ApiError(400, "user_invalid", message)
        if not self.reaches(principal, user):
            _deny()
        if number == SELF:
            return Place(user, None, frozenset(self._store.extension_numbers(user.id)))
        extension = self._store.extension(number, user.organization)
        if extension is None or extension.user != user.id:
            message = f"The extension {number} is not one of the user {user.id}. Send the number of one, or @self."
            raise ApiError(400, "extension_invalid", message)
        return Place(user, extension, frozenset((extension.number,)))

    def reaches(self, principal: Principal, user: User) -> bool:
        """Whether a principal acts for a user: for itself, for a user of its organization, or for everybody (D-28)."""
        match principal.kind:
            case "administrator":
                return True
            case "organization":
                account = self._store.user(principal.user)
                return account is not None and account.organization == user.organization
            case "user":
                return principal.user == user.id

    def terminal(self, principal: Principal, number: str) -> Extension | None:
        """Return the extension of a view, or None where it is none here or its owner is not within reach."""
        owned = self._store.owner(number)
        return self._store.extension(number) if owned and self.reaches(principal, owned[0]) else None

    def _of_owner(self, principal: Principal, number: str, call: Call | None) -> Place:
        """Return the place of `@owner`: the user who owns the extension (ADDR-004), or else the call (D-43)."""
        if number == SELF:
            owned = self._store.owner(call.extension) if call else None
            if owned is None or not self.reaches(principal, owned[0]):
                raise Unreachable
            return Place(owned[0], None, frozenset(self._store.extension_numbers(owned[0].id)))
        account = self._store.user(principal.user)
        extension = self._store.extension(number, account.organization if account else None)
        owned = self._store.owner(extension.number) if extension else None
        if extension is None or owned is None:
            message = f"The extension {number} does not exist. Send the number of an extension, or @self."
            raise ApiError(400, "extension_invalid", message)
        if not self.reaches(principal, owned[0]):
            _deny()
        return Place(owned[0], extension, frozenset((extension.number,)))


def _deny() -> NoReturn:
    raise ApiError(401, "access_denied", "The token does not entitle to this request. Ask for what is of its account.")
