from __future__ import annotations

from mutants.asked import extension, one, several, starts, update, user
from mutants.messages import Request, Response, error
from mutants.mutant import after, before
from mutants.world import CALLER, STRANGER


@before("ADDR-001")
def only_the_singular_path_is_known(request: Request) -> Response | None:
    return error(404, "not_found") if update(request) else None


@before("ADDR-001")
def updates_are_sent_by_post(request: Request) -> Response | None:
    return error(405, "method", allow="GET, POST") if update(request) else None


@before("ADDR-002")
def me_is_not_known(request: Request) -> Response | None:
    return error(400, "user_invalid") if user(request) == "@me" else None


@before("ADDR-003")
def viewer_is_not_known(request: Request) -> Response | None:
    return error(400, "user_invalid") if user(request) == "@viewer" else None


@before("ADDR-003")
def viewer_is_not_known_to_get(request: Request) -> Response | None:
    return error(400, "user_invalid") if user(request) == "@viewer" and one(request) else None


@before("ADDR-004")
def owner_is_not_known(request: Request) -> Response | None:
    return error(400, "user_invalid") if user(request) == "@owner" else None


@before("ADDR-005")
def users_have_no_identifier(request: Request) -> Response | None:
    return error(400, "user_invalid") if not user(request).startswith("@") else None


@before("ADDR-006")
def self_is_not_known_with_an_id(request: Request) -> Response | None:
    return error(400, "extension_invalid") if extension(request) == "@self" and request.call else None


@before("ADDR-007")
def a_raw_asterisk_is_not_understood(request: Request) -> Response | None:
    return error(400, "extension_invalid") if "*" in request.raw_path and update(request) else None


@before("ADDR-007")
def a_raw_at_sign_is_not_understood(request: Request) -> Response | None:
    return error(404, "not_found") if "/@" in request.raw_path and update(request) else None


@before("ADDR-008")
def an_encoded_asterisk_is_not_decoded(request: Request) -> Response | None:
    return error(400, "extension_invalid") if "%2A" in request.raw_path else None


@before("ADDR-008")
def an_encoded_at_sign_is_not_decoded(request: Request) -> Response | None:
    return error(400, "user_invalid") if "%40" in request.raw_path else None


@before("ADDR-009")
def a_slash_at_the_end_is_another_path(request: Request) -> Response | None:
    return error(404, "not_found") if request.raw_path.endswith("/") else None


@before("ADDR-010")
def an_unknown_user_is_taken_for_me(request: Request) -> Request | None:
    return request.with_segment(0, "@me") if user(request) == "nosuchuser" else None


@after("ADDR-010")
def an_unknown_user_is_404(_: Request, response: Response) -> Response | None:
    return response.with_status(404) if b"user_invalid" in response.body else None


@after("ADDR-010")
def an_unknown_user_has_the_code_of_an_extension(_: Request, response: Response) -> Response | None:
    return error(400, "extension_invalid") if b"user_invalid" in response.body else None


@after("ADDR-010")
def an_unknown_user_is_listed_as_nothing(request: Request, response: Response) -> Response | None:
    return Response(204, (), b"") if b"user_invalid" in response.body and several(request) else None


@before("ADDR-011")
def an_unknown_extension_is_taken_for_self(request: Request) -> Request | None:
    return request.with_segment(1, "@self") if extension(request).endswith("999") else None


@after("ADDR-011")
def an_unknown_extension_has_the_code_of_a_user(_: Request, response: Response) -> Response | None:
    return error(400, "user_invalid") if b"extension_invalid" in response.body else None


@after("ADDR-012")
def an_unknown_call_is_404(request: Request, response: Response) -> Response | None:
    wellformed = (request.call or "").isalnum()
    return response.with_status(404) if b"pc_phonecall_invalid" in response.body and wellformed else None


@after("ADDR-012")
def an_unknown_call_is_204(request: Request, response: Response) -> Response | None:
    return Response(204, (), b"") if b"pc_phonecall_invalid" in response.body and update(request) else None


@after("ADDR-013")
def a_malformed_call_id_is_404(request: Request, response: Response) -> Response | None:
    wellformed = (request.call or "").isascii() and (request.call or "").isalnum()
    return response.with_status(404) if b"pc_phonecall_invalid" in response.body and not wellformed else None


@after("ADDR-013")
def a_malformed_call_id_has_a_code_of_its_own(request: Request, response: Response) -> Response | None:
    hyphen = "-" in (request.call or "")
    return error(400, "pc_id_malformed") if b"pc_phonecall_invalid" in response.body and hyphen else None


@before("ADDR-014")
def the_user_of_the_path_is_not_compared(request: Request) -> Request | None:
    mismatched = user(request) == STRANGER.user_id and extension(request) == CALLER.extension
    return request.with_segment(0, "@owner") if mismatched and starts(request) else None
