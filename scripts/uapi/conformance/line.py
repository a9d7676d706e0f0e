"""Phone calls, one request at a time: they are asked for, looked at, acted on and hung up."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import entries_of, error_code, shown_ids
from uapi.conformance.finding import Failed, NotExercised
from uapi.conformance.place import ALL, JSON, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
RINGING: Final = "3"
TALKING: Final = "5"
OK: Final = 200
SERVED: Final = frozenset({200, 204})
GONE: Final = frozenset({204, 404, 410})
REFUSED: Final = range(400, 500)
FIRST_WAIT: Final = 0.01
LONGEST_WAIT: Final = 0.5
"""How long is waited between two looks at a phone call, in seconds: little at first, twice as long each time."""
GRACE_SECONDS: Final = 5.0
"""How much later than at its time a phone call may end (D-89)."""


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


class Line:
    """What the operations for which phone calls are placed are sent on."""

    def __init__(self, probe: Probe) -> None:
        """Ask for nothing yet."""
        self._probe: Final = probe
        self._used: set[str] = set()
        self._orders = 0
        self._looked = False

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

    def need_numbers(self) -> None:
        """Raise NotExercised where the kit places no phone calls, and so must ask for none and hang up none."""
        _ = self.numbers

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
        """Ask for a phone call, also where the target does not offer that; raise NotExercised where none is placed."""
        self.need_numbers()
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

        An extension is hung up only if a list shows that all its phone calls are the kit's; NotExercised otherwise, and
        where the kit places none.
        """
        self.need_numbers()
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

    def end(self, call: Placed) -> None:
        """Hang up a phone call that is not needed any more, where the target lets the kit do so."""
        if self.target.features.hang_up and self.hang_up(call.place).status in SERVED:
            self._probe.session.guard.ended(call.id)
