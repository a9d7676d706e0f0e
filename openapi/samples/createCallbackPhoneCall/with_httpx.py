"""Places a phone call between two public numbers through a Callback extension, with HTTPX2."""

import os
import sys

import httpx2

USER, EXTENSION = "12", "0003*218"
SOURCE, DESTINATION = "3334444", "3235742879"

view = {"source": [SOURCE], "destination": [DESTINATION], "callerId": "John Doe <4242425>"}
response = httpx2.post(
    f"{os.environ['UAPI_URL']}/phoneCalls/{USER}/callback",
    headers={"Authorization": f"Bearer {os.environ['UAPI_TOKEN']}"},
    json={"extension": EXTENSION, "phoneCallView": [view]},
    timeout=30,
)
if response.is_error:
    error = response.json()["error"]
    sys.exit(f"{error['code']}: {error['message']}")

for call in response.json() if response.content else []:
    print(call["id"], "is being placed")
