"""Faults in what a request changes that must change nothing: one that is refused, or one that only reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mutants.asked import format_of, one, ours, start_of, starts, stop_of, stops, unknown_action, update, user, view_of
from mutants.authentication import anonymous, unknown
from mutants.mutant import again
from mutants.refusals import WRONG_FORMAT
from mutants.world import (
    ADMINISTRATOR,
    CALLER,
    EXPIRED,
    OTHER_ORGANIZATION,
    OTHER_VIEW,
    PHONE_CALL,
    STRANGER,
)

if TYPE_CHECKING:
    from mutants.messages import Request, Response

VIEW = PHONE_CALL.view_id


@again("REC-025")
def refused_formats_record_all_the_same(request: Request, response: Response) -> Request | None:
    """A start with a wrong format is refused, and records in the default one all the same."""
    return request.without_members("format") if starts(request) and response.code == WRONG_FORMAT else None


@again("REC-025")
def refused_stops_stop_all_the_same(request: Request, response: Response) -> Request | None:
    """A stop of a view that does not exist is refused, and stops the caller's own all the same."""
    return request.with_members(phoneCallViewId=VIEW) if stops(request) and response.status == 400 else None


@again("REC-025", budget="standard", phase="stateful")
def a_malformed_body_ends_a_recording(request: Request, response: Response) -> Request | None:
    """A body that is no JSON is refused, and ends the recording."""
    malformed = update(request) and request.body and request.json is None and response.status == 400
    return stop_of(VIEW, request) if malformed else None


@again("REC-025")
def a_null_format_ends_a_recording(request: Request, response: Response) -> Request | None:
    """A start whose format is null is refused, and ends the recording."""
    null = starts(request) and "format" in request.json and format_of(request) is None
    return stop_of(VIEW, request) if null and response.status == 400 else None


@again("REC-025")
def an_unknown_action_ends_a_recording(request: Request, response: Response) -> Request | None:
    """An action that the server does not know is refused, and ends the recording."""
    return stop_of(VIEW, request) if unknown_action(request) and response.status in {400, 501} else None


@again("REC-025")
def an_unknown_user_records_all_the_same(request: Request, response: Response) -> Request | None:
    """A start of a user who does not exist is refused, and records all the same."""
    return start_of(VIEW, request) if starts(request) and response.code == "user_invalid" else None


@again("REC-025", budget="standard", phase="stateful")
def a_format_in_capital_letters_stops_the_other_view(request: Request, response: Response) -> Request | None:
    """A start in `WAV` is refused, and ends the recording of the second view."""
    refused = starts(request) and format_of(request) == "WAV" and response.status == 400
    return stop_of(OTHER_VIEW, request) if refused else None


@again("HTTP-007")
def plain_text_records_all_the_same(request: Request, response: Response) -> Request | None:
    """A start that is declared as text is refused, and records all the same."""
    return start_of(view_of(request), request) if starts(request) and response.status == 415 else None


@again("HTTP-007", budget="standard", phase="stateful")
def plain_text_stops_all_the_same(request: Request, response: Response) -> Request | None:
    """A stop that is declared as text is refused, and ends the recording all the same."""
    return stop_of(view_of(request), request) if stops(request) and response.status == 415 else None


@again("AUTH-008")
def denied_starts_are_carried_out(request: Request, response: Response) -> Request | None:
    """A start without a token is denied, and records all the same."""
    carried_out = starts(request) and anonymous(request) and response.status == 401
    return request.with_token(CALLER.token) if carried_out else None


@again("AUTH-008")
def denied_stops_are_carried_out(request: Request, response: Response) -> Request | None:
    """A stop without a token is denied, and ends the recording all the same."""
    carried_out = stops(request) and anonymous(request) and response.status == 401
    return request.with_token(CALLER.token) if carried_out else None


@again("AUTH-008")
def an_unknown_token_stops_all_the_same(request: Request, response: Response) -> Request | None:
    """A stop with an unknown token is denied, and ends the recording all the same."""
    return request.with_token(CALLER.token) if stops(request) and unknown(request, response) else None


@again("AUTH-008")
def an_expired_token_records_all_the_same(request: Request, response: Response) -> Request | None:
    """A start with an expired token is denied, and records all the same."""
    expired = starts(request) and request.token == EXPIRED.token and response.status == 401
    return request.with_token(CALLER.token) if expired else None


@again("AUTH-009")
def strangers_record_all_the_same(request: Request, _: Response) -> Request | None:
    """Another user's start is refused, and records the caller's phone call all the same."""
    foreign = request.token == STRANGER.token and starts(request) and ours(request)
    administered = request.with_token(ADMINISTRATOR.token).with_segment(0, "@owner").with_segment(1, "@self")
    return administered if foreign else None


@again("AUTH-009")
def strangers_stop_all_the_same(request: Request, response: Response) -> Request | None:
    """Another user's stop is refused, and ends the recording all the same."""
    foreign = stops(request) and request.token == STRANGER.token and ours(request)
    return stop_of(view_of(request), request) if foreign and response.status >= 400 else None


@again("AUTH-014")
def another_organization_records_all_the_same(request: Request, response: Response) -> Request | None:
    """A start of another organization is refused, and records all the same."""
    foreign = starts(request) and request.token == OTHER_ORGANIZATION.token and ours(request)
    return start_of(view_of(request), request) if foreign and response.status >= 400 else None


@again("REC-023", budget="standard", phase="stateful")
def a_get_by_the_viewer_ends_the_recording(request: Request, _: Response) -> Request | None:
    """A GET by `@viewer` ends the recording."""
    return stop_of(VIEW, request) if one(request) and user(request) == "@viewer" else None


@again("REC-023", budget="standard", phase="stateful")
def a_get_ends_the_recording_of_the_other_view(request: Request, _: Response) -> Request | None:
    """Every GET ends the recording of the second view."""
    return stop_of(OTHER_VIEW, request) if one(request) and ours(request) else None
