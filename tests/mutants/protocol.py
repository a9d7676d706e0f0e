"""Faults of HTTP: statuses, media types, JSON, and the error body."""

from __future__ import annotations

import json
from dataclasses import replace

from mutants.asked import one, several, starts, unknown_action, unknown_method, update
from mutants.messages import Request, Response, error
from mutants.mutant import after, before

JSON = "application/json"


def declared(request: Request) -> str | None:
    """Return the media type of a request as it was sent."""
    return next((value for name, value in request.headers if name.lower() == "content-type"), None)


def repeated(request: Request, header: str) -> bool:
    """Tell whether a request has a header more than once."""
    return sum(name.lower() == header for name, _ in request.headers) > 1


@after("HTTP-001")
def answers_are_declared_as_html(_: Request, response: Response) -> Response | None:
    """The media type of every 200 answer is text/html."""
    return response.with_header("content-type", "text/html; charset=utf-8") if response.status == 200 else None


@after("HTTP-001")
def lists_are_not_declared(request: Request, response: Response) -> Response | None:
    """A list has no `Content-Type`."""
    return response.with_header("content-type", None) if several(request) and response.status == 200 else None


@after("HTTP-002")
def a_warning_precedes_the_body(_: Request, response: Response) -> Response | None:
    """The warning of an interpreter stands before the JSON of every 200 answer."""
    return response.with_body(b"Warning: \n" + response.body) if response.status == 200 else None


@after("HTTP-013")
def bodies_are_latin_1(_: Request, response: Response) -> Response | None:
    """The name of the organization is sent in Latin-1."""
    renamed = response.body.replace(b"Default Organization", b"Organisation par d\xe9faut")
    return response.with_body(renamed) if response.status == 200 else None


@after("HTTP-002", also=("ERR-001",))
def errors_end_with_a_comma(_: Request, response: Response) -> Response | None:
    """There is a comma too many in every error body."""
    return response.with_body(response.body[:-1] + b",}") if response.status >= 400 else None


@after("HTTP-013", also=("ERR-001",))
def errors_are_not_unicode(_: Request, response: Response) -> Response | None:
    """Every error body is sent in UTF-16."""
    return response.with_body(json.dumps(response.json).encode("utf-16")) if response.status >= 400 else None


@after("HTTP-003")
def a_204_has_a_body(_: Request, response: Response) -> Response | None:
    """A 204 answer has an empty envelope for a body."""
    return response.with_body(b'{"entry": []}') if response.status == 204 else None


@before("HTTP-004")
def null_crashes_the_server(request: Request) -> Response | None:
    """The server crashes on a body that is null."""
    return error(500, "internal_server_error") if update(request) and request.body == b"null" else None


@after("HTTP-004")
def an_unknown_method_closes_the_connection(request: Request, _: Response) -> bytes | None:
    """A method that the server does not know is not answered: the connection is closed."""
    return b"" if unknown_method(request) else None


@after("HTTP-004")
def an_unknown_action_is_503(request: Request, response: Response) -> Response | None:
    """An action that the server does not know is answered with 503."""
    return error(503, "unavailable") if unknown_action(request) and response.status in {400, 501} else None


@before("HTTP-004")
def two_media_types_crash_the_server(request: Request) -> Response | None:
    """The server crashes on a request that has `Content-Type` twice."""
    return error(500, "internal_server_error") if repeated(request, "content-type") else None


@after("HTTP-004")
def two_tokens_are_a_bad_gateway(request: Request, _: Response) -> Response | None:
    """The server answers 502 to a request that has `Authorization` twice: a process behind a proxy died."""
    return error(502, "bad_gateway") if repeated(request, "authorization") else None


@before("HTTP-005")
def any_method_updates(request: Request) -> Response | None:
    """A method that no resource has is answered with 204."""
    return Response(204, (), b"") if unknown_method(request) else None


@before("HTTP-005")
def an_unknown_method_is_404(request: Request) -> Response | None:
    """A method that no resource has is answered with 404."""
    return error(404, "not_found") if unknown_method(request) else None


@after("HTTP-006")
def a_405_names_no_method(_: Request, response: Response) -> Response | None:
    """A 405 answer has no `Allow`."""
    return response.with_header("allow", None) if response.status == 405 else None


@before("HTTP-007")
def plain_text_is_read_as_json(request: Request) -> Request | None:
    """A body that is declared as text/plain is read as JSON."""
    return request.with_header("Content-Type", JSON) if declared(request) == "text/plain" else None


@before("HTTP-007")
def a_body_without_a_type_is_read_as_json(request: Request) -> Request | None:
    """A body that is not declared at all is read as JSON."""
    return request.with_header("Content-Type", JSON) if update(request) and declared(request) is None else None


@before("HTTP-008")
def a_charset_is_not_taken(request: Request) -> Response | None:
    """JSON that is declared with a `charset` is refused with 415."""
    return error(415, "media_type") if "charset" in (declared(request) or "") else None


@before("HTTP-008")
def media_types_are_compared_with_case(request: Request) -> Response | None:
    """JSON that is declared in capital letters is refused with 415."""
    media_type = declared(request) or ""
    return error(415, "media_type") if media_type != media_type.lower() else None


@after("HTTP-009")
def ids_are_sent_twice(_: Request, response: Response) -> Response | None:
    """Every object with an id has an empty id before it."""
    doubled = response.body.replace(b'{"id":', b'{"id":"","id":')
    return response.with_body(doubled) if response.status == 200 else None


@after("HTTP-010")
def one_call_is_non_authoritative(request: Request, response: Response) -> Response | None:
    """One phone call is answered with 203."""
    return response.with_status(203) if one(request) and response.status == 200 else None


@after("HTTP-010")
def an_unknown_view_is_a_conflict(request: Request, response: Response) -> Response | None:
    """What is wrong with a start is answered with 409."""
    return response.with_status(409) if starts(request) and response.status == 400 else None


@after("HTTP-013")
def bodies_begin_with_a_mark(_: Request, response: Response) -> Response | None:
    """The body of every 200 answer begins with a byte order mark."""
    return response.with_body(b"\xef\xbb\xbf" + response.body) if response.status == 200 else None


@after("HTTP-014")
def media_types_are_sent_twice(_: Request, response: Response) -> Response | None:
    """Every answer with a body has the same `Content-Type` twice."""
    return replace(response, headers=(*response.headers, ("content-type", JSON))) if response.body else None


@after("HTTP-014", also=("HTTP-001",))
def two_media_types_are_sent(_: Request, response: Response) -> Response | None:
    """Every 200 answer is declared as JSON and as HTML."""
    ok = response.status == 200
    return replace(response, headers=(*response.headers, ("content-type", "text/html"))) if ok else None


@after("HTTP-014")
def dates_are_sent_twice(_: Request, response: Response) -> Response | None:
    """Every 401 answer has two dates: a proxy adds its own."""
    if response.status != 401:
        return None
    dates = (("Date", "Mon, 23 Nov 2026 08:59:48 GMT"), ("Date", "Mon, 23 Nov 2026 08:59:49 GMT"))
    return Response(response.status, (*response.headers, *dates), response.body)


@after("ERR-001")
def errors_are_flat(_: Request, response: Response) -> Response | None:
    """Code and message stand in the error body itself, without the object `error`."""
    return response.with_json(response.json["error"]) if response.status >= 400 else None


@after("ERR-001")
def errors_are_details(_: Request, response: Response) -> Response | None:
    """A 401 answer has the error body of a web framework."""
    return response.with_json({"detail": "Unauthorized"}) if response.status == 401 else None


@after("ERR-002")
def codes_are_numbers(_: Request, response: Response) -> Response | None:
    """The code of every error body is the number of the status."""
    return response.with_code(response.status) if response.status >= 400 else None


@after("ERR-002")
def denials_have_no_code(_: Request, response: Response) -> Response | None:
    """The error body of a 401 answer has a message only."""
    return response.with_json({"error": {"message": "No."}}) if response.status == 401 else None


@after("ERR-003")
def messages_are_empty(_: Request, response: Response) -> Response | None:
    """The message of every error body is empty."""
    return response.with_json({"error": {**response.json["error"], "message": ""}}) if response.status >= 400 else None


@after("ERR-004")
def errors_are_declared_as_text(_: Request, response: Response) -> Response | None:
    """The media type of every error body is text/plain."""
    return response.with_header("content-type", "text/plain") if response.status >= 400 else None


@after("ERR-006")
def a_501_has_a_code_of_its_own(request: Request, response: Response) -> Response | None:
    """What is not implemented is answered with 501 and a code that the documentation does not have."""
    return error(501, "nope") if unknown_method(request) or response.status == 501 else None
