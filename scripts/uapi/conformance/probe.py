"""What a check has in its hands: the three operations on the target, and the state of the phone call under test."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from uapi.conformance.answers import entries_of, recordings_of
from uapi.conformance.exchange import Exchange, Request
from uapi.conformance.farewell import hang_up_all
from uapi.conformance.finding import Excluded, Failed, NotExercised
from uapi.conformance.place import JSON, Place
from uapi.conformance.survey import survey
from uapi.conformance.telephone import Telephone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uapi.conformance.session import Session
    from uapi.conformance.target import Target

STOPPED: Final = frozenset({200, 204})
REFUSED: Final = range(400, 500)
NO_SUCH_CALL: Final = "nosuchphonecall"
"""An id that names no phone call."""
NO_SUCH_VIEW: Final = "nosuchview"
"""An id that names no view."""


@dataclass(slots=True)
class Probe:
    """The operations of the contract, sent to the target on behalf of its principals."""

    session: Session
    remarks: list[str] = field(default_factory=list)
    """What a check tolerates and warns of."""
    ended: bool = False
    """Whether the phone call under test was found to have ended."""
    telephone: Telephone = field(init=False)
    """Places phone calls, acts on them and hangs them up."""
    _surveyed: bool = False
    _ending: Exchange | None = None

    def __post_init__(self) -> None:
        """Have phone calls placed in the same session."""
        self.telephone = Telephone(self)

    @property
    def target(self) -> Target:
        """The configuration of the target."""
        return self.session.target

    @property
    def place(self) -> Place:
        """The phone call under test, as its caller addresses it."""
        caller = self.target.caller
        return Place("@me", caller.extension, self.target.phone_call.id)

    @property
    def view(self) -> str:
        """The id of the view under test."""
        return self.target.phone_call.view_id

    def first_request(self) -> Request:
        """Return a harmless request that every server of the API answers: a read, or an update that names nothing."""
        features = self.target.features
        place = self.place if self.target.phone_call.known else replace(self.place, phone_call=NO_SUCH_CALL)
        get, several = features.get is True, features.list is True
        if get and (self.target.phone_call.known or not several):
            return self.request("GET", place, operation="getPhoneCall")
        if several:
            return self.request("GET", replace(place, phone_call=None), operation="listPhoneCalls")
        return self.request("PUT", place, operation="updatePhoneCall", headers=(JSON,), body=b"{}")

    def token(self, principal: str) -> str:
        """Return the token of a principal of the target; raise NotExercised where the target names none."""
        if principal not in self.session.credentials:
            raise NotExercised(f"the target names no {principal.replace('_', ' ')} ({principal}.token)")
        return self.session.credentials.token(principal)

    def request(
        self,
        method: str,
        place: Place,
        *,
        operation: str | None,
        principal: str | None = "caller",
        headers: Sequence[tuple[str, str]] = (),
        query: Mapping[str, str] | None = None,
        body: bytes = b"",
        path: str | None = None,
    ) -> Request:
        """Build a request. `principal` chooses the token that `Authorization` carries; None sends no header."""
        credentials = [("Authorization", f"Bearer {self.token(principal)}")] if principal else []
        url = self.target.base_url + (path if path is not None else place.path())
        if query:
            url += "?" + urlencode(query, safe="*@,")
        return Request(method, url, (*credentials, *headers), body, principal, operation)

    def update(
        self,
        body: object,
        place: Place | None = None,
        *,
        principal: str | None = "caller",
        headers: Sequence[tuple[str, str]] = (JSON,),
        query: Mapping[str, str] | None = None,
        path: str | None = None,
    ) -> Exchange:
        """Send an update. A body of bytes is sent as it is, any other value as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.session.send(
            self.request(
                "PUT",
                place or self.place,
                operation="updatePhoneCall",
                principal=principal,
                headers=headers,
                query=query,
                body=content,
                path=path,
            )
        )

    def start(self, place: Place | None = None, *, view: str | None = None, **extra: object) -> Exchange:
        """Send a StartRecording of a view, by default of the one under test, by its caller."""
        return self.update({"action": "StartRecording", "phoneCallViewId": view or self.view, **extra}, place)

    def stop(self, place: Place | None = None, *, view: str | None = None) -> Exchange:
        """Send a StopRecording; raise Excluded where the target does not offer it."""
        self.need("stop-recording")
        return self.update({"action": "StopRecording", "phoneCallViewId": view or self.view}, place)

    def get(
        self, place: Place | None = None, *, principal: str | None = "caller", query: Mapping[str, str] | None = None
    ) -> Exchange:
        """Get one phone call, by default the one under test; raise Excluded where the target does not offer it."""
        self.need("get")
        request = self.request("GET", place or self.place, operation="getPhoneCall", principal=principal, query=query)
        return self.session.send(request)

    def list(
        self, place: Place | None = None, *, principal: str | None = "caller", query: Mapping[str, str] | None = None
    ) -> Exchange:
        """List phone calls, by default of the caller's extension; raise Excluded where the target does not offer it."""
        self.need("list")
        place = place or Place("@me", self.target.caller.extension)
        return self.session.send(
            self.request("GET", place, operation="listPhoneCalls", principal=principal, query=query)
        )

    def ending(self) -> Exchange:
        """Update the phone call that ends meanwhile, once; raise NotExercised where the target names none."""
        if self._ending is None:
            if (call := self.target.ending_call) is None:
                raise NotExercised("the target names no ending_call")
            body = json.dumps({"action": "StartRecording", "phoneCallViewId": call.view_id}).encode()
            place = Place("@me", call.extension, call.id)
            request = self.request("PUT", place, operation="updatePhoneCall", headers=(JSON,), body=body)
            self._ending = self.session.send_raw(request)
        return self._ending

    def need(self, feature: str) -> None:
        """Raise Excluded where the target's configuration says that it lacks a feature."""
        if not self.target.features.offers(feature):
            raise Excluded(f"the target does not offer {feature} (features.{feature.replace('-', '_')} = false)")

    def recordings(self, place: Place | None = None) -> dict[str, str | None]:
        """Return the views of a phone call of the caller with their `recording`, as a fresh GET shows them."""
        exchange = self.get(place)
        entries = entries_of(exchange)
        if len(entries) != 1:
            raise Failed("the phone call is not found any more", exchange)
        return recordings_of(entries[0])

    def quiet(self, *views: str) -> None:
        """Stop the recordings of views, by default of the one under test, where the target lets the kit do so.

        What somebody else was recording before the run goes on.
        """
        if self.target.features.stop_recording:
            for view in views or (self.view,):
                if not self.is_foreign(view):
                    self.stop(view=view)

    def other_view(self) -> str:
        """Return a view of the phone call other than the one under test; raise NotExercised where there is none."""
        others = [view for view in self.recordings() if view != self.view]
        if not others:
            raise NotExercised("the phone call has a single view; name a call with two views in phone_call.id")
        if not (own := [view for view in others if not self.is_foreign(view)]):
            raise NotExercised(f"somebody else records the view {others[0]}, the only other one of the phone call")
        return own[0]

    def is_foreign(self, view: str) -> bool:
        """Tell whether somebody else was recording a view of the phone call under test when the run began."""
        return (self.target.phone_call.id, view) in self.session.guard.foreign

    def warn(self, remark: str) -> None:
        """Note something that the target may not do and that is tolerated; the requirement is warned of."""
        self.remarks.append(remark)

    def survey(self) -> None:
        """Have one exchange of each ordinary kind, once, for the requirements that are observed in passing."""
        if self._surveyed:
            return
        self._surveyed = True
        survey(self)

    def clean_up(self) -> None:
        """Stop every recording that the kit may have started, and hang up the phone calls that it placed."""
        guard = self.session.guard
        if guard.updated:
            self.session.resume()
        calls = self.target.calls()
        for call in tuple(guard.updated):
            running = self._not_stopped(Place("@me", calls[call], call)) if call in calls else ()
            over = self.ended and call == self.place.phone_call  # with a phone call its recordings end
            for view in () if over else running:
                self.session.warn(f"the recording of the view {view} of the phone call {call} may go on: look at it")
            guard.updated.pop(call)  # only now: an interrupted clean-up is done again
        if guard.telephony:
            hang_up_all(self)

    def _not_stopped(self, place: Place) -> tuple[str, ...]:
        """Stop what the kit records on a phone call; return the views whose recording may go on all the same."""
        views = self._recorded_by_kit(place)
        if not self.target.features.stop_recording:
            return views
        refused = [view for view in views if self.stop(place, view=view).status not in STOPPED]
        return tuple(view for view in refused if self._may_be_recorded(place, view))

    def _may_be_recorded(self, place: Place, view: str) -> bool:
        """Tell whether a view may be recorded after a stop was refused: not so where the phone call has ended."""
        if not self.target.features.get:
            return True
        exchange = self.get(place)
        try:
            entries = entries_of(exchange)
        except Failed:
            return exchange.status not in REFUSED
        return any(recordings_of(entry).get(view) is not None for entry in entries)

    def _recorded_by_kit(self, place: Place) -> tuple[str, ...]:
        """Return the views of a phone call that were started, or that are found to be recorded for another reason."""
        guard, call = self.session.guard, str(place.phone_call)
        views = [view for started, view in guard.running if started == call]
        if self.target.features.get:
            # Where the call has ended, or the target fails at this, what was started is stopped all the same.
            with contextlib.suppress(Failed):
                views += [view for view, value in self.recordings(place).items() if value is not None]
        return tuple(view for view in dict.fromkeys(views) if (call, view) not in guard.foreign)
