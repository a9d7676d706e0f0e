"""The PhoneCalls service: lists, returns and updates the phone calls of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NoReturn, assert_never

from pydantic import MISSING

from uapi.sandbox.addresses import LONGEST, url
from uapi.sandbox.api_errors import ApiError
from uapi.sandbox.filters import condition
from uapi.sandbox.places import Places, Unreachable
from uapi.sandbox.world import Principal
from uapi_phonecalls import models
from uapi_phonecalls.server import HTTPResult
from uapi_phonecalls.server.services import PhoneCallsService

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uapi.sandbox.calls import Call, View
    from uapi.sandbox.filters import FilterBy, FilterOp
    from uapi.sandbox.places import Place
    from uapi.sandbox.store import Page, Store

    Collection = models.PhoneCallCollection | models.PartialPhoneCallCollection
    Field = Literal[
        "id", "nonce", "extension", "ownerId", "ownerName", "published", "answered", "phoneCallView", "link", "links"
    ]

FARTHEST: Final = 5000
"""The greatest `startIndex` (D-41)."""
DESCENDING: Final = frozenset({"desc", "descending"})


class PhoneCalls(PhoneCallsService[Principal]):
    """The operations of the contract. The methods are small, so that a subclass can do any part in another way."""

    def __init__(self, store: Store) -> None:
        """Serve the phone calls of a store."""
        self.store: Final = store
        self.places: Final = Places(store)

    # Operations

    def list_phone_calls(  # noqa: PLR0913 - the parameters of the operation
        self,
        *,
        principal: Principal,
        userId: str,  # noqa: N803 - the names of the contract, here and below
        extension: str,
        count: int,
        startIndex: int,  # noqa: N803
        filterBy: FilterBy | None,  # noqa: N803
        filterOp: FilterOp,  # noqa: N803
        filterValue: str | None,  # noqa: N803
        fields: Sequence[Field] | None,
        sortOrder: Literal["ascending", "descending", "asc", "desc"] | None,  # noqa: N803
    ) -> Collection | HTTPResult[Collection | models.ErrorResponse]:
        """Return a page of the calls of an extension or a user, or 204 where there are none (CALL-020 to CALL-041)."""
        try:
            place = self.places.find(principal, userId, extension, None)
        except Unreachable:
            message = "Without a phone call, @owner needs the number of an extension. Send one, or @me for the user."
            raise ApiError(400, "user_invalid", message) from None
        where = condition(filterBy, filterOp, filterValue)
        page = self.store.page(
            user=place.user.id,
            extension=place.extension.number if place.extension else None,
            where=where,
            descending=sortOrder in DESCENDING,
            start=startIndex,
            count=count,
        )
        if not page.total:
            return HTTPResult(204)
        query = {
            "filterBy": filterBy,
            "filterOp": filterOp if filterBy else None,
            "filterValue": filterValue if filterBy else None,
            "fields": ",".join(fields) if fields else None,
            "sortOrder": sortOrder,
        }
        return self.envelope(
            [self.answer(call, place) for call in page.calls],
            fields,
            totalResults=page.total,
            startIndex=startIndex,
            itemsPerPage=count,
            filtered=where is not None,
            sorted=True,
            paging=self.paging((userId, extension), page, startIndex, count, query),
        )

    def get_phone_call(
        self,
        *,
        principal: Principal,
        userId: str,  # noqa: N803
        extension: str,
        phoneCallId: str,  # noqa: N803
        fields: Sequence[Field] | None,
    ) -> Collection | HTTPResult[Collection | models.ErrorResponse]:
        """Return a call alone in an envelope, or an envelope without entries where it is not of the place (D-32)."""
        call = self.store.call(phoneCallId)
        try:
            place = self.places.find(principal, userId, extension, call)
            found = [self.answer(call, place)] if call and place.involves(call) else []
        except Unreachable:
            found = []
        return self.envelope(found, fields, totalResults=len(found))

    def update_phone_call(
        self,
        *,
        principal: Principal,
        userId: str,  # noqa: N803
        extension: str,
        phoneCallId: str,  # noqa: N803
        body: models.StartRecording | models.StopRecording,
    ) -> models.PhoneCall | HTTPResult[models.PhoneCall | models.ErrorResponse]:
        """Carry out an action and return the call as it is then, or 204 where the call ended meanwhile (REC-008)."""
        with self.store.writing():
            call = self.store.call(phoneCallId)
            try:
                place = self.places.find(principal, userId, extension, call)
            except Unreachable:
                _unknown(phoneCallId)
            if call is None or not place.involves(call):
                _unknown(phoneCallId)
            changed = self.act(principal, call, body)
            if call.ends_on_update:
                self.store.delete(call.id)
                return HTTPResult(204)
            self.store.save(changed)
        return self.answer(changed, place)

    # Actions

    def act(self, principal: Principal, call: Call, body: models.StartRecording | models.StopRecording) -> Call:
        """Return the call as it is after an action. Raises ApiError where the action cannot be carried out."""
        match body:
            case models.StartRecording():
                return self.start_recording(principal, call, self.view(call, body.phoneCallViewId))
            case models.StopRecording():
                return self.stop_recording(principal, call, self.view(call, body.phoneCallViewId))
            case _:
                assert_never(body)

    def start_recording(self, principal: Principal, call: Call, view: View) -> Call:
        """Return the call with the recording of the view begun now (REC-004, REC-005, D-24).

        A second start keeps the time of the first. Refused with 400 `pc_phonecallview_invalid` are a view that has not
        been answered, and one whose terminal is not set up for it (REC-027, D-25) or is not within reach: who may not
        see an extension's calls may not have them recorded, either.
        """
        terminal = self.places.terminal(principal, view.extension)
        if terminal is None:
            _refuse(f"The view {view.id} is not of an extension within reach. Send a view of an extension of yours.")
        if not terminal.recording_on_demand:
            _refuse(
                f"The terminal of {view.extension} is not set up for it. Enable Call recording, and set Record"
                " triggered to When *1 is pressed."
            )
        if not view.is_answered:
            _refuse(f"The view {view.id} has not been answered. Start the recording once it has.")
        if view.is_recorded:
            return call
        return call.with_views([view.but(recording=self.timestamp())])

    def stop_recording(self, principal: Principal, call: Call, view: View) -> Call:
        """Return the call with the recording of the view ended; what is not being recorded stays as it is (D-39)."""
        if view.is_recorded and self.places.terminal(principal, view.extension) is None:
            _refuse(f"The view {view.id} is not of an extension within reach. Send a view of an extension of yours.")
        return call.with_views([view.but(recording=MISSING)])

    def view(self, call: Call, view_id: str) -> View:
        """Return a view of a call. Raises ApiError 400 `pc_phonecallview_invalid` for one that it has not (REC-016)."""
        if (view := call.view(view_id)) is None:
            _refuse(f"The phone call has no view {view_id}. Send the id of one of its views as phoneCallViewId.")
        return view

    def timestamp(self) -> str:
        """Return the time of the server as answers write it."""
        return self.store.now().isoformat(timespec="seconds")

    # Answers

    def answer(self, call: Call, place: Place) -> models.PhoneCall:
        """Return a call as an answer has it: with its organization and its links, and nothing that has no value (D-23).

        The self link goes through the extension that is charged, or through one of the place where the charged one is
        of another user, so that whoever asked can follow it (CALL-016).
        """
        if (owned := self.store.owner(call.extension)) is None:
            raise LookupError(f"the phone call {call.id} has no owner")
        owner, organization = owned
        through = call.extension if owner == place.user else min(place.numbers & call.parties)
        link = {"self": url("phoneCalls", place.user.id, through, call.id)}
        told = call.model_dump(exclude_none=True, exclude={"ends_on_update"})
        return models.PhoneCall.model_validate(
            {**told, "ownerId": organization.id, "ownerName": organization.name, "link": link, "links": link}
        )

    def envelope(
        self, calls: Sequence[models.PhoneCall], fields: Sequence[Field] | None, **members: object
    ) -> Collection:
        """Return calls in an envelope, whole or reduced to some fields (CALL-038), without members that are None."""
        told = {name: value for name, value in members.items() if value is not None}
        if fields is None:
            return models.PhoneCallCollection.model_validate({"entry": list(calls), **told})
        kept = {str(field) for field in fields}
        reduced = [call.model_dump(include=kept) for call in calls]
        return models.PartialPhoneCallCollection.model_validate({"entry": reduced, **told})

    def paging(
        self, path: tuple[str, str], page: Page, start: int, count: int, query: dict[str, str | None]
    ) -> dict[str, str] | None:
        """Return the URLs of the pages before and after, as far as there are any; no URL carries the token (D-34)."""
        told = {name: value for name, value in query.items() if value is not None}
        neighbours = {}
        if start + count < page.total and start + count <= FARTHEST:
            neighbours["next"] = {"count": count, "startIndex": start + count}
        if start > 0:
            neighbours["prev"] = {"count": min(count, start), "startIndex": max(start - count, 0)}
        links = {name: url("phoneCalls", *path, query={**where, **told}) for name, where in neighbours.items()}
        return {name: link for name, link in links.items() if len(link) <= LONGEST} or None


def _unknown(call_id: str) -> NoReturn:
    message = f"The phone call {call_id} does not exist. Send the id of a phone call in progress."
    raise ApiError(400, "pc_phonecall_invalid", message)


def _refuse(message: str) -> NoReturn:
    raise ApiError(400, "pc_phonecallview_invalid", message)
