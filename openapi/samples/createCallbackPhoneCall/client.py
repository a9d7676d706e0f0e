"""Places a phone call between two public numbers through a Callback extension, with the generated client."""

import os
import sys

from uapi_phonecalls.client import Client
from uapi_phonecalls.client.errors import APIStatusError
from uapi_phonecalls.models import ErrorResponse, NewCallbackPhoneCall, NewPhoneCallView

USER, EXTENSION = "12", "0003*218"
SOURCE, DESTINATION = "3334444", "3235742879"

view = NewPhoneCallView(source=[SOURCE], destination=[DESTINATION], callerId="John Doe <4242425>")
body = NewCallbackPhoneCall(extension=EXTENSION, phoneCallView=[view])

with Client(base_url=os.environ["UAPI_URL"], bearer=os.environ["UAPI_TOKEN"]) as client:
    try:
        calls = client.phone_calls.create_callback_phone_call(userId=USER, body=body)
    except APIStatusError as error:
        if isinstance(error.body, ErrorResponse):
            sys.exit(f"{error.body.error.code}: {error.body.error.message}")
        raise

for call in calls or []:
    print(call.id, "is being placed")
