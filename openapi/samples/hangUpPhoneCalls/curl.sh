#!/bin/sh
# Hangs up all phone calls of an extension. Needs curl 7.76 or newer, and UAPI_URL and UAPI_TOKEN.

curl --silent --show-error --fail-with-body \
  --request DELETE "$UAPI_URL/phoneCalls/12/0003*210" \
  --header "Authorization: Bearer $UAPI_TOKEN" || exit 1
