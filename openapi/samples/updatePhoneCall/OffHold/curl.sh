#!/bin/sh
# Takes a phone call back from hold. Needs curl 7.76 or newer, and UAPI_URL and UAPI_TOKEN.

curl --silent --show-error --fail-with-body \
  --request PUT "$UAPI_URL/phoneCalls/12/0003*210/05d8e4b6a19c7f3210ab" \
  --header "Authorization: Bearer $UAPI_TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{"action": "OffHold", "phoneCallViewId": "01"}' || exit 1
