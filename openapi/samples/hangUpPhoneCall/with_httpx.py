"""Hangs up one phone call, with HTTPX2."""

import os
import sys

import httpx2

USER, EXTENSION, PHONE_CALL = "12", "0003*210", "b817d2618fe6f1804333"

response = httpx2.delete(
    f"{os.environ['UAPI_URL']}/phoneCalls/{USER}/{EXTENSION}/{PHONE_CALL}",
    headers={"Authorization": f"Bearer {os.environ['UAPI_TOKEN']}"},
    timeout=30,
)
if response.is_error:
    error = response.json()["error"]
    sys.exit(f"{error['code']}: {error['message']}")

for call in response.json() if response.content else []:
    print(call["id"], "is hung up")
