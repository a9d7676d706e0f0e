"""Places phone calls, acts on them and hangs them up, for the checks of the profile `phone-calls`."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import error_code, short, shown_ids, views_of
from uapi.conformance.finding import NotExercised
from uapi.conformance.line import GRACE_SECONDS, OK, RINGING, TALKING, Line, Placed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uapi.conformance.probe import Probe

ROW_OF: Final = {"simple": "MAKE-005", "callback": "MAKE-040", "conferenceInvite": "MAKE-050"}
"""The requirement by which each of them is placed."""
PATIENCE: Final = 3
"""How many phone calls in a row are waited for until they are answered, before nobody waits any more."""


class Telephone(Line):
    """Places phone calls between the numbers that a target names.

    A call that one check leaves as it was placed serves the next one. Every call that was placed is hung up at the end.
    """

    def __init__(self, probe: Probe) -> None:
        """Place nothing yet."""
        super().__init__(probe)
        self._pristine: tuple[Placed, object] | None = None
        self._timed: dict[str, tuple[Placed | Exception, float]] = {}
        self._in_vain = 0

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
