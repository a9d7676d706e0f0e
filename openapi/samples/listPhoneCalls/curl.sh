#!/bin/sh
# Lists the phone calls in progress of an extension, each with the ids of its views. Needs curl 7.76 or newer, and UAPI_URL and UAPI_TOKEN.

curl --silent --show-error --fail-with-body \
  --get "$UAPI_URL/phoneCalls/12/0003*210" \
  --header "Authorization: Bearer $UAPI_TOKEN" \
  --data-urlencode count=20 || exit 1
