"""Implement PhoneCallsService of uapi_phonecalls.server.services; uapi_phonecalls.server.main imports PhoneCalls from this module.

datamodel-code-generator wrote this module once, with a stub for each method, and never overwrites it. Generating the
server again updates the Protocol, so type checkers point at the methods to change.
"""

from __future__ import annotations

from typing import Literal

from fastapi.responses import Response
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
        Start or stop the recording of a phone call

        Carries out an action on one view of a phone call. The body names the action in `action`:

        * `StartRecording` begins to record the conversation of the view and sets its `recording` to the time of the server.
        * `StopRecording` ends that recording, and `recording` is gone from the view.

        **Before a recording can start**, the function *Call recording* must be enabled for the Phone Terminal of the view,
        and its option *Record triggered* must be set to *When \\*1 is pressed*. A server refuses the request otherwise.

        **Context.** The request is made by an App that is registered to a User account, in the context of a User, an
        Organization or globally; the context decides whose calls the token reaches.

        **Identification.** The user, the extension and the id of the call in the path identify the call together. Where
        the extension is not known, `@self` stands for it. The answer is the phone call as it is after the action.
        """
        raise NotImplementedError
