"""FastAPI's exceptions, answered as the contract has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import unquote_to_bytes

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request  # noqa: TC002 - FastAPI resolves the annotations of a dependency

from uapi.sandbox.api_errors.codes import MALFORMED, ErrorCodes
from uapi.sandbox.api_errors.error import ApiError, error_response, printable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.responses import Response

    Handler = Callable[[Request, Exception], Awaitable[Response]]

CODES: Final = {
    400: MALFORMED,
    401: "access_denied",
    403: "access_denied",
    404: "not_found",
    405: "method_not_allowed",
    413: "content_too_large",
    415: "media_type_unsupported",
    501: "request_not_implemented",
}
"""The code of an error that was raised without one, by its status."""
MESSAGES: Final = {
    400: "The request cannot be read. Send well-formed JSON in UTF-8, and percent-encode a URL in UTF-8.",
    401: "The request has no token. Send one as 'Authorization: Bearer <token>'.",
    403: "The token does not entitle to this request.",
    404: "There is nothing at this path. The contract lists the paths.",
    413: "The body is too large.",
    501: "The request is not implemented by this server.",
}
SECRET: Final = 8
"""From how many characters on a credential is kept out of messages; a shorter one is no secret."""
FAULT: Final = "The request could not be completed. Try again later, or tell the administrator."
SCALARS: Final = (str, int, float, bool, type(None))


def error_handlers(contract: Mapping[str, Any], *, prefix: str = "") -> dict[int | type[Exception], Handler]:
    """Return the `exception_handlers` of `create_app`, for a contract whose inputs carry `x-error-code`.

    They answer a request that fails validation with 400 and the code of the first invalid input; an `ApiError` and
    any other HTTP error with its status, and a 405 with all methods of its path; a `NotImplementedError`, which the
    generated stubs of a service raise, with 501 `request_not_implemented` (D-47); and any other exception with 500
    `internal_server_error`, telling nothing of it (ERR-005). No answer contains a token of its request.
    """
    codes = ErrorCodes(contract, prefix=prefix)

    async def invalid(request: Request, error: Exception) -> Response:
        record = cast("RequestValidationError", error).errors()[0]
        code = codes.code(_operation(request), record["loc"])
        return error_response(400, code, without_tokens(describe(record), request))

    async def refused(request: Request, error: Exception) -> Response:
        refusal = cast("HTTPException", error)
        status, headers = refusal.status_code, dict(refusal.headers or {})
        if isinstance(refusal, ApiError):
            return error_response(status, refusal.code, without_tokens(refusal.detail, request), headers)
        code = CODES.get(status, f"http_{status}")
        message = MESSAGES.get(status, f"The request is refused: {refusal.detail}.")
        match status:
            case 400 if (name := _unreadable(request, codes)) is not None:
                code = codes.code(_operation(request), ("query", name))
                message = f"The value of {name} is empty, or not percent-encoded UTF-8."
            case 401:
                headers = {}  # This layer's own challenge; the generated one names schemes that HTTP does not know.
            case 405:
                headers["Allow"] = codes.allowed(request.scope["path"]) or headers.get("Allow", "")
                message = f"The method {printable(request.method)} is not known here. Known: {headers['Allow']}."
        return error_response(status, code, message, headers)

    async def lacking(_request: Request, _error: Exception) -> Response:
        return error_response(501, CODES[501], MESSAGES[501])

    async def failed(_request: Request, _error: Exception) -> Response:
        return error_response(500, "internal_server_error", FAULT)

    return {RequestValidationError: invalid, HTTPException: refused, NotImplementedError: lacking, Exception: failed}


def known_method(contract: Mapping[str, Any], *, prefix: str = "") -> Callable[[Request], Awaitable[None]]:
    """Return the dependency of every operation that refuses a method which the path of the contract does not have.

    A router also matches `GET /phoneCalls/@me/simple` as a list of the extension "simple". Raises HTTPException 405.
    """
    codes = ErrorCodes(contract, prefix=prefix)

    async def check(request: Request) -> None:
        allowed = codes.allowed(request.scope["path"])
        if allowed is not None and request.method not in allowed.split(", "):
            raise HTTPException(405)

    return check


def describe(record: Mapping[str, Any]) -> str:
    """Return what a record of FastAPI says in a sentence or two: the input, its value, and what it should be."""
    where, *names = record["loc"]
    known = [name for name in names if isinstance(name, str)]
    name = known[-1] if known else f"The {where}"
    context = record.get("ctx", {})
    match record["type"]:
        case "json_invalid":
            return f"The body is not well-formed JSON: {context.get('error')}, at character {names[0]}."
        case "missing":
            return f"{name} is missing. Send {'a JSON object' if not known else 'it'}."
        case "union_tag_not_found":
            return f"The body has no {context['discriminator'].strip(chr(39))}. Send one."
        case "union_tag_invalid":
            member, tag = context["discriminator"].strip("'"), printable(context["tag"])
            return f"The {member} {tag} is not known. Send one of {context['expected_tags']}."
        case "model_attributes_type" | "dict_type" | "model_type":
            return f"{name} is not a JSON object. Send an object."
    value = record.get("input", record)
    told = f" {printable(value)}" if isinstance(value, SCALARS) else ""
    return f"The value{told} of {name} is invalid. {record['msg']}."


def without_tokens(text: str, request: Request) -> str:
    """Return a text in which no credential of the request stands, wherever else the client may have put it."""
    for token in credentials(request.scope):
        text = text.replace(token, "[token]")
    return text


def credentials(scope: Mapping[str, Any]) -> set[str]:
    """Return what a request sends as its token, in the header or in the query, whether valid or not."""
    sent = [value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"]
    for pair in scope["query_string"].split(b"&"):
        name, _, value = pair.partition(b"=")
        if name == b"accessRequestToken":
            sent += [value.decode("latin-1"), unquote_to_bytes(value.replace(b"+", b" ")).decode("latin-1")]
    return {word for value in sent for word in (value, *value.split()[1:]) if len(word) >= SECRET}


def _operation(request: Request) -> str | None:
    operation: object = getattr(request.scope.get("route"), "operation_id", None)
    return operation if isinstance(operation, str) else None


def _unreadable(request: Request, codes: ErrorCodes) -> str | None:
    """Return the first query parameter whose value the generated server could not even decode.

    It answers 400 then, without a record that tells which parameter it was: an empty list, or octets that are no UTF-8.
    """
    known = codes.query_names(_operation(request))
    query: bytes = request.scope["query_string"]
    for pair in query.split(b"&"):
        name, _, value = pair.partition(b"=")
        if (text := name.decode("latin-1")) in known:
            try:
                unreadable = not unquote_to_bytes(value).decode("utf-8")
            except UnicodeDecodeError:
                unreadable = True
            if unreadable:
                return text
    return None
