from __future__ import annotations

import json

from mutants.asked import one, several, starts, update
from mutants.messages import Request, Response, error
from mutants.mutant import after, before


@after("HTTP-001")
def answers_are_declared_as_html(_: Request, response: Response) -> Response | None:
    return response.with_header("content-type", "text/html; charset=utf-8") if response.status == 200 else None


@after("HTTP-001")
def lists_are_not_declared(request: Request, response: Response) -> Response | None:
    return response.with_header("content-type", None) if several(request) and response.status == 200 else None


@after("HTTP-002")
def a_warning_precedes_the_body(_: Request, response: Response) -> Response | None:
    return response.with_body(b"Warning: \n" + response.body) if response.status == 200 else None


@after("HTTP-002")
def bodies_are_latin_1(_: Request, response: Response) -> Response | None:
    renamed = response.body.replace(b"Default Organization", b"Organisation par d\xe9faut")
    return response.with_body(renamed) if response.status == 200 else None


@after("HTTP-002")
def errors_end_with_a_comma(_: Request, response: Response) -> Response | None:
    return response.with_body(response.body[:-1] + b",}") if response.status >= 400 else None


@after("HTTP-003")
def a_204_has_a_body(_: Request, response: Response) -> Response | None:
    return response.with_body(b'{"entry": []}') if response.status == 204 else None


@before("HTTP-004", traffic=("REC-020",))
def null_crashes_the_server(request: Request) -> Response | None:
    return error(500, "internal_server_error") if update(request) and request.body == b"null" else None


@after("HTTP-004")
def an_unknown_method_closes_the_connection(request: Request, _: Response) -> bytes | None:
    return b"" if request.method == "PATCH" else None


@after("HTTP-004")
def an_unknown_action_is_503(request: Request, _: Response) -> Response | None:
    return error(503, "unavailable") if update(request) and request.action == "NoSuchAction" else None


@before("HTTP-005")
def any_method_updates(request: Request) -> Response | None:
    return Response(204, (), b"") if request.method == "PATCH" else None


@before("HTTP-005")
def an_unknown_method_is_404(request: Request) -> Response | None:
    return error(404, "not_found") if request.method == "PATCH" else None


@after("HTTP-006")
def a_405_names_no_method(_: Request, response: Response) -> Response | None:
    return response.with_header("allow", None) if response.status == 405 else None


@before("HTTP-007")
def plain_text_is_read_as_json(request: Request) -> Request | None:
    declared = dict(request.headers).get("Content-Type", "")
    return request.with_header("Content-Type", "application/json") if declared == "text/plain" else None


@before("HTTP-007")
def a_body_without_a_type_is_read_as_json(request: Request) -> Request | None:
    declared = any(name.lower() == "content-type" for name, _ in request.headers)
    return request.with_header("Content-Type", "application/json") if update(request) and not declared else None


@before("HTTP-008")
def a_charset_is_not_taken(request: Request) -> Response | None:
    declared = next((value for name, value in request.headers if name.lower() == "content-type"), "")
    return error(415, "media_type") if "charset" in declared else None


@before("HTTP-008")
def media_types_are_compared_with_case(request: Request) -> Response | None:
    declared = next((value for name, value in request.headers if name.lower() == "content-type"), "")
    return error(415, "media_type") if declared != declared.lower() else None


@after("HTTP-009")
def ids_are_sent_twice(_: Request, response: Response) -> Response | None:
    doubled = response.body.replace(b'{"id":', b'{"id":"","id":')
    return response.with_body(doubled) if response.status == 200 else None


@after("HTTP-010")
def one_call_is_non_authoritative(request: Request, response: Response) -> Response | None:
    return response.with_status(203) if one(request) and response.status == 200 else None


@after("HTTP-010")
def an_unknown_view_is_a_conflict(request: Request, response: Response) -> Response | None:
    return response.with_status(409) if starts(request) and response.status == 400 else None


@after("ERR-001")
def errors_are_flat(_: Request, response: Response) -> Response | None:
    return response.with_json(response.json["error"]) if response.status >= 400 else None


@after("ERR-001")
def errors_are_details(_: Request, response: Response) -> Response | None:
    return response.with_json({"detail": "Unauthorized"}) if response.status == 401 else None


@after("ERR-002")
def codes_are_numbers(_: Request, response: Response) -> Response | None:
    return response.with_json({"error": {**response.json["error"], "code": 400}}) if response.status >= 400 else None


@after("ERR-002")
def denials_have_no_code(_: Request, response: Response) -> Response | None:
    return response.with_json({"error": {"message": "No."}}) if response.status == 401 else None


@after("ERR-003")
def messages_are_empty(_: Request, response: Response) -> Response | None:
    return response.with_json({"error": {**response.json["error"], "message": ""}}) if response.status >= 400 else None


@after("ERR-004")
def errors_are_declared_as_text(_: Request, response: Response) -> Response | None:
    return response.with_header("content-type", "text/plain") if response.status >= 400 else None


@after("ERR-006")
def a_501_has_a_code_of_its_own(request: Request, response: Response) -> Response | None:
    return error(501, "nope") if request.method == "PATCH" or response.status == 501 else None


@after("HTTP-002")
def errors_are_not_unicode(_: Request, response: Response) -> Response | None:
    if response.status < 400:
        return None
    return response.with_body(json.dumps(response.json).encode("utf-16"))
