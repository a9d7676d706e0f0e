"""Lists the phone calls in progress of an extension, each with the ids of its views, with HTTPX2."""

import os
import sys

import httpx2

USER, EXTENSION = "12", "0003*210"

response = httpx2.get(
    f"{os.environ['UAPI_URL']}/phoneCalls/{USER}/{EXTENSION}",
    headers={"Authorization": f"Bearer {os.environ['UAPI_TOKEN']}"},
    params={"count": 20},
    timeout=30,
)
if response.is_error:
    error = response.json()["error"]
    sys.exit(f"{error['code']}: {error['message']}")

for call in response.json()["entry"] if response.content else []:
    print(call["id"], *(view["id"] for view in call["phoneCallView"]))
