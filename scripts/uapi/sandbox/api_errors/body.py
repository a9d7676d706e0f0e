"""A request body is JSON, and says so."""

from __future__ import annotations

import json
from email.message import Message
from typing import Final, NoReturn

from starlette.requests import Request  # noqa: TC002 - FastAPI resolves the annotations of a dependency

from uapi.sandbox.api_errors.codes import MALFORMED
from uapi.sandbox.api_errors.error import ApiError, printable

WITH_BODY: Final = frozenset({"PUT", "POST", "PATCH"})


async def json_body(request: Request) -> None:
    """Refuse a body that is not declared as JSON, or that only Python takes for JSON: a dependency of every operation.

    FastAPI also takes `application/anything+json`, UTF-16, and the numbers NaN and Infinity, which RFC 8259 does not
    know. Raises ApiError 415 for another media type or none (HTTP-007, decision D-14), 400 for what is not JSON
    (REC-019, decision D-13). An empty body is left to the operation, which knows whether it needs one.
    """
    if request.method not in WITH_BODY or not (body := await request.body()):
        return
    declared = request.headers.get("content-type")
    if declared is None or media_type(declared) != "application/json":
        told = f"The media type {printable(declared)} is not taken." if declared else "The media type is missing."
        raise ApiError(415, "media_type_unsupported", f"{told} Send JSON, with the Content-Type application/json.")
    try:
        json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        message = f"The body is not UTF-8: byte {error.start} cannot be read. JSON is sent in UTF-8."
        raise ApiError(400, MALFORMED, message) from None
    except (ValueError, RecursionError):
        message = "The body is not well-formed JSON. Numbers are finite, and have at most 4300 digits."
        raise ApiError(400, MALFORMED, message) from None


def media_type(value: str) -> str:
    """Return the media type of a `Content-Type` in lower case and without parameters (HTTP-008)."""
    message = Message()
    message["content-type"] = value
    return message.get_content_type() if value.strip() else ""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")
