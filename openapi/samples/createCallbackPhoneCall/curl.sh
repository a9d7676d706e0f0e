#!/bin/sh
# Places a phone call between two public numbers through a Callback extension. Needs curl 7.76 or newer, and UAPI_URL and UAPI_TOKEN.

curl --silent --show-error --fail-with-body \
  --request POST "$UAPI_URL/phoneCalls/12/callback" \
  --header "Authorization: Bearer $UAPI_TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{
    "extension": "0003*218",
    "phoneCallView": [
      {
        "source": ["3334444"],
        "destination": ["3235742879"],
        "callerId": "John Doe <4242425>"
      }
    ]
  }' || exit 1
