"""Faults in who is served, and in what a token reaches."""

from __future__ import annotations

from mutants.asked import QUERY_TOKEN, extension, one, ours, several, update
from mutants.messages import Request, Response, error
from mutants.mutant import after, before, instead
from mutants.world import ADMINISTRATOR, CALLER, EXPIRED, ORGANIZATION, OTHER_ORGANIZATION, STRANGER


def denied() -> Response:
    return error(401, "access_denied", **{"www-authenticate": 'Bearer realm="uapi"'})


def anonymous(request: Request) -> bool:
    return request.token is None and QUERY_TOKEN not in request.parameters


def unknown(request: Request, response: Response) -> bool:
    """Tell whether a request was denied for a token that nobody has."""
    return response.status == 401 and request.token not in {
        None,
        EXPIRED.token,
        STRANGER.token,
        OTHER_ORGANIZATION.token,
    }


@before("AUTH-001")
def bearer_is_not_taken_for_lists(request: Request) -> Response | None:
    """A list is denied to a valid token in `Authorization`."""
    return denied() if several(request) and request.token == CALLER.token else None


@before("AUTH-001")
def bearer_is_not_taken_for_updates(request: Request) -> Response | None:
    """An update is denied to a valid token in `Authorization`."""
    return denied() if update(request) and request.token == CALLER.token else None


@before("AUTH-002")
def the_query_token_is_not_read(request: Request) -> Request | None:
    """The query parameter `accessRequestToken` is ignored."""
    return request.without_parameters(QUERY_TOKEN)


@before("AUTH-003")
def gets_need_no_token(request: Request) -> Request | None:
    """Anybody gets a phone call without a token."""
    return request.with_token(CALLER.token) if anonymous(request) and one(request) else None


@before("AUTH-003")
def updates_need_no_token(request: Request) -> Request | None:
    """Anybody starts and stops recordings without a token."""
    return request.with_token(CALLER.token) if anonymous(request) and update(request) else None


@after("AUTH-003")
def a_missing_token_is_400(request: Request, response: Response) -> Response | None:
    """A request without a token is refused with 400."""
    return response.with_status(400) if response.status == 401 and anonymous(request) else None


@after("AUTH-003")
def a_missing_token_has_the_misprinted_code(request: Request, response: Response) -> Response | None:
    """A request without a token is refused with `access_denided`, the misprint of the documentation."""
    return response.with_code("access_denided") if response.status == 401 and anonymous(request) else None


@instead("AUTH-004")
def any_token_will_do(request: Request, response: Response) -> Request | None:
    """Whatever follows `Bearer` is taken for a token of the caller."""
    return request.with_token(CALLER.token) if unknown(request, response) else None


@after("AUTH-004", also=("HTTP-004",))
def an_unknown_token_is_500(request: Request, response: Response) -> Response | None:
    """The server crashes on a token that it does not know."""
    return error(500, "internal_server_error") if unknown(request, response) else None


@before("AUTH-005")
def tokens_do_not_expire(request: Request) -> Request | None:
    """A token is taken after it has expired."""
    return request.with_token(CALLER.token) if request.token == EXPIRED.token else None


@after("AUTH-006")
def no_challenge(_: Request, response: Response) -> Response | None:
    """A 401 answer has no `WWW-Authenticate`."""
    return response.with_header("www-authenticate", None) if response.status == 401 else None


@after("AUTH-007")
def the_challenge_is_basic(_: Request, response: Response) -> Response | None:
    """A 401 answer asks for Basic credentials."""
    return response.with_header("www-authenticate", 'Basic realm="uapi"') if response.status == 401 else None


@before("AUTH-009")
def strangers_record_on_the_callers_path(request: Request) -> Request | None:
    """Another user records the caller's phone call by the caller's extension."""
    foreign = request.token == STRANGER.token and extension(request) == CALLER.extension
    return request.with_token(CALLER.token) if foreign and update(request) else None


@before("AUTH-009")
def strangers_record_on_their_own_path(request: Request) -> Request | None:
    """Another user records the caller's phone call at `@me/@self`: the id alone finds it."""
    own = request.token == STRANGER.token and ours(request) and request.segments[:2] == ["@me", "@self"]
    return request.with_token(CALLER.token) if own and update(request) else None


@before("AUTH-010")
def strangers_get_by_the_id(request: Request) -> Request | None:
    """Another user gets the caller's phone call at `@self`: the id alone finds it."""
    own = request.token == STRANGER.token and one(request) and extension(request) == "@self"
    return request.with_token(CALLER.token) if own else None


@before("AUTH-011")
def strangers_list_the_callers_extension(request: Request) -> Request | None:
    """Another user lists the phone calls of the caller's extension."""
    foreign = request.token == STRANGER.token and several(request) and extension(request) == CALLER.extension
    return request.with_token(CALLER.token).with_segment(0, "@me") if foreign else None


@before("AUTH-011")
def filters_look_everywhere(request: Request) -> Request | None:
    """A filter by id finds the phone calls of every user."""
    foreign = request.token == STRANGER.token and several(request) and "filterBy" in request.query
    return request.with_token(CALLER.token) if foreign else None


@before("AUTH-012")
def organizations_reach_nothing(request: Request) -> Response | None:
    """The token of the caller's organization is denied."""
    return denied() if request.token == ORGANIZATION.token else None


@before("AUTH-013")
def administrators_reach_nothing(request: Request) -> Response | None:
    """The token of the administrator is denied."""
    return denied() if request.token == ADMINISTRATOR.token else None


@before("AUTH-014")
def organizations_reach_each_other(request: Request) -> Request | None:
    """The token of another organization records the caller's phone call."""
    return request.with_token(ORGANIZATION.token) if request.token == OTHER_ORGANIZATION.token else None
