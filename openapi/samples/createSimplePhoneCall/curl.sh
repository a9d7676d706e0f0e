#!/bin/sh
# Places a phone call between two extensions. Needs curl 7.76 or newer, and UAPI_URL and UAPI_TOKEN.

curl --silent --show-error --fail-with-body \
  --request POST "$UAPI_URL/phoneCalls/12/simple" \
  --header "Authorization: Bearer $UAPI_TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{
    "extension": "0003*210",
    "phoneCallView": [
      {
        "source": ["0003*210"],
        "destination": ["0003*211"],
        "callerId": "John Doe <4242425>"
      }
    ]
  }' || exit 1
