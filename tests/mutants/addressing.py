"""Faults in how a user, an extension and a phone call are addressed."""

from __future__ import annotations

from mutants.asked import extension, one, several, starts, update, user
from mutants.messages import Request, Response, error
from mutants.mutant import after, before, instead
from mutants.world import CALLER, STRANGER


@before("ADDR-001")
def only_the_singular_path_is_known(request: Request) -> Response | None:
    """A PUT at the documented path is answered with 404, as if only /phoneCall/ existed."""
    return error(404, "not_found") if update(request) else None


@before("ADDR-001")
def updates_are_sent_by_post(request: Request) -> Response | None:
    """A phone call is updated by POST; PUT is answered with 405."""
    return error(405, "method", allow="GET, POST") if update(request) else None


@before("ADDR-002")
def me_is_not_known(request: Request) -> Response | None:
    """The user `@me` is refused with `user_invalid`."""
    return error(400, "user_invalid") if user(request) == "@me" else None


@before("ADDR-003")
def viewer_is_not_known(request: Request) -> Response | None:
    """The user `@viewer` is refused with `user_invalid`."""
    return error(400, "user_invalid") if user(request) == "@viewer" else None


@before("ADDR-003")
def viewer_is_not_known_to_get(request: Request) -> Response | None:
    """The user `@viewer` is refused where one phone call is got, and known elsewhere."""
    return error(400, "user_invalid") if user(request) == "@viewer" and one(request) else None


@before("ADDR-004")
def owner_is_not_known(request: Request) -> Response | None:
    """The user `@owner` is refused with `user_invalid`."""
    return error(400, "user_invalid") if user(request) == "@owner" else None


@before("ADDR-005")
def users_have_no_identifier(request: Request) -> Response | None:
    """Users are known by reserved values only; an identifier is refused with `user_invalid`."""
    return error(400, "user_invalid") if not user(request).startswith("@") else None


@before("ADDR-006")
def self_is_not_known_with_an_id(request: Request) -> Response | None:
    """The extension `@self` is refused where the path names a phone call."""
    return error(400, "extension_invalid") if extension(request) == "@self" and request.call else None


@before("ADDR-007")
def a_raw_asterisk_is_not_understood(request: Request) -> Response | None:
    """An update is refused where the `*` of the extension is not percent-encoded."""
    return error(400, "extension_invalid") if "*" in request.raw_path and update(request) else None


@before("ADDR-007")
def a_raw_at_sign_is_not_understood(request: Request) -> Response | None:
    """An update is answered with 404 where an `@` in its path is not percent-encoded."""
    return error(404, "not_found") if "/@" in request.raw_path and update(request) else None


@before("ADDR-008")
def an_encoded_asterisk_is_not_decoded(request: Request) -> Response | None:
    """An extension with `%2A` for its `*` is refused with `extension_invalid`."""
    return error(400, "extension_invalid") if "%2A" in request.raw_path else None


@before("ADDR-008")
def an_encoded_at_sign_is_not_decoded(request: Request) -> Response | None:
    """A reserved user with `%40` for its `@` is refused with `user_invalid`."""
    return error(400, "user_invalid") if "%40" in request.raw_path else None


@before("ADDR-009", also=("HTTP-010",))
def a_slash_at_the_end_is_another_path(request: Request) -> Response | None:
    """A path with a slash at its end is answered with 404."""
    return error(404, "not_found") if request.raw_path.endswith("/") else None


@instead("ADDR-010")
def an_unknown_user_is_taken_for_me(request: Request, response: Response) -> Request | None:
    """A user who does not exist is taken for the authenticated one."""
    return request.with_segment(0, "@me") if response.code == "user_invalid" else None


@after("ADDR-010", also=("HTTP-010",))
def an_unknown_user_is_404(_: Request, response: Response) -> Response | None:
    """A user who does not exist is refused with 404, and the documented code."""
    return response.with_status(404) if response.code == "user_invalid" else None


@after("ADDR-010")
def an_unknown_user_has_the_code_of_an_extension(_: Request, response: Response) -> Response | None:
    """A user who does not exist is refused with `extension_invalid`."""
    return response.with_code("extension_invalid") if response.code == "user_invalid" else None


@after("ADDR-010")
def an_unknown_user_is_listed_as_nothing(request: Request, response: Response) -> Response | None:
    """The list of a user who does not exist is empty, not refused."""
    return Response(204, (), b"") if response.code == "user_invalid" and several(request) else None


@instead("ADDR-011")
def an_unknown_extension_is_taken_for_self(request: Request, response: Response) -> Request | None:
    """An extension that does not exist is taken for `@self`."""
    return request.with_segment(1, "@self") if response.code == "extension_invalid" else None


@after("ADDR-011")
def an_unknown_extension_has_the_code_of_a_user(_: Request, response: Response) -> Response | None:
    """An extension that does not exist is refused with `user_invalid`."""
    return response.with_code("user_invalid") if response.code == "extension_invalid" else None


@after("ADDR-012", also=("HTTP-010",))
def an_unknown_call_is_404(request: Request, response: Response) -> Response | None:
    """A phone call that does not exist is refused with 404, and the documented code."""
    unknown = response.code == "pc_phonecall_invalid" and _wellformed(request)
    return response.with_status(404) if unknown else None


@after("ADDR-012")
def an_unknown_call_is_204(request: Request, response: Response) -> Response | None:
    """An update of a phone call that does not exist is answered with 204, as if it had just ended."""
    unknown = response.code == "pc_phonecall_invalid" and _wellformed(request) and update(request)
    return Response(204, (), b"") if unknown else None


@after("ADDR-013", also=("HTTP-010",))
def a_malformed_call_id_is_404(request: Request, response: Response) -> Response | None:
    """An id that is not alphanumeric is refused with 404, and the documented code."""
    malformed = response.code == "pc_phonecall_invalid" and not _wellformed(request)
    return response.with_status(404) if malformed else None


@after("ADDR-013")
def a_malformed_call_id_has_a_code_of_its_own(request: Request, response: Response) -> Response | None:
    """An id with a hyphen is refused with a code that the page does not have."""
    hyphen = response.code == "pc_phonecall_invalid" and "-" in (request.call or "")
    return response.with_code("pc_id_malformed") if hyphen else None


@before("ADDR-014")
def the_user_of_the_path_is_not_compared(request: Request) -> Request | None:
    """An update is carried out whatever user the path names beside the caller's extension."""
    mismatched = user(request) == STRANGER.user_id and extension(request) == CALLER.extension
    return request.with_segment(0, "@owner") if mismatched and starts(request) else None


def _wellformed(request: Request) -> bool:
    call = request.call or ""
    return call.isascii() and call.isalnum()
