"""Places phone calls, acts on them and hangs them up, for the checks of the profile `phone-calls`."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance import rough
from uapi.conformance.answers import entries_of, error_code, short, shown_ids, views_of
from uapi.conformance.finding import Failed, NotExercised
from uapi.conformance.place import JSON, UNKNOWN_METHOD, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe
    from uapi.conformance.target import Create, Target

KINDS: Final = {
    "simple": ("createSimplePhoneCall", "create"),
    "callback": ("createCallbackPhoneCall", "callback"),
    "conferenceInvite": ("createConferenceInvite", "conference-invite"),
}
"""What is placed, by the last segment of the path: the operation, and the feature that offers it."""
KIND_OF: Final = {feature.replace("-", "_"): kind for kind, (_, feature) in KINDS.items()}
"""What is placed, by the setting of its feature."""
ACTIONS_OF: Final = {
    "hold": ("OnHold", "OffHold"),
    "pick_up": ("PickUp",),
    "barge_in": ("BargeIn",),
    "park": ("Park", "UnPark"),
    "whisper": ("Whisper",),
    "monitor": ("Monitor",),
    "transfer": ("Transfer",),
    "transfer_to_voicemail": ("TransferToVoicemail",),
}
"""The actions of each feature, by its setting."""
ROW_OF: Final = {"simple": "MAKE-005", "callback": "MAKE-040", "conferenceInvite": "MAKE-050"}
"""The requirement by which each of them is placed."""
NOTHING: Final = b"{}"
"""A body that asks for a phone call between nobody and nobody."""
RINGING: Final = "3"
TALKING: Final = "5"
OK: Final = 200
SERVED: Final = frozenset({200, 204})
GONE: Final = frozenset({204, 404, 410})
REFUSED: Final = range(400, 500)
FIRST_WAIT: Final = 0.02
LONGEST_WAIT: Final = 0.5
"""How long is waited between two looks at a phone call, in seconds: little at first, twice as long each time."""
GRACE_SECONDS: Final = 5.0
"""How much later than at its time a phone call may end (D-89)."""
PATIENCE: Final = 3
"""How many phone calls in a row are waited for until they are answered, before nobody waits any more."""
ALL: Final = {"count": "5000"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A phone call that the kit placed."""

    id: str
    extension: str
    """The extension that placed it, in whose list it is."""
    source: str
    destination: str
    view: str = ""
    """The view of `source`, empty where the call was not answered yet."""
    other_view: str = ""
    """The view of `destination`, the same."""

    @property
    def place(self) -> Place:
        """Where its caller addresses it."""
        return Place("@me", self.extension, self.id)


class Telephone:
    """Places phone calls between the numbers that a target names.

    A call that one check leaves as it was placed serves the next one. Every call that was placed is hung up at the end.
    """

    def __init__(self, probe: Probe) -> None:
        """Place nothing yet."""
        self._probe: Final = probe
        self._pristine: tuple[Placed, object] | None = None
        self._used: set[str] = set()
        self._timed: dict[str, tuple[Placed | Exception, float]] = {}
        self._orders = 0
        self._looked = False
        self._in_vain = 0

    @property
    def target(self) -> Target:
        """The configuration of the target."""
        return self._probe.target

    @property
    def numbers(self) -> Create:
        """Between which numbers calls are placed; raise NotExercised where the target names none."""
        if self.target.create is None or not self._probe.session.guard.telephony:
            raise NotExercised("the target does not say how calls are placed (create.source and create.destination)")
        return self.target.create

    @property
    def settling_seconds(self) -> float:
        """How long it may take until a look shows what was done, in seconds."""
        return min(GRACE_SECONDS, self.numbers.answer_timeout_seconds)

    def role(self, name: str, what: str = "extension") -> str:
        """Return the number of a role of the target, such as `second_extension`; raise NotExercised without one."""
        if (section := getattr(self.target, name)) is None:
            raise NotExercised(f"the target names no {name}.{what}")
        return str(getattr(section, what))

    # Requests

    def look_around(self) -> None:
        """Have the guard get to know the phone calls that are there, once: a call that is placed is none of them."""
        if not self._looked and self.target.features.list:
            self._looked = True
            self._probe.list(Place("@me", "@self"), query=ALL)

    def create(
        self,
        body: object,
        *,
        kind: str = "simple",
        principal: str | None = "caller",
        user: str = "@me",
        headers: Sequence[tuple[str, str]] = (JSON,),
        query: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Ask for a phone call. A body of bytes is sent as it is, any other value as JSON."""
        self._probe.need(KINDS[kind][1])
        return self.ask(kind, body, principal=principal, user=user, headers=headers, query=query)

    def ask(
        self,
        kind: str,
        body: object,
        *,
        principal: str | None = "caller",
        user: str = "@me",
        headers: Sequence[tuple[str, str]] = (JSON,),
        query: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Ask for a phone call, also where the target does not offer that."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._probe.session.send(
            self._probe.request(
                "POST",
                Place(user, kind),
                operation=KINDS[kind][0],
                principal=principal,
                headers=headers,
                query=query,
                body=content,
            )
        )

    def order(self, *, source: object = None, destination: object = None, **members: object) -> dict[str, object]:
        """Return the body of a valid request for a simple call; `members` replace its own, None leaves one out."""
        numbers = self.numbers
        view = {"source": source or [numbers.source], "destination": destination or [numbers.destination]}
        body: dict[str, object] = {
            "extension": self.target.caller.extension,
            "phoneCallView": [view],
            "nonce": self.nonce(),
        }
        return {name: value for name, value in {**body, **members}.items() if value is not None}

    def nonce(self) -> str:
        """Return a string by which a phone call of the kit is recognized, also where its id is not known."""
        self._orders += 1
        return f"uapiconformance{self._orders}"

    def act(self, call: Placed, action: str, *, principal: str = "caller", **members: object) -> Exchange:
        """Send an action to a call, by default to the view of its source; a member that is None is left out."""
        body = {"action": action, "phoneCallViewId": call.view, **members}
        kept = {name: value for name, value in body.items() if value is not None}
        exchange = self._probe.update(kept, call.place, principal=principal)
        if action not in ACTIONS_OF["hold"] and exchange.status not in REFUSED:
            self._used.add(call.id)  # somebody may be on the way to it, which does not show yet
        return exchange

    def hang_up(
        self, place: Place, *, principal: str | None = "caller", query: Mapping[str, str] | None = None
    ) -> Exchange:
        """Hang up a phone call, or all those of an extension where the place names none."""
        self._probe.need("hang-up")
        return self.ask_to_hang_up(place, principal=principal, query=query)

    def ask_to_hang_up(
        self,
        place: Place,
        *,
        principal: str | None = "caller",
        headers: Sequence[tuple[str, str]] = (),
        query: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Ask for a hang-up, also where the target does not offer that.

        An extension is hung up only if a list shows that all its phone calls are the kit's; NotExercised otherwise.
        """
        operation = "hangUpPhoneCall" if place.phone_call else "hangUpPhoneCalls"
        probe = self._probe
        self._used.add(str(place.phone_call))
        if not place.phone_call and not all(map(probe.session.guard.is_own, self.ids(place.extension))):
            message = f"the extension {place.extension} has phone calls that the kit did not place"
            raise NotExercised(message, probe.session.exchanges[-1])
        return probe.session.send(
            probe.request("DELETE", place, operation=operation, principal=principal, headers=headers, query=query)
        )

    # Phone calls

    def place(
        self,
        body: Mapping[str, object] | None = None,
        *,
        kind: str = "simple",
        query: Mapping[str, str] | None = None,
    ) -> Placed:
        """Place a phone call; raise NotExercised where that does not succeed, which has rows of its own."""
        body = self.order() if body is None else body
        exchange = self.create(body, kind=kind, query=query)
        if exchange.status != OK:
            code = error_code(exchange) or ""
            told = exchange.fault or f"{exchange.status} {code}".strip()
            raise NotExercised(f"no phone call could be placed, which is for {ROW_OF[kind]} to say: {told}", exchange)
        if not (ids := list(shown_ids(exchange))):
            raise NotExercised("the answer names no phone call, which is for MAKE-001 to say", exchange)
        if not self._probe.session.guard.is_own(ids[0]):
            message = (
                f"the answer names {ids[0]!r}, which is no new phone call: that is for MAKE-001 and MAKE-002 to say"
            )
            raise NotExercised(message, exchange)
        view = body["phoneCallView"][0]  # type: ignore[index]
        source, destination = _one(view["source"]), _one(view["destination"])
        return Placed(ids[0], str(body.get("extension", self.target.caller.extension)), source, destination)

    def answered(self, call: Placed) -> Placed:
        """Wait until both parties of a call talk; return it with its views, raise NotExercised where they do not."""
        seconds = self.numbers.answer_timeout_seconds
        patience = seconds if self._in_vain < PATIENCE else 0.0
        shown = self.until(call, lambda found: found is not None and _talk(call, found) is not None, patience)
        views = _talk(call, shown) if shown is not None else None
        if views is None:
            self._in_vain += 1
            message = f"the phone call {call.id} was not answered by both parties within {patience:g} seconds"
            before = "" if patience else f", and {PATIENCE} others before it not within {seconds:g} seconds each"
            raise NotExercised(message + before, self._probe.session.exchanges[-1])
        self._in_vain = 0
        return replace(call, view=views[0], other_view=views[1])

    def talking(self) -> Placed:
        """Return a phone call whose two parties talk, on which nothing was done: a new one if need be."""
        if self._pristine is not None:
            call, state = self._pristine
            shown = self.shown(call)
            if shown is not None and call.id not in self._used and state_of(shown) == state:
                return call
            self._pristine = None
            if shown is not None:
                self.end(call)
        call = self.answered(self.place())
        self._pristine = call, state_of(self.shown(call) or {})
        return call

    def ringing(self) -> Placed:
        """Place a phone call whose destination rings and is not answered; return it with the ringing view as `view`."""
        destination = self.role("unanswered")
        call = self.place(self.order(destination=[destination]))

        def ring(found: dict[str, Any] | None) -> str | None:
            views = [view for view in views_of(found or {}) if short(view.get("extension")) == short(destination)]
            return next((str(view["id"]) for view in views if str(view.get("status")) == RINGING), None)

        shown = self.until(call, lambda found: ring(found) is not None, self.numbers.answer_timeout_seconds)
        view = ring(shown)
        if view is None:
            message = f"nobody sees that the phone call {call.id} rings at {destination} (unanswered.extension)"
            raise NotExercised(message, self._probe.session.exchanges[-1])
        return replace(call, view=view)

    def shown(self, call: Placed) -> dict[str, Any] | None:
        """Return a phone call as the target shows it now, None where it does not; by GET or else in the list."""
        get = self.target.features.get
        exchange = self._probe.get(call.place) if get else self._probe.list(Place("@me", call.extension), query=ALL)
        if exchange.status in GONE or (exchange.status is not None and error_code(exchange) == "pc_phonecall_invalid"):
            return None
        try:
            entries = entries_of(exchange)
        except Failed as finding:
            message = f"nobody sees what became of the phone call: {finding.message}"
            raise NotExercised(message, *finding.exchanges) from finding
        return next((entry for entry in entries if entry.get("id") == call.id), None)

    def until(
        self, call: Placed, condition: Callable[[dict[str, Any] | None], bool], seconds: float
    ) -> dict[str, Any] | None:
        """Look at a phone call until a condition holds or time is up; return it as it was shown last."""
        end, wait = time.monotonic() + seconds, FIRST_WAIT
        while True:
            shown = self.shown(call)
            left = end - time.monotonic()
            if condition(shown) or left <= 0 or self._probe.session.gone is not None:
                return shown
            time.sleep(min(wait, left))
            wait = min(2 * wait, LONGEST_WAIT)

    def has_ended(self, call: Placed, seconds: float = 0.0) -> bool:
        """Tell whether a phone call is no longer shown, at the latest after some seconds."""
        ended = self.until(call, lambda found: found is None, seconds) is None
        if ended:
            self._probe.session.guard.ended(call.id)
        return ended

    def ids(self, extension: str | None = None) -> frozenset[str]:
        """Return the ids of all the phone calls that the list of an extension shows, by default the caller's."""
        exchange = self._probe.list(Place("@me", extension or self.target.caller.extension), query=ALL)
        if exchange.status not in SERVED:
            raise NotExercised("nobody sees which phone calls there are", exchange)
        return frozenset(shown_ids(exchange))

    def begin(self, name: str, beginning: Callable[[Telephone], Placed]) -> None:
        """Place a phone call that something is going to happen to by itself, once. Whatever it raises, `begun` raises.

        All of them run side by side, so that a run waits once and not for each.
        """
        if name in self._timed:
            return
        try:
            call: Placed | Exception = beginning(self)
        except Exception as error:  # noqa: BLE001 - it is the business of the check that waits
            call = error
        self._timed[name] = call, time.monotonic()

    def begun(self, name: str, beginning: Callable[[Telephone], Placed]) -> tuple[Placed, float]:
        """Return a phone call that something is going to happen to, and for how many more seconds to wait for that."""
        self.begin(name, beginning)
        call, since = self._timed[name]
        if isinstance(call, Exception):
            raise call
        return call, max(0.0, since + self.numbers.limit_seconds + GRACE_SECONDS - time.monotonic())

    def end(self, call: Placed) -> None:
        """Hang up a phone call that is not needed any more, where the target lets the kit do so."""
        if self.target.features.hang_up and self.hang_up(call.place).status in SERVED:
            self._probe.session.guard.ended(call.id)

    def survey(self) -> None:
        """Have an exchange of each kind that the checks have no use for: most are refused, and none places a call."""
        features, session, probe = self.target.features, self._probe.session, self._probe
        others = [name for name in ("stranger", "other_organization") if name in session.credentials]
        for setting, kind in KIND_OF.items():
            if getattr(features, setting):
                for principal in (None, *others[:1]):
                    self.ask(kind, NOTHING, principal=principal)
                self.ask(kind, b" " * rough.LARGE + NOTHING)
                self.ask(kind, NOTHING, headers=(("Content-Type", "text/plain"),))
                session.send(probe.request(UNKNOWN_METHOD, Place("@me", kind), operation=None))
        second = self.target.second_extension
        if features.hang_up and second is not None:
            place = Place("@me", second.extension)
            with suppress(NotExercised):  # it has phone calls of others
                for principal in (None, *others[:1]):
                    self.ask_to_hang_up(place, principal=principal)
                self.ask_to_hang_up(place, query={"fields": "nosuchfield"})

    def hang_up_all(self) -> None:
        """Hang up every phone call that the kit placed, and see to it; the reader is told what may go on."""
        guard, session = self._probe.session.guard, self._probe.session
        extension = "@self"  # whichever extension of the caller it was placed with
        if guard.lost:
            session.resume()
            for found in self._lost(extension):
                guard.adopt(found)
            guard.lost.clear()
        for number in tuple(guard.placed):
            call = Placed(number, extension, "", "")
            session.resume()
            if self.target.features.hang_up:
                self.hang_up(call.place)
            if not self._is_over(call):
                session.warn(f"the phone call {number}, which the kit placed, may go on: look at it")
            guard.ended(number)  # only now: an interrupted clean-up is done again

    def _lost(self, extension: str) -> Iterator[str]:
        """Yield the phone calls that were placed by requests whose answer did not tell an id, by their nonce."""
        session, lost = self._probe.session, self._probe.session.guard.lost
        entries: list[dict[str, Any]] = []
        if self.target.features.list:
            try:
                entries = entries_of(self._probe.list(Place("@me", extension), query=ALL))
            except Failed:
                entries = []
        found = {str(entry.get("nonce")): entry["id"] for entry in entries if isinstance(entry.get("id"), str)}
        yield from (found[each] for each in lost if each in found)
        if any(each not in found for each in lost):
            session.warn("of a request to place a phone call no id is known: a phone call may go on, look at it")

    def _is_over(self, call: Placed) -> bool:
        try:
            return self.shown(call) is None
        except NotExercised:
            return False


def _one(numbers: object) -> str:
    return str(numbers[0] if isinstance(numbers, (list, tuple)) else numbers)


def _talk(call: Placed, shown: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the ids of the views of the two parties of a call, where both talk."""
    talking = [view for view in views_of(shown) if str(view.get("status")) == TALKING]
    by_extension = {short(view.get("extension")): str(view.get("id")) for view in talking}
    view, other = by_extension.get(short(call.source)), by_extension.get(short(call.destination))
    return (view, other) if view is not None and other is not None else None


def state_of(shown: Mapping[str, Any]) -> object:
    """Return what an action would change of a call."""
    kept = ("id", "extension", "status", "onHold", "holder", "parked", "parkedPos", "parkedBy", "recording")
    return sorted(
        (tuple((name, str(view.get(name))) for name in kept) for view in views_of(shown)),
    )
