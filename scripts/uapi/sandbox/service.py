"""The PhoneCalls service: places, lists, returns, updates and hangs up the phone calls of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NoReturn

from pydantic import MISSING

from uapi.sandbox.actions import Actions
from uapi.sandbox.answers import Answers
from uapi.sandbox.api_errors import ApiError
from uapi.sandbox.filters import condition
from uapi.sandbox.numbers import Numbers
from uapi.sandbox.orders import Orders, new_id
from uapi.sandbox.places import Places, Unreachable
from uapi.sandbox.playing import catch_up, catch_up_writing, moment, replace
from uapi.sandbox.telephony.members import without_party
from uapi.sandbox.telephony.placing import invited, placed
from uapi.sandbox.world import Principal
from uapi_phonecalls.server import HTTPResult
from uapi_phonecalls.server.services import PhoneCallsService

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uapi.sandbox.answers import Array, Collection, Field
    from uapi.sandbox.calls import Call
    from uapi.sandbox.filters import FilterBy, FilterOp
    from uapi.sandbox.places import Place
    from uapi.sandbox.store import Store
    from uapi.sandbox.telephony.placing import Order
    from uapi_phonecalls import models

DESCENDING: Final = frozenset({"desc", "descending"})


class PhoneCalls(PhoneCallsService[Principal]):
    """The operations of the contract. Its parts are attributes, so that a subclass can do any in another way."""

    def __init__(self, store: Store) -> None:
        """Serve the phone calls of a store."""
        self.store: Final = store
        self.places: Final = Places(store)
        self.numbers: Final = Numbers(store)
        self.answers: Final = Answers(store)
        self.actions: Final = Actions(store, self.places, self.numbers)
        self.orders: Final = Orders(store, self.places, self.numbers)

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
        catch_up(self.store)
        place = self.listed_place(principal, userId, extension)
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
        return self.answers.envelope(
            [self.answers.answer(call, place) for call in page.calls],
            fields,
            totalResults=page.total,
            startIndex=startIndex,
            itemsPerPage=count,
            filtered=where is not None,
            sorted=True,
            paging=self.answers.paging((userId, extension), page, startIndex, count, query),
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
        catch_up(self.store)
        call = self.store.call(phoneCallId)
        try:
            place = self.places.find(principal, userId, extension, call)
            found = [self.answers.answer(call, place)] if call and place.involves(call) else []
        except Unreachable:
            found = []
        return self.answers.envelope(found, fields, totalResults=len(found))

    def update_phone_call(
        self,
        *,
        principal: Principal,
        userId: str,  # noqa: N803
        extension: str,
        phoneCallId: str,  # noqa: N803
        body: models.PhoneCallAction,
    ) -> models.PhoneCall | HTTPResult[models.PhoneCall | models.ErrorResponse]:
        """Carry out an action and return the call as it is then, or 204 where the call ended meanwhile (REC-008)."""
        with self.store.writing():
            catch_up_writing(self.store)
            call = self.store.call(phoneCallId)
            try:
                place = self.places.find(principal, userId, extension, call)
            except Unreachable:
                _unknown(phoneCallId)
            if call is None or not place.involves(call):
                _unknown(phoneCallId)
            changed = self.actions.act(principal, place, call, body, moment(self.store))
            if call.ends_on_update:
                self.store.delete(call.id)
                return HTTPResult(204)
            self.store.save(changed)
        return self.answers.answer(changed, place)

    def hang_up_phone_call(
        self,
        *,
        principal: Principal,
        userId: str,  # noqa: N803
        extension: str,
        phoneCallId: str,  # noqa: N803
        phoneNumber: str | None,  # noqa: N803
        fields: Sequence[Field] | None,
    ) -> Array | HTTPResult[Array | models.ErrorResponse]:
        """End a call, or the leg of one party; 204 where it is not of the place, or the number none of it (D-71)."""
        with self.store.writing():
            catch_up_writing(self.store)
            call = self.store.call(phoneCallId)
            try:
                place = self.places.find(principal, userId, extension, call)
            except Unreachable:
                return HTTPResult(204)
            found = [call] if call and place.involves(call) else []
            ended = self.hang_up(found, phoneNumber, place)
        return self.answers.array([self.answers.answer(each, place) for each in ended], fields) or HTTPResult(204)

    def hang_up_phone_calls(
        self,
        *,
        principal: Principal,
        userId: str,  # noqa: N803
        extension: str,
        phoneNumber: str | None,  # noqa: N803
        fields: Sequence[Field] | None,
    ) -> Array | HTTPResult[Array | models.ErrorResponse]:
        """End all calls of an extension or a user, or the legs of a party in them; 204 where there are none (D-71)."""
        with self.store.writing():
            catch_up_writing(self.store)
            place = self.listed_place(principal, userId, extension)
            number = place.extension.number if place.extension else None
            calls = self.store.listed(user=place.user.id, extension=number)
            ended = self.hang_up(calls, phoneNumber, place)
        return self.answers.array([self.answers.answer(each, place) for each in ended], fields) or HTTPResult(204)

    def create_simple_phone_call(
        self,
        *,
        principal: Principal,
        userId: str,  # noqa: N803
        waitForPickup: int,  # noqa: N803
        callDuration: int | None,  # noqa: N803
        allowPublicTransfer: bool,  # noqa: N803
        video: bool,  # noqa: ARG002 - the sandbox has no terminals to offer it to
        fields: Sequence[Field] | None,
        body: models.NewSimplePhoneCall,
    ) -> Array:
        """Place a call between two numbers (MAKE-001 to MAKE-037)."""
        place = self.orders.place(principal, userId, None if body.extension is MISSING else body.extension)
        order = self.orders.simple(
            place, body, wait=waitForPickup, duration=callDuration, transferable=allowPublicTransfer
        )
        return self.place_call(place, order, placed, fields)

    def create_callback_phone_call(
        self,
        *,
        principal: Principal,
        userId: str,  # noqa: N803
        waitForPickup: int,  # noqa: N803
        callDuration: int | None,  # noqa: N803
        fields: Sequence[Field] | None,
        body: models.NewCallbackPhoneCall,
    ) -> Array:
        """Place a call between two public numbers, through a Callback extension (MAKE-040 to MAKE-042)."""
        place = self.orders.place(principal, userId, body.extension)
        order = self.orders.callback(place, body, wait=waitForPickup, duration=callDuration)
        return self.place_call(place, order, placed, fields)

    def create_conference_invite(
        self,
        *,
        principal: Principal,
        userId: str,  # noqa: N803
        waitForPickup: int,  # noqa: N803
        number: int | None,
        pin: str | None,
        fields: Sequence[Field] | None,
        body: models.NewConferenceInvite,
    ) -> Array:
        """Invite a party to a conference (MAKE-050 to MAKE-052)."""
        place = self.orders.place(principal, userId, body.extension)
        order = self.orders.invitation(place, body, wait=waitForPickup, number=number, pin=pin)
        return self.place_call(place, order, invited, fields)

    # What the operations have in common

    def listed_place(self, principal: Principal, user_id: str, extension: str) -> Place:
        """Return the place of a path without a phone call. Raises ApiError 400 where `@owner` is nobody's."""
        try:
            return self.places.find(principal, user_id, extension, None)
        except Unreachable:
            message = "Without a phone call, @owner needs the number of an extension. Send one, or @me for the user."
            raise ApiError(400, "user_invalid", message) from None

    def place_call(
        self, place: Place, order: Order, start: Callable[[Order, str, int], Call], fields: Sequence[Field] | None
    ) -> Array:
        """Place a call and return it as it is at once; nobody has answered yet (D-67)."""
        with self.store.writing():
            call = start(order, new_id(), moment(self.store))
            self.store.save(call)
        return self.answers.array([self.answers.answer(call, place)], fields)

    def hang_up(self, calls: Sequence[Call], number: str | None, place: Place) -> list[Call]:
        """End calls, or the legs of a number in them (D-70), and return those calls as they were before."""
        if number is not None:
            number = self.numbers.full(number, place.user.organization)
            calls = [call for call in calls if number in call.numbers]
        for call in calls:
            replace(self.store, call, None if number is None else without_party(call, number))
        return list(calls)


def _unknown(call_id: str) -> NoReturn:
    message = f"The phone call {call_id} does not exist. Send the id of a phone call in progress."
    raise ApiError(400, "pc_phonecall_invalid", message)
