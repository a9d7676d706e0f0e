#!/bin/sh
# Connects a phone call from the parking lot to an extension. Needs curl 7.76 or newer, and UAPI_URL and UAPI_TOKEN.

curl --silent --show-error --fail-with-body \
  --request PUT "$UAPI_URL/phoneCalls/12/0003*211/7e61f0a2c95b8d34e7f6" \
  --header "Authorization: Bearer $UAPI_TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{"action": "UnPark", "sendCallTo": "0003*214", "waitForPickup": "20", "phoneCallViewId": "00"}' || exit 1
