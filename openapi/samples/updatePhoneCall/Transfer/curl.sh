#!/bin/sh
# Connects a party of a phone call to another number. Needs curl 7.76 or newer, and UAPI_URL and UAPI_TOKEN.

curl --silent --show-error --fail-with-body \
  --request PUT "$UAPI_URL/phoneCalls/12/0003*210/b817d2618fe6f1804333" \
  --header "Authorization: Bearer $UAPI_TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{
    "action": "Transfer",
    "sendCallTo": "3334444",
    "transferFromNumber": "7778888",
    "transferNumber": "0003*210"
  }' || exit 1
