"""Hangs up all phone calls of an extension, with the generated client."""

import os
import sys

from uapi_phonecalls.client import Client
from uapi_phonecalls.client.errors import APIStatusError
from uapi_phonecalls.models import ErrorResponse

USER, EXTENSION = "12", "0003*210"

with Client(base_url=os.environ["UAPI_URL"], bearer=os.environ["UAPI_TOKEN"]) as client:
    try:
        calls = client.phone_calls.hang_up_phone_calls(userId=USER, extension=EXTENSION)
    except APIStatusError as error:
        if isinstance(error.body, ErrorResponse):
            sys.exit(f"{error.body.error.code}: {error.body.error.message}")
        raise

for call in calls or []:
    print(call.id, "is hung up")
