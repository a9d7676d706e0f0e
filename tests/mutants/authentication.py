from __future__ import annotations

from mutants.asked import extension, one, several, starts, stops, update
from mutants.messages import Request, Response, error
from mutants.mutant import Fault, Serve, after, before, faulty
from mutants.world import (
    ADMINISTRATOR,
    CALLER,
    EXPIRED,
    ORGANIZATION,
    OTHER_ORGANIZATION,
    PHONE_CALL,
    STRANGER,
)

CHALLENGE = {"www-authenticate": 'Bearer realm="uapi"'}


def denied() -> Response:
    return error(401, "access_denied", **CHALLENGE)


@before("AUTH-001")
def bearer_is_not_taken_for_lists(request: Request) -> Response | None:
    return denied() if several(request) and request.token == CALLER.token else None


@before("AUTH-001")
def bearer_is_not_taken_for_updates(request: Request) -> Response | None:
    return denied() if update(request) and request.token == CALLER.token else None


@before("AUTH-002")
def the_query_token_is_not_read(request: Request) -> Request | None:
    return request.without_parameters("accessRequestToken")


@before("AUTH-003")
def gets_need_no_token(request: Request) -> Request | None:
    return request.with_token(CALLER.token) if request.token is None and one(request) else None


@before("AUTH-003")
def updates_need_no_token(request: Request) -> Request | None:
    return request.with_token(CALLER.token) if request.token is None and update(request) else None


@after("AUTH-003")
def a_missing_token_is_400(request: Request, response: Response) -> Response | None:
    return response.with_status(400) if response.status == 401 and request.token is None else None


@after("AUTH-003")
def a_missing_token_has_the_misprinted_code(request: Request, response: Response) -> Response | None:
    return error(401, "access_denided", **CHALLENGE) if response.status == 401 and request.token is None else None


@before("AUTH-004")
def any_token_will_do(request: Request) -> Request | None:
    return request.with_token(CALLER.token) if request.token == "no-such-token" else None


@after("AUTH-004")
def an_unknown_token_is_500(request: Request, response: Response) -> Response | None:
    return error(500, "internal_server_error") if response.status == 401 and request.token else None


@before("AUTH-005")
def tokens_do_not_expire(request: Request) -> Request | None:
    return request.with_token(CALLER.token) if request.token == EXPIRED.token else None


@after("AUTH-006")
def no_challenge(_: Request, response: Response) -> Response | None:
    return response.with_header("www-authenticate", None) if response.status == 401 else None


@after("AUTH-007")
def the_challenge_is_basic(_: Request, response: Response) -> Response | None:
    return response.with_header("www-authenticate", 'Basic realm="uapi"') if response.status == 401 else None


@faulty("AUTH-008")
def denied_starts_are_carried_out() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        if starts(request) and request.token is None and "accessRequestToken" not in request.query:
            await serve(request.with_token(CALLER.token))
            return denied()
        return await serve(request)

    return fault


@faulty("AUTH-008")
def denied_stops_are_carried_out() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        if stops(request) and request.token is None:
            await serve(request.with_token(CALLER.token))
            return denied()
        return await serve(request)

    return fault


@before("AUTH-009")
def strangers_record_on_the_callers_path(request: Request) -> Request | None:
    foreign = request.token == STRANGER.token and extension(request) == CALLER.extension
    return request.with_token(CALLER.token) if foreign and update(request) else None


@before("AUTH-009")
def strangers_record_on_their_own_path(request: Request) -> Request | None:
    own = request.token == STRANGER.token and request.call == PHONE_CALL.id and request.segments[:2] == ["@me", "@self"]
    return request.with_token(CALLER.token) if own and update(request) else None


@faulty("AUTH-009")
def refused_strangers_record_all_the_same() -> Fault:
    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if request.token == STRANGER.token and starts(request) and request.call == PHONE_CALL.id:
            await serve(request.with_token(ADMINISTRATOR.token).with_segment(0, "@owner").with_segment(1, "@self"))
        return response

    return fault


@before("AUTH-010")
def strangers_get_by_the_id(request: Request) -> Request | None:
    own = request.token == STRANGER.token and one(request) and extension(request) == "@self"
    return request.with_token(CALLER.token) if own else None


@before("AUTH-011")
def strangers_list_the_callers_extension(request: Request) -> Request | None:
    foreign = request.token == STRANGER.token and several(request) and extension(request) == CALLER.extension
    return request.with_token(CALLER.token).with_segment(0, "@me") if foreign else None


@before("AUTH-011")
def filters_look_everywhere(request: Request) -> Request | None:
    foreign = request.token == STRANGER.token and several(request) and "filterBy" in request.query
    return request.with_token(CALLER.token) if foreign else None


@before("AUTH-012")
def organizations_reach_nothing(request: Request) -> Response | None:
    return denied() if request.token == ORGANIZATION.token else None


@before("AUTH-013")
def administrators_reach_nothing(request: Request) -> Response | None:
    return denied() if request.token == ADMINISTRATOR.token else None


@before("AUTH-014")
def organizations_reach_each_other(request: Request) -> Request | None:
    return request.with_token(ORGANIZATION.token) if request.token == OTHER_ORGANIZATION.token else None
