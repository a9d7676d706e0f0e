"""One phone call after the other: what is asked of it, what the answer has to be, and what is believed afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import short, views_of
from uapi.conformance.inquiry import Violation
from uapi.conformance.life.model import HELD, RECORDED, Model
from uapi.conformance.line import GRACE_SECONDS, TALKING
from uapi.conformance.probe import NO_SUCH_VIEW

if TYPE_CHECKING:
    from uapi.conformance.exchange import Exchange
    from uapi.conformance.falsify import Falsifier
    from uapi.conformance.inquiry import Inquiry
    from uapi.conformance.line import Placed
    from uapi.conformance.probe import Probe
    from uapi.conformance.telephone import Telephone

OK: Final = 200
SERVED: Final = range(200, 300)
SHOWN: Final = 12
"""How many exchanges of a sequence are kept as evidence."""
TOLD: Final = 8
"""How many steps of a sequence are told."""
SECOND: Final = "second_extension"
PARTIES: Final = 2


class Course:
    """The course of one phone call's life after the other."""

    def __init__(self, inquiry: Inquiry, falsifier: Falsifier) -> None:
        """Place nothing yet."""
        self.inquiry: Final = inquiry
        self._falsifier: Final = falsifier
        self._call: Placed | None = None
        self.model = Model(())
        self.was_parked = False
        """Whether the call was parked: once, for whoever took it out is a party of it, and cannot take it again."""
        self._steps: list[str] = []
        self._first = 0
        self._looks = 0

    @property
    def probe(self) -> Probe:
        """The operations of the contract on the target."""
        return self.inquiry.probe

    @property
    def telephone(self) -> Telephone:
        """Where the calls come from."""
        return self.probe.telephone

    @property
    def call(self) -> Placed:
        """The phone call that is spoken of."""
        assert self._call is not None  # noqa: S101 - each sequence begins with one
        return self._call

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions that the target offers, of those that steps are made of."""
        features = self.probe.target.features
        held = ("OnHold", "OffHold") if features.hold else ()
        return (*held, *(("Park",) if features.park else ()), "StartRecording")

    def begin(self) -> None:
        """Begin with a phone call on which nothing was done."""
        self.inquiry.spend()
        self._call = self.telephone.talking()
        self.model = Model((self.call.view, self.call.other_view))
        self.was_parked = False
        self._steps, self._first, self._looks = [], len(self.probe.session.exchanges), 0

    # Steps

    def hold(self, view: str) -> None:
        """Put a view on hold. What is held already may be refused (D-83)."""
        sure = self.model.carries(HELD, view) is False
        exchange = self._act("OnHold", view)
        if exchange.status == OK:
            self.model.held(view)
        else:
            self._unserved(exchange, "ACT-020", HELD, view, sure=sure)
        self.look()

    def resume(self, view: str) -> None:
        """Take a view off hold. What is not held may be refused (D-83)."""
        sure = self.model.carries(HELD, view) is True
        exchange = self._act("OffHold", view)
        if exchange.status == OK and sure:
            self.model.resumed(view)
        elif exchange.status != OK:
            self._unserved(exchange, "ACT-025", HELD, view, sure=sure)
        else:
            self.model.forget(HELD, view)
        self.look()

    def record(self, view: str) -> None:
        """Start the recording of a view. What is recorded already may be refused (D-24)."""
        sure = self.model.carries(RECORDED, view) is False
        exchange = self._act("StartRecording", view)
        if exchange.status == OK:
            self.model.recorded(view, on=True)
        else:
            self._unserved(exchange, "REC-001", RECORDED, view, sure=sure)
        self.look()

    def stop(self, view: str) -> None:
        """Stop the recording of a view. What is silent may be refused (D-39)."""
        sure = self.model.carries(RECORDED, view) is True
        exchange = self._act("StopRecording", view)
        if exchange.status == OK:
            self.model.recorded(view, on=False)
        else:
            self._unserved(exchange, "REC-030", RECORDED, view, sure=sure)
        self.look()

    def refuse(self, action: str) -> None:
        """Ask for an action on a view that the call does not have: that has no effect."""
        exchange = self._act(action, NO_SUCH_VIEW)
        if exchange.status in SERVED:
            self._accuse("ACT-004", f"it was answered with {exchange.status}")
        self.look(refused=True)

    def park(self, view: str) -> None:
        """Park the call."""
        self.was_parked = True
        exchange = self._act("Park", view)
        if exchange.status != OK:
            self._refused(exchange, "ACT-040")
            self._end()
            return
        self.model.moved((), parked=True)
        self.look()

    def take_out(self) -> None:
        """Take the call out of the parking lot, and wait until it is answered."""
        shown = self.telephone.shown(self.call) or {}
        view = next((str(each.get("id")) for each in views_of(shown) if each.get("parked") is not None), self.call.view)
        extension = self.telephone.role(SECOND)
        exchange = self._act("UnPark", view, extension)
        if exchange.status != OK:
            self._refused(exchange, "ACT-048")
        elif views := self._taken_by(extension):
            self.model.moved(views, parked=False)
            self.look()
            return
        self._end()

    def hang_up(self) -> None:
        """End the call."""
        self._note("a hang-up")
        exchange = self.telephone.hang_up(self.call.place)
        if exchange.status != OK:
            self._refused(exchange, "END-001")
        patience = GRACE_SECONDS if self.inquiry.accuses("END-002") else 0.0
        self.model.alive = not self.telephone.has_ended(self.call, patience)
        if self.model.alive:
            self._accuse("END-002", "the phone call is still shown")
        self.look()

    def act_on_what_has_ended(self, action: str) -> None:
        """Ask for an action on the call after its end."""
        if self._act(action, self.call.view).status == OK:
            self._accuse("ADDR-012", "it was answered with 200, although the phone call has ended")
        self.look()

    def look(self, *, refused: bool = False) -> None:
        """Compare the call with the model, as a GET shows it and now and then as a list does.

        What changes although it was refused, violates ACT-002, whatever it is.
        """
        self.inquiry.spend()
        self._looks += 1
        shown = self.telephone.shown(self.call)
        if shown is None and self.model.alive:
            self._missed()
        elif shown is not None and not self.model.alive:
            self._accuse("END-002", "the phone call is shown again")
        for requirement, difference in self.model.differences(shown) if shown is not None else ():
            self._accuse("ACT-002" if refused else requirement, difference)
        if self._looks % 3 == 0 and self.probe.target.features.list:
            self._look_at_list()

    def _missed(self) -> None:
        """Find out whether the call, which a GET does not show, goes on: where nothing shows it, it ended by itself."""
        if self.probe.target.features.list and self.call.id in self.telephone.ids(self.call.extension):
            self._accuse("MAKE-002", "a GET does not show the phone call, which the list does")
        self.model.alive = False
        self.probe.session.guard.ended(self.call.id)

    def _look_at_list(self) -> None:
        listed = self.call.id in self.telephone.ids(self.call.extension)
        if listed != self.model.alive:
            self._accuse(
                "END-002" if listed else "MAKE-006", f"the list shows {'' if listed else 'not '}the phone call"
            )

    # What is said and found

    def _act(self, action: str, view: str, to: str | None = None) -> Exchange:
        self._note(f"{action} {view}")
        return self.telephone.act(self.call, action, phoneCallViewId=view, sendCallTo=to)

    def _note(self, step: str) -> None:
        self.inquiry.spend()
        self._steps.append(step)

    def _unserved(self, exchange: Exchange, requirement: str, name: str, view: str, *, sure: bool) -> None:
        if sure:
            self._refused(exchange, requirement)
            self.model.forget(name, view)

    def _refused(self, exchange: Exchange, requirement: str) -> None:
        """Accuse the target of a refusal, unless the call has ended by itself."""
        if self.telephone.shown(self.call) is not None:
            self._accuse(requirement, f"it was answered with {exchange.status}")

    def _taken_by(self, extension: str) -> list[str]:
        """Return the views that talk once an extension has taken the call, none where that cannot be seen."""

        def talking(shown: dict[str, Any] | None) -> list[dict[str, Any]]:
            return [view for view in views_of(shown or {}) if str(view.get("status")) == TALKING]

        def taken(shown: dict[str, Any] | None) -> bool:
            return any(short(view.get("extension")) == short(extension) for view in talking(shown))

        shown = self.telephone.until(self.call, taken, self.telephone.numbers.answer_timeout_seconds)
        found = [str(view.get("id")) for view in talking(shown)] if taken(shown) else []
        return found if len(found) >= PARTIES else []

    def _end(self) -> None:
        """Leave the rest of the sequence out: what is known is too little. The next one begins with another call."""
        self.telephone.end(self.call)
        self.model.moved((), parked=None)
        self.model.alive = not self.telephone.has_ended(self.call)

    def _accuse(self, requirement: str, message: str) -> None:
        if not self.inquiry.accuses(requirement):
            return
        earlier, steps = self._steps[:-TOLD], self._steps[-TOLD:]
        told = ", then ".join([f"{len(earlier)} steps"] * bool(earlier) + steps) or "a look at the phone call"
        exchanges = self.probe.session.exchanges[self._first :][-SHOWN:]
        raise self._falsifier.found(Violation(requirement, f"after {told}: {message}", *exchanges))
