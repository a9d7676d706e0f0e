"""The actions on phone calls: whom and what a request names is looked up, and the call is changed accordingly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from pydantic import MISSING

from uapi.sandbox.api_errors import printable
from uapi.sandbox.telephony.connecting import joined, picked_up, unparked
from uapi.sandbox.telephony.holding import held, taken_back
from uapi.sandbox.telephony.parking import LONGEST, parked
from uapi.sandbox.telephony.recording import not_recorded, recorded
from uapi.sandbox.telephony.refusing import refuse, refuse_view
from uapi.sandbox.telephony.transferring import parties, sent_to_voicemail, transferred
from uapi_phonecalls import models

if TYPE_CHECKING:
    from uapi.sandbox.calls import Call, View
    from uapi.sandbox.numbers import Numbers
    from uapi.sandbox.places import Place, Places
    from uapi.sandbox.store import Store
    from uapi.sandbox.telephony.transferring import Parties
    from uapi.sandbox.world import Extension, Principal

Connecting = models.PickUp | models.UnPark | models.BargeIn | models.Whisper | models.Monitor


class Actions:
    """Carries out actions on phone calls of a store, for a principal who reaches the place of the request."""

    def __init__(self, store: Store, places: Places, numbers: Numbers) -> None:
        """Look up numbers and terminals."""
        self.store: Final = store
        self.places: Final = places
        self.numbers: Final = numbers

    def act(  # noqa: PLR0911 - the actions
        self, principal: Principal, place: Place, call: Call, body: models.PhoneCallAction, now: int
    ) -> Call:
        """Return the call as it is after an action. Raises ApiError where the action cannot be carried out."""
        if isinstance(body, models.Transfer | models.TransferToVoicemail):
            return self.transfer(principal, place, call, body, now)
        view = self.view(call, body.phoneCallViewId)
        if isinstance(body, models.StopRecording) and not view.is_recorded:
            return call
        extension = self.reached(principal, view)
        match body:
            case models.StartRecording():
                self.recordable(extension)
                return recorded(call, view, now)
            case models.StopRecording():
                return not_recorded(call, view)
            case models.OnHold():
                return held(call, view, now)
            case models.OffHold():
                return taken_back(call, view)
            case models.Park():
                return self.park(call, view, body, now)
            case models.PickUp() | models.UnPark() | models.BargeIn() | models.Whisper() | models.Monitor():
                return self.connect(place, call, view, body, now)
            case _:
                assert_never(body)

    def view(self, call: Call, view_id: str) -> View:
        """Return a view of a call. Raises ApiError 400 `pc_phonecallview_invalid` for one that it has not (REC-016)."""
        if (view := call.view(view_id)) is None:
            refuse_view(f"The phone call has no view {view_id}. Send the id of one of its views as phoneCallViewId.")
        return view

    def reached(self, principal: Principal, view: View) -> Extension:
        """Return the extension of a view. Raises ApiError 400 where it is not within reach.

        Who may not see an extension's calls may not have them recorded, held, parked or listened to, either.
        """
        if (extension := self.places.terminal(principal, view.extension)) is None:
            refuse_view(
                f"The view {view.id} is not of an extension within reach. Send a view of an extension of yours."
            )
        return extension

    def recordable(self, extension: Extension) -> None:
        """Refuse a terminal that is not set up for recording (REC-027, D-25)."""
        if not extension.recording_on_demand:
            refuse_view(
                f"The terminal of {extension.number} is not set up for it. Enable Call recording, and set Record"
                " triggered to When *1 is pressed."
            )

    def park(self, call: Call, view: View, body: models.Park, now: int) -> Call:
        """Return the call parked at the lowest position that is free in the parking lot of its organization."""
        owned = self.store.owner(call.extension)
        taken = self.store.parked_positions(owned[1].id) if owned else set()
        seconds = LONGEST if body.maxInParking is MISSING else int(body.maxInParking)
        return parked(call, view, now, taken=taken, seconds=seconds)

    def connect(self, place: Place, call: Call, view: View, body: Connecting, now: int) -> Call:
        """Return the call with the extension `sendCallTo` called for it."""
        party = self.numbers.terminal(place, body.sendCallTo)
        caller_id = None if body.callerId is MISSING else body.callerId
        wait = int(body.waitForPickup)
        match body:
            case models.PickUp():
                return picked_up(call, view, party, now, wait=wait, caller_id=caller_id)
            case models.UnPark():
                return unparked(call, view, party, now, wait=wait, caller_id=caller_id)
            case models.BargeIn() | models.Whisper() | models.Monitor():
                return joined(call, view, party, now, wait=wait, caller_id=caller_id)

    def transfer(
        self,
        principal: Principal,
        place: Place,
        call: Call,
        body: models.Transfer | models.TransferToVoicemail,
        now: int,
    ) -> Call:
        """Return the call transferred to a number, or to the voicemail of an extension."""
        if isinstance(body, models.TransferToVoicemail):
            aim = self.numbers.terminal(place, body.sendCallTo)
            return sent_to_voicemail(call, self.parties(place, call, body), aim, now)
        leaves = None
        if body.phoneCallViewId is not MISSING:
            view = self.view(call, body.phoneCallViewId)
            self.reached(principal, view)
            leaves = view.extension
        found = self.numbers.party(body.sendCallTo, place.user.organization)
        if found is None:
            refuse(f"The extension {printable(body.sendCallTo)} does not exist. Send another number as sendCallTo.")
        return transferred(call, self.parties(place, call, body, leaves), found, now)

    def parties(
        self, place: Place, call: Call, body: models.Transfer | models.TransferToVoicemail, leaves: str | None = None
    ) -> Parties:
        """Return who is transferred and who leaves; the numbers of the request decide, where it has them (D-79)."""
        organization = place.user.organization
        given = body.transferFromNumber is not MISSING or body.transferNumber is not MISSING
        first = None if body.transferFromNumber is MISSING else self.numbers.full(body.transferFromNumber, organization)
        second = None if body.transferNumber is MISSING else self.numbers.full(body.transferNumber, organization)
        return parties(call, first if given else leaves, second, place.numbers)
