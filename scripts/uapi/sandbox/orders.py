"""The requests that place phone calls, with whom and what they name looked up."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from pydantic import MISSING

from uapi.sandbox.api_errors import ApiError
from uapi.sandbox.places import SELF, Unreachable
from uapi.sandbox.telephony.placing import Order
from uapi.sandbox.telephony.refusing import refuse

if TYPE_CHECKING:
    from uapi.sandbox.numbers import Numbers
    from uapi.sandbox.places import Place, Places
    from uapi.sandbox.store import Store
    from uapi.sandbox.world import Extension, Principal
    from uapi_phonecalls import models

TYPES: Final = {"phone_terminal": "Phone Terminal", "callback": "Callback", "conference": "Conference"}
"""The types of extensions, as the documentation writes them."""


class Orders:
    """Makes orders of requests. What is refused raises ApiError 400, with a code of the path where there is one."""

    def __init__(self, store: Store, places: Places, numbers: Numbers) -> None:
        """Look up extensions and numbers."""
        self._store: Final = store
        self._places: Final = places
        self._numbers: Final = numbers

    def place(self, principal: Principal, user_id: str, extension: str | None) -> Place:
        """Return the user on whose behalf a call is placed, with the extension that is charged for it (D-58)."""
        try:
            return self._places.find(principal, user_id, extension or SELF, None)
        except Unreachable:
            message = "Without an extension, @owner is nobody. Send the extension, or @me for the user."
            raise ApiError(400, "user_invalid", message) from None

    def simple(
        self, place: Place, body: models.NewSimplePhoneCall, *, wait: int, duration: int | None, transferable: bool
    ) -> Order:
        """Return a call between two numbers; without an extension, the first source of the user is charged (D-66)."""
        [view] = body.phoneCallView
        organization = place.user.organization
        sources = self._numbers.parties(view.source, organization)
        charged = place.extension or self._charged(place, [party.number for party in sources])
        return Order(
            extension=_of_type(charged, "phone_terminal").number,
            sources=sources,
            destinations=self._numbers.parties(view.destination, organization),
            caller_id=_given(view.callerId),
            destination_caller_id=_given(view.callerDestination),
            nonce=_given(body.nonce),
            wait=wait,
            duration=duration,
            transferable=transferable,
        )

    def callback(self, place: Place, body: models.NewCallbackPhoneCall, *, wait: int, duration: int | None) -> Order:
        """Return a call of a Callback extension between two public numbers."""
        [view] = body.phoneCallView
        return Order(
            extension=_of_type(place.extension, "callback").number,
            sources=self._numbers.publics(view.source),
            destinations=self._numbers.publics(view.destination),
            caller_id=_given(view.callerId),
            nonce=_given(body.nonce),
            wait=wait,
            duration=duration,
        )

    def invitation(
        self, place: Place, body: models.NewConferenceInvite, *, wait: int, number: int | None, pin: str | None
    ) -> Order:
        """Return a call of a Conference extension to who is invited, where number and PIN are those of a conference."""
        [view] = body.phoneCallView
        conference = _of_type(place.extension, "conference")
        sources = self._numbers.parties(view.source, place.user.organization)
        if {party.number for party in sources} != {conference.number}:
            refuse(f"The source of an invitation is the conference. Send {conference.number} as source.")
        pins = {each.number: each.pin for each in conference.conferences}
        if number is not None and (number not in pins or pins[number] != pin):
            refuse(f"The conference {number} is not scheduled, or has another PIN. Send both, or neither of them.")
        return Order(
            extension=conference.number,
            sources=sources,
            destinations=self._numbers.parties(view.destination, place.user.organization),
            caller_id=_given(view.callerId),
            wait=wait,
        )

    def _charged(self, place: Place, sources: list[str]) -> Extension | None:
        """Return the extension of a user that is charged where the request names none: a source, or the first one."""
        numbers = [number for number in sources if number in place.numbers] + sorted(place.numbers)
        known = (self._store.extension(number) for number in numbers)
        return next((each for each in known if each and each.type == "phone_terminal"), None)


def new_id() -> str:
    """Return an id for a phone call."""
    return secrets.token_hex(10)


def _of_type(extension: Extension | None, kind: str) -> Extension:
    if extension is None or extension.type != kind:
        message = f"The call needs an extension of type {TYPES[kind]}. Send the number of one of the user as extension."
        raise ApiError(400, "extension_invalid", message)
    return extension


def _given(value: str | MISSING) -> str | None:
    """Return a member of a request, or None where it is left out."""
    return None if value is MISSING else value
