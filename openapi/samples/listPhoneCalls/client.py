"""Lists the phone calls in progress of an extension, each with the ids of its views, with the generated client."""

import os
import sys

from uapi_phonecalls.client import Client
from uapi_phonecalls.client.errors import APIStatusError
from uapi_phonecalls.models import ErrorResponse, PhoneCallCollection

USER, EXTENSION = "12", "0003*210"

with Client(base_url=os.environ["UAPI_URL"], bearer=os.environ["UAPI_TOKEN"]) as client:
    try:
        page = client.phone_calls.list_phone_calls(userId=USER, extension=EXTENSION, count=20)
    except APIStatusError as error:
        if isinstance(error.body, ErrorResponse):
            sys.exit(f"{error.body.error.code}: {error.body.error.message}")
        raise

if isinstance(page, PhoneCallCollection):
    for call in page.entry:
        print(call.id, *(view.id for view in call.phoneCallView))
