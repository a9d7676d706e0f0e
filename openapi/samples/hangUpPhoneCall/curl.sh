#!/bin/sh
# Hangs up one phone call. Needs curl 7.76 or newer, and UAPI_URL and UAPI_TOKEN.

curl --silent --show-error --fail-with-body \
  --request DELETE "$UAPI_URL/phoneCalls/12/0003*210/b817d2618fe6f1804333" \
  --header "Authorization: Bearer $UAPI_TOKEN" || exit 1
