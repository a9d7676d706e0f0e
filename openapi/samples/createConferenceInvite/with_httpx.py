"""Invites a public number to a conference, with HTTPX2."""

import os
import sys

import httpx2

USER, EXTENSION = "12", "0003*219"
SOURCE, DESTINATION = "0003*219", "3235742879"

view = {"source": [SOURCE], "destination": [DESTINATION], "callerId": "John Doe <4242425>"}
response = httpx2.post(
    f"{os.environ['UAPI_URL']}/phoneCalls/{USER}/conferenceInvite",
    headers={"Authorization": f"Bearer {os.environ['UAPI_TOKEN']}"},
    json={"extension": EXTENSION, "phoneCallView": [view]},
    timeout=30,
)
if response.is_error:
    error = response.json()["error"]
    sys.exit(f"{error['code']}: {error['message']}")

for call in response.json() if response.content else []:
    print(call["id"], "is being placed")
