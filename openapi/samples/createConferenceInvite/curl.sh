#!/bin/sh
# Invites a public number to a conference. Needs curl 7.76 or newer, and UAPI_URL and UAPI_TOKEN.

curl --silent --show-error --fail-with-body \
  --request POST "$UAPI_URL/phoneCalls/12/conferenceInvite" \
  --header "Authorization: Bearer $UAPI_TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{
    "extension": "0003*219",
    "phoneCallView": [
      {
        "source": ["0003*219"],
        "destination": ["3235742879"],
        "callerId": "John Doe <4242425>"
      }
    ]
  }' || exit 1
