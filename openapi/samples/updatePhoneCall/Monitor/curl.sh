#!/bin/sh
# Has an extension listen to a phone call, heard by nobody. Needs curl 7.76 or newer, and UAPI_URL and UAPI_TOKEN.

curl --silent --show-error --fail-with-body \
  --request PUT "$UAPI_URL/phoneCalls/12/0003*210/4f0c1d9be2a75361c880" \
  --header "Authorization: Bearer $UAPI_TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{"action": "Monitor", "sendCallTo": "0003*214", "waitForPickup": "20", "phoneCallViewId": "01"}' || exit 1
