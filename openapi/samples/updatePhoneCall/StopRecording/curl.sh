#!/bin/sh
# Ends the recording of a view. Needs curl 7.76 or newer, and UAPI_URL and UAPI_TOKEN.

curl --silent --show-error --fail-with-body \
  --request PUT "$UAPI_URL/phoneCalls/12/0003*211/d3a96c5e0f4b81729e4d" \
  --header "Authorization: Bearer $UAPI_TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{"action": "StopRecording", "phoneCallViewId": "00"}' || exit 1
