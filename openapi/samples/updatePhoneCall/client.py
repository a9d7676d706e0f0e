"""Starts to record a view of a phone call, with the generated client."""

import os
import sys

from pydantic import MISSING

from uapi_phonecalls.client import Client
from uapi_phonecalls.client.errors import APIStatusError
from uapi_phonecalls.models import ErrorResponse, PhoneCall, StartRecording

USER, EXTENSION, PHONE_CALL, VIEW = "12", "0003*210", "b817d2618fe6f1804333", "01"

start = StartRecording(action="StartRecording", format="wav", phoneCallViewId=VIEW)

with Client(base_url=os.environ["UAPI_URL"], bearer=os.environ["UAPI_TOKEN"]) as client:
    try:
        call = client.phone_calls.update_phone_call(
            userId=USER, extension=EXTENSION, phoneCallId=PHONE_CALL, body=start
        )
    except APIStatusError as error:
        if isinstance(error.body, ErrorResponse):
            sys.exit(f"{error.body.error.code}: {error.body.error.message}")
        raise

if not isinstance(call, PhoneCall):
    sys.exit("the phone call has ended")
for view in call.phoneCallView:
    if view.recording is not MISSING:
        print(f"view {view.id}: recorded since {view.recording}")
