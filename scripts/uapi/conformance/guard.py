"""Refuses to send what could harm: requests to other servers, and changes to phone calls that were not named.

It stands between the kit and the connection, so that no check, however wrong, reaches a phone call of other people.
Phone calls are placed only where the run is asked for it, and only between numbers that the target names; only calls
that the kit placed are hung up, parked, transferred and so on.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from uapi.conformance.answers import shown_ids
from uapi.conformance.exchange import READING
from uapi.conformance.place import ALL
from uapi.conformance.transport.answer import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.exchange import Exchange, Request
    from uapi.conformance.target import Target

CREATING: Final = frozenset({"simple", "callback", "conferenceInvite"})
"""What stands in the place of an extension in the path of a request that places a phone call."""
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
"""Actions that the people on a phone call feel: they are for calls that the kit placed."""
MADE_UP: Final = re.compile(r"nosuch[a-z0-9]*|0+", re.IGNORECASE)
"""Ids that are made up to name no phone call: those of a server look like none of them."""
NOBODYS: Final = "nosuch"
"""How the ids of views begin that are made up."""
UNDIALLABLE: Final = re.compile(r"^$|nosuch|\*0+$|^@self$|^None$|^[\[{]", re.IGNORECASE)
"""Numbers that reach nobody: empty, reserved, no text, or an extension 0 that no numbering plan has."""
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

    def __init__(self, *, telephony: bool = False) -> None:
        """Know of nothing yet; with `telephony`, phone calls may be placed."""
        self.telephony: Final = telephony
        self.placed: Final[dict[str, None]] = {}
        """Phone calls that the kit placed and that are not known to have ended, in the order of their placing."""
        self.lost: list[str] = []
        """The nonce of each request that may have placed a phone call whose id nobody knows, empty without one.

        It may have been answered with nothing, or the run was interrupted while it waited for the answer.
        """
        self._mine: Final[set[str]] = set()
        self._listed: tuple[str, frozenset[str]] | None = None
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
        if request.method.upper() in {"POST", "DELETE"}:
            self._check_telephony(request, target)
            return
        if not target.is_loopback and not target.recording_is_permitted:
            raise UnsafeRequestError("an update of a target for which recording_is_permitted is not set")
        phone_call = self._addressed(request, target)
        if phone_call is None:
            return
        if not self._may_be_updated(phone_call, target):
            raise UnsafeRequestError(f"an update of the phone call {phone_call!r}, which the target does not name")
        action, view = _text(request.body, "action"), _text(request.body, "phoneCallViewId")
        if action in HARMFUL:
            self._check_action(str(action), phone_call, request, target)
        if action == "StopRecording" and view is not None and (phone_call, view) in self.foreign:
            raise UnsafeRequestError(f"a stop of a recording of the phone call {phone_call} that others began")

    def note(self, exchange: Exchange, target: Target) -> None:
        """Learn from an exchange which phone calls exist, which are the kit's own, and what it has recorded."""
        request, shown = exchange.request, frozenset(shown_ids(exchange))
        # An id that was known before is no new phone call, whatever the answer says.
        if request.method == "POST":
            known = self._seen | target.calls().keys()
            self._note_placed(exchange, frozenset(filter(WELL_FORMED.fullmatch, shown - known)))
        self._seen.update(shown)
        self._listed = (urlsplit(request.url).path, shown) if _lists_all(exchange) else None
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

    def ended(self, phone_call: str) -> None:
        """Learn that a phone call that the kit placed has ended."""
        self.placed.pop(phone_call, None)

    def adopt(self, phone_call: str) -> None:
        """Learn that a phone call was placed by the kit, which the answer to its request did not tell."""
        self._mine.add(phone_call)
        self.placed[phone_call] = None

    def is_own(self, phone_call: str) -> bool:
        """Tell whether the kit placed a phone call, which may have ended."""
        return phone_call in self._mine

    def _note_placed(self, exchange: Exchange, new: frozenset[str]) -> None:
        for phone_call in new:
            self.adopt(phone_call)
        untold = exchange.status is None or (exchange.status in ANSWERED and not new)
        nonce = _text(exchange.request.body, "nonce") or ""
        if nonce in self.lost and not (untold and exchange.was_sent):
            self.lost.remove(nonce)

    def _check_telephony(self, request: Request, target: Target) -> None:
        """Raise UnsafeRequestError for a request that would place or hang up what it must not."""
        if not self.telephony:
            raise UnsafeRequestError(f"{request.method} would place or hang up a phone call")
        if not target.is_loopback and not target.placing_is_permitted:
            raise UnsafeRequestError("a phone call on a target for which placing_is_permitted is not set")
        segments = self._segments(request, target)
        if request.method == "POST":
            if len(segments) != PATH - 1 or segments[-1] not in CREATING:
                raise UnsafeRequestError(f"a POST that places no phone call: {request.url}")
            for number in _called(request.body):
                self._check_number(number, target)
            self.lost.append(_text(request.body, "nonce") or "")  # until its answer tells what became of it
        elif len(segments) >= PATH:
            phone_call = segments[PATH - 1]
            if phone_call not in self._mine and not self._is_made_up(phone_call):
                raise UnsafeRequestError(f"a hang-up of the phone call {phone_call!r}, which the kit did not place")
        elif self._listed is None or self._listed[0] != urlsplit(request.url).path or not self._listed[1] <= self._mine:
            raise UnsafeRequestError(f"a hang-up of an extension that may have phone calls of others: {request.url}")

    def _check_action(self, action: str, phone_call: str, request: Request, target: Target) -> None:
        own = phone_call in self._mine or self._is_made_up(phone_call)
        if not self.telephony or not own:
            raise UnsafeRequestError(f"the action {action}, which would be felt by the people on the call")
        if (number := _text(request.body, "sendCallTo")) is not None:
            self._check_number(number, target)

    def _check_number(self, number: str, target: Target) -> None:
        if number not in target.numbers() and not UNDIALLABLE.search(number):
            raise UnsafeRequestError(f"a phone call to {number!r}, a number that the target does not name")

    def _addressed(self, request: Request, target: Target) -> str | None:
        """Return the id of the phone call that an update names, None where it addresses a list."""
        segments = self._segments(request, target)
        if len(segments) >= PATH:
            return segments[PATH - 1]
        if request.method == "PUT":
            raise UnsafeRequestError(f"an update that names no phone call: {urlsplit(request.url).path}")
        return None

    def _segments(self, request: Request, target: Target) -> list[str]:
        base, url = urlsplit(target.base_url).path, urlsplit(request.url).path
        if not url.startswith(f"{base}/"):
            raise UnsafeRequestError(f"an update outside of the base path: {url}")
        segments = [unquote(segment) for segment in url[len(base) :].split("/") if segment]
        if {".", ".."} & set(segments):
            raise UnsafeRequestError(f"an update of a path that may be read as another: {url}")
        return segments

    def _may_be_updated(self, phone_call: str, target: Target) -> bool:
        return phone_call in target.calls() or phone_call in self._mine or self._is_made_up(phone_call)

    def _is_made_up(self, phone_call: str) -> bool:
        made_up = MADE_UP.fullmatch(phone_call) is not None or WELL_FORMED.fullmatch(phone_call) is None
        return made_up and phone_call not in self._seen


def _lists_all(exchange: Exchange) -> bool:
    """Tell whether an exchange shows all the phone calls of an extension, as far as one request can."""
    request = exchange.request
    if request.operation != "listPhoneCalls" or exchange.status not in ANSWERED:
        return False
    return dict(parse_qsl(urlsplit(request.url).query)) in ({}, ALL)


def _called(body: bytes) -> Iterator[str]:
    """Yield every number that a request to place a phone call names, as text."""
    members = _members(body)
    if "extension" in members:
        yield str(members["extension"])
    views = members.get("phoneCallView")
    for view in views if isinstance(views, list) else [views]:
        for name in ("source", "destination"):
            numbers = view.get(name, []) if isinstance(view, dict) else []
            yield from map(str, numbers if isinstance(numbers, list) else [numbers])


def _text(body: bytes, name: str) -> str | None:
    """Return a member of a JSON object that is text, None for any other."""
    found = _members(body).get(name)
    return found if isinstance(found, str) else None


def _members(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
