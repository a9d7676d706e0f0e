"""A generated request after grounding: real ids in the place of all that the contract allows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from uapi.conformance.place import JSON, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uapi.conformance.exchange import Request
    from uapi.conformance.exploration.flaw import Flaw
    from uapi.conformance.probe import Probe

UPDATE, GET, LIST = "updatePhoneCall", "getPhoneCall", "listPhoneCalls"
ENCODED = ""
"""The reserved characters that stand raw in a path where every one is percent-encoded."""


@dataclass(frozen=True, slots=True)
class Grounded:
    """A request that is ready to be sent, with what is known to be wrong with it."""

    operation: str
    place: Place
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    """What an update sends: JSON, or bytes as they are."""
    media_type: str | None = JSON[1]
    encoded: bool = False
    """Whether `*` and `@` are percent-encoded in the path; both forms are right (D-26)."""
    principal: str | None = "caller"
    """Whose token it carries, None for none."""
    token: str | None = None
    """A token that it carries, where it is nobody's."""
    method: str | None = None
    """The method, where it is none of the operation's."""
    flaws: tuple[Flaw, ...] = ()

    @property
    def members(self) -> Mapping[str, Any]:
        """The members of the body, none where it is no object."""
        return self.body if isinstance(self.body, dict) else {}

    @property
    def action(self) -> object:
        """The action that the body asks for."""
        return self.members.get("action")

    def but(self, **changes: Any) -> Grounded:  # noqa: ANN401 - any of the fields
        """Return the request with other values."""
        return replace(self, **changes)

    def with_members(self, **members: object) -> Grounded:
        """Return the request with members of the body added or replaced."""
        return self.but(body={**self.members, **members})

    def without(self, *names: str) -> Grounded:
        """Return the request without some of its query parameters and members of its body."""
        query = {name: value for name, value in self.query.items() if name not in names}
        if isinstance(self.body, dict):
            kept = {name: value for name, value in self.body.items() if name not in names}
            return self.but(query=query, body=kept)
        return self.but(query=query)

    def request(self, probe: Probe) -> Request:
        """Return the request as it is sent."""
        place = self.place if self.operation != LIST else Place(self.place.user, self.place.extension)
        content = b""
        headers: tuple[tuple[str, str], ...] = ()
        if self.operation == UPDATE and self.method is None:
            content = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
            headers = (("Content-Type", self.media_type),) if self.media_type else ()
        if self.token is not None:
            headers = (*headers, ("Authorization", f"Bearer {self.token}"))
        return probe.request(
            self.method or ("PUT" if self.operation == UPDATE else "GET"),
            place,
            operation=None if self.method else self.operation,
            principal=self.principal,
            headers=headers,
            query=self.query,
            body=content,
            path=place.path(safe=ENCODED) if self.encoded else place.path(),
        )
