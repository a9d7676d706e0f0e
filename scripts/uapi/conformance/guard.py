"""Refuses to send what could harm: requests to other servers, and updates of phone calls that were not named.

It stands between the kit and the connection, so that no check, however wrong, reaches a phone call of other people.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from uapi.conformance.answers import shown_ids
from uapi.conformance.transport.answer import Origin

if TYPE_CHECKING:
    from uapi.conformance.exchange import Exchange, Request
    from uapi.conformance.target import Target

READING: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
FORBIDDEN: Final = frozenset({"POST", "DELETE"})
"""Methods that place and hang up phone calls on a server of this API."""
HARMFUL: Final = frozenset(
    {
        "OnHold",
        "OffHold",
        "PickUp",
        "BargeIn",
        "Park",
        "UnPark",
        "Whisper",
        "Transfer",
        "TransferToVoicemail",
        "Monitor",
    }
)
"""Actions of the service that the kit has no checks for; on a phone call of real people each does something."""
MADE_UP: Final = re.compile(r"nosuch[a-z0-9]*|0+", re.IGNORECASE)
"""Ids that are made up to name no phone call: those of a server look like none of them."""
NOBODYS: Final = "nosuch"
"""How the ids of views begin that are made up."""
WELL_FORMED: Final = re.compile(r"[A-Za-z0-9]{1,255}")
"""Ids that the contract allows."""
PATH: Final = 4
"""How many segments the path of one phone call has."""
OK: Final = 200
ANSWERED: Final = range(200, 300)


class UnsafeRequestError(Exception):
    """The kit was about to send what it must not. This is a defect of the kit, and nothing was sent."""


class Guard:
    """Knows which phone calls may be updated, and what was started on them."""

    def __init__(self) -> None:
        """Know of nothing yet."""
        self.foreign: Final[set[tuple[str, str]]] = set()
        """Views that somebody else was recording when the run began, as pairs of a phone call and a view."""
        self.running: Final[dict[tuple[str, str], None]] = {}
        """Views whose recording the kit started and has not stopped, in the order of the starts."""
        self.updated: Final[dict[str, None]] = {}
        """Phone calls that an update was sent to since the last clean-up."""
        self._seen: Final[set[str]] = set()

    def check(self, request: Request, target: Target) -> None:
        """Raise UnsafeRequestError for a request that must not be sent."""
        if Origin.of(request.url) != Origin.of(target.base_url):
            raise UnsafeRequestError(f"a request to another server than the target: {urlsplit(request.url).netloc}")
        if request.method in READING:
            return
        if request.method.upper() in FORBIDDEN:
            raise UnsafeRequestError(f"{request.method} would place or hang up a phone call")
        if not target.is_loopback and not target.recording_is_permitted:
            raise UnsafeRequestError("an update of a target for which recording_is_permitted is not set")
        phone_call = self._addressed(request, target)
        if phone_call is None:
            return
        if not self._may_be_updated(phone_call, target):
            raise UnsafeRequestError(f"an update of the phone call {phone_call!r}, which the target does not name")
        action, view = _text(request.body, "action"), _text(request.body, "phoneCallViewId")
        if action in HARMFUL:
            raise UnsafeRequestError(f"the action {action}, which would be felt by the people on the call")
        if action == "StopRecording" and view is not None and (phone_call, view) in self.foreign:
            raise UnsafeRequestError(f"a stop of a recording of the phone call {phone_call} that others began")

    def note(self, exchange: Exchange, target: Target) -> None:
        """Learn from an exchange which phone calls exist, and what is being recorded because of the kit."""
        self._seen.update(shown_ids(exchange))
        request = exchange.request
        if request.method in READING or (phone_call := self._addressed(request, target)) not in target.calls():
            return
        assert phone_call is not None  # noqa: S101 - it is one of the target's
        self.updated[phone_call] = None
        action, view = _text(request.body, "action"), _text(request.body, "phoneCallViewId")
        if view is None:
            return
        # Where no answer came, it may have been carried out, unless the view is one that nobody has.
        begun = exchange.status == OK or (exchange.status is None and not view.startswith(NOBODYS))
        if action == "StartRecording" and begun and (phone_call, view) not in self.foreign:
            self.running[phone_call, view] = None
        elif action == "StopRecording" and exchange.status in ANSWERED:
            self.running.pop((phone_call, view), None)

    def _addressed(self, request: Request, target: Target) -> str | None:
        """Return the id of the phone call that an update names, None where it addresses a list."""
        base, url = urlsplit(target.base_url).path, urlsplit(request.url).path
        if not url.startswith(f"{base}/"):
            raise UnsafeRequestError(f"an update outside of the base path: {url}")
        segments = [unquote(segment) for segment in url[len(base) :].split("/") if segment]
        if {".", ".."} & set(segments):
            raise UnsafeRequestError(f"an update of a path that may be read as another: {url}")
        if len(segments) >= PATH:
            return segments[PATH - 1]
        if request.method == "PUT":
            raise UnsafeRequestError(f"an update that names no phone call: {url}")
        return None

    def _may_be_updated(self, phone_call: str, target: Target) -> bool:
        if phone_call in target.calls():
            return True
        made_up = MADE_UP.fullmatch(phone_call) is not None or WELL_FORMED.fullmatch(phone_call) is None
        return made_up and phone_call not in self._seen


def _text(body: bytes, name: str) -> str | None:
    """Return a member of a JSON object that is text, None for any other."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else None
