"""Implement PhoneCallsService of uapi_phonecalls.server.services; uapi_phonecalls.server.main imports PhoneCalls from this module.

datamodel-code-generator wrote this module once, with a stub for each method, and never overwrites it. Generating the
server again updates the Protocol, so type checkers point at the methods to change.
"""

from __future__ import annotations

from typing import Literal

from fastapi.responses import Response
from pydantic import StrictBool
from uapi_phonecalls import models
from uapi_phonecalls.server import HTTPResult
from uapi_phonecalls.server.services import PhoneCallsService


class PhoneCalls(PhoneCallsService[object]):
    """Implement the phone_calls operations."""

    def list_phone_calls(
        self,
        *,
        principal: object,
        userId: str,
        extension: str,
        count: int,
        startIndex: int,
        filterBy: Literal["id", "published"] | None,
        filterOp: Literal["equals", "contains", "startsWith", "greaterThan", "lessThan", "inArray", "present"],
        filterValue: str | None,
        fields: models.FieldsParameter | None,
        sortOrder: Literal["ascending", "descending", "asc", "desc"] | None,
    ) -> models.PhoneCallsResponse | HTTPResult[models.PhoneCallsResponse | models.ErrorResponse] | Response:
        """
        List the phone calls of an extension

        Returns the phone calls in progress in which the extension takes part, or with `@self` those of all the extensions
        of the user. The id of a call and the ids of its views are what an action needs to know.

        Without a phone call in progress the answer is 204. The list is ordered by the time at which the calls entered the
        system and comes in pages of `count` calls.
        """
        raise NotImplementedError

    def hang_up_phone_calls(
        self,
        *,
        principal: object,
        userId: str,
        extension: str,
        phoneNumber: str | None,
        fields: models.FieldsParameter | None,
    ) -> models.PhoneCallsHungUpResponse | HTTPResult[models.PhoneCallsHungUpResponse | models.ErrorResponse] | Response:
        """
        Hang up the phone calls of an extension

        Ends every phone call in progress in which the extension takes part, or with `@self` those of all the extensions of
        the user. With `phoneNumber` only the calls with that number are ended.

        Without a phone call to hang up the answer is 204. To hang up one phone call, name it in the path.
        """
        raise NotImplementedError

    def get_phone_call(
        self,
        *,
        principal: object,
        userId: str,
        extension: str,
        phoneCallId: str,
        fields: models.FieldsParameter | None,
    ) -> models.OnePhoneCallResponse | HTTPResult[models.OnePhoneCallResponse | models.ErrorResponse] | Response:
        """
        Get one phone call

        Returns the phone call of that id, alone in the envelope of a list. A call that has ended is no longer found: the
        envelope has no entries then, which is how clients notice the end of a call.
        """
        raise NotImplementedError

    def update_phone_call(
        self,
        *,
        principal: object,
        userId: str,
        extension: str,
        phoneCallId: str,
        body: models.PhoneCallAction,
    ) -> models.PhoneCall | HTTPResult[models.PhoneCall | models.ErrorResponse] | Response:
        """
        Act on a phone call

        Carries out an action on a phone call, mostly on one of its views. The body names the action in `action`:

        | action | what it does |
        | --- | --- |
        | `OnHold`, `OffHold` | put the call on hold, and take it back |
        | `StartRecording` | begin to record the conversation of the view; `recording` is set to the time of the server |
        | `StopRecording` | end that recording; `recording` is gone from the view |
        | `PickUp` | answer a call that rings at another extension |
        | `BargeIn` | join the call as a third party |
        | `Whisper` | join the call, heard by one party only |
        | `Monitor` | listen to the call, heard by nobody |
        | `Park`, `UnPark` | put the call into the parking lot, and connect it from there to an extension |
        | `Transfer` | connect a party of the call to another number |
        | `TransferToVoicemail` | connect a party of the call to the voicemail of an extension |

        The actions that bring somebody into the call (`PickUp`, `BargeIn`, `Whisper`, `Monitor`, `UnPark`) call the extension
        `sendCallTo` first, for `waitForPickup` seconds at most.

        **Before a recording can start**, the function *Call recording* must be enabled for the Phone Terminal of the view,
        and its option *Record triggered* must be set to *When \\*1 is pressed*. A server refuses the request otherwise.

        **Context.** The request is made by an App that is registered to a User account, in the context of a User, an
        Organization or globally; the context decides whose calls the token reaches.

        **Identification.** The user, the extension and the id of the call in the path identify the call together. Where
        the extension is not known, `@self` stands for it. The answer is the phone call as it is after the action.
        """
        raise NotImplementedError

    def hang_up_phone_call(
        self,
        *,
        principal: object,
        userId: str,
        extension: str,
        phoneCallId: str,
        phoneNumber: str | None,
        fields: models.FieldsParameter | None,
    ) -> models.PhoneCallsHungUpResponse | HTTPResult[models.PhoneCallsHungUpResponse | models.ErrorResponse] | Response:
        """
        Hang up one phone call

        Ends the phone call of that id for all its parties. With `phoneNumber` only the leg between that number and the
        extension is ended, and nothing where the number is no party of the call.

        Without a phone call to hang up the answer is 204.
        """
        raise NotImplementedError

    def create_simple_phone_call(
        self,
        *,
        principal: object,
        userId: str,
        waitForPickup: int,
        callDuration: int | None,
        allowPublicTransfer: StrictBool,
        video: StrictBool,
        fields: models.FieldsParameter | None,
        body: models.NewSimplePhoneCall,
    ) -> models.PhoneCallsPlacedResponse | HTTPResult[models.PhoneCallsPlacedResponse | models.ErrorResponse] | Response:
        """
        Place a phone call between two numbers

        Calls the source and, when it picks up, the destination, and connects them. Each is an extension or a public number.
        Of several sources, the first that picks up is connected.

        The answer does not wait for anybody to pick up: it returns the phone call with its id, and the call is then looked
        at with `getPhoneCall`. A call that nobody picks up within `waitForPickup` seconds is cancelled.

        The call is placed on behalf of the user of the path, with an extension of that user, which is charged for it.
        """
        raise NotImplementedError

    def create_callback_phone_call(
        self,
        *,
        principal: object,
        userId: str,
        waitForPickup: int,
        callDuration: int | None,
        fields: models.FieldsParameter | None,
        body: models.NewCallbackPhoneCall,
    ) -> models.PhoneCallsPlacedResponse | HTTPResult[models.PhoneCallsPlacedResponse | models.ErrorResponse] | Response:
        """
        Place a phone call through a Callback extension

        Has a Callback extension of the user call a public number, the source, and connect it with another one, the
        destination. The extension is charged for the call.

        As with a simple phone call, the answer does not wait for anybody to pick up.
        """
        raise NotImplementedError

    def create_conference_invite(
        self,
        *,
        principal: object,
        userId: str,
        waitForPickup: int,
        number: int | None,
        pin: str | None,
        fields: models.FieldsParameter | None,
        body: models.NewConferenceInvite,
    ) -> models.PhoneCallsPlacedResponse | HTTPResult[models.PhoneCallsPlacedResponse | models.ErrorResponse] | Response:
        """
        Invite a party to a conference

        Has a Conference extension of the user call a number, an extension or a public one, and take it into the conference
        when it picks up. With `number` and `pin` it is a scheduled conference.

        As with a simple phone call, the answer does not wait for anybody to pick up.
        """
        raise NotImplementedError
