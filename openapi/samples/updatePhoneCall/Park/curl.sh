#!/bin/sh
# Puts a phone call into the parking lot for half a minute. Needs curl 7.76 or newer, and UAPI_URL and UAPI_TOKEN.

curl --silent --show-error --fail-with-body \
  --request PUT "$UAPI_URL/phoneCalls/12/0003*210/b817d2618fe6f1804333" \
  --header "Authorization: Bearer $UAPI_TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{"action": "Park", "maxInParking": "30", "phoneCallViewId": "01"}' || exit 1
