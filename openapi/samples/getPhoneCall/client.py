"""Shows the state of a phone call, with the generated client."""

import os
import sys

from uapi_phonecalls.client import Client
from uapi_phonecalls.client.errors import APIStatusError
from uapi_phonecalls.models import ErrorResponse, PhoneCallCollection

USER, EXTENSION, PHONE_CALL = "12", "0003*210", "b817d2618fe6f1804333"

with Client(base_url=os.environ["UAPI_URL"], bearer=os.environ["UAPI_TOKEN"]) as client:
    try:
        page = client.phone_calls.get_phone_call(userId=USER, extension=EXTENSION, phoneCallId=PHONE_CALL)
    except APIStatusError as error:
        if isinstance(error.body, ErrorResponse):
            sys.exit(f"{error.body.error.code}: {error.body.error.message}")
        raise

if not isinstance(page, PhoneCallCollection) or not page.entry:
    sys.exit("the phone call has ended")
for view in page.entry[0].phoneCallView:
    print(f"view {view.id}: status {view.status}")
