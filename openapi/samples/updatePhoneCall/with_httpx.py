"""Starts to record a view of a phone call, with HTTPX2."""

import os
import sys

import httpx2

USER, EXTENSION, PHONE_CALL, VIEW = "12", "0003*210", "b817d2618fe6f1804333", "01"

response = httpx2.put(
    f"{os.environ['UAPI_URL']}/phoneCalls/{USER}/{EXTENSION}/{PHONE_CALL}",
    headers={"Authorization": f"Bearer {os.environ['UAPI_TOKEN']}"},
    json={"action": "StartRecording", "format": "wav", "phoneCallViewId": VIEW},
    timeout=30,
)
if response.is_error:
    error = response.json()["error"]
    sys.exit(f"{error['code']}: {error['message']}")

if not response.content:
    sys.exit("the phone call has ended")
for view in response.json()["phoneCallView"]:
    if "recording" in view:
        print(f"view {view['id']}: recorded since {view['recording']}")
