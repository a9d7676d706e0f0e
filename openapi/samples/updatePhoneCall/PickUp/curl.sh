#!/bin/sh
# Answers, at another extension, a phone call that rings. Needs curl 7.76 or newer, and UAPI_URL and UAPI_TOKEN.

curl --silent --show-error --fail-with-body \
  --request PUT "$UAPI_URL/phoneCalls/12/0003*210/c27b90f1e86d4a53b014" \
  --header "Authorization: Bearer $UAPI_TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{"action": "PickUp", "sendCallTo": "0003*214", "waitForPickup": "20", "phoneCallViewId": "01"}' || exit 1
