"""Faults in what requests that place phone calls are taken, and in what they leave where they are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from mutants.messages import Request, Response, error
from mutants.mutant import after, again, before, instead
from mutants.placing import EMPTY, creates
from mutants.world import CALLER, OTHER_ORGANIZATION, STRANGER

MALFORMED: Final = "request_malformed"
FOREIGN_TOKEN: Final = "sandbox-user-44"


def member(request: Request, name: str) -> Any:
    """Return a member of the body of a request that places a phone call."""
    body = request.json if creates(request) else None
    return body.get(name) if isinstance(body, dict) else None


def view(request: Request) -> dict[str, Any]:
    """Return the view that such a body asks for, empty where there is none."""
    views = member(request, "phoneCallView")
    return views[0] if isinstance(views, list) and views and isinstance(views[0], dict) else {}


def with_view(request: Request, **members: object) -> Request:
    return request.with_members(phoneCallView=[{**view(request), **members}])


def with_text(request: Request, text: bytes) -> Request:
    return replace(request.with_header("Content-Length", str(len(text))), body=text)


def repaired(request: Request) -> Request | None:
    """Return a request without the comma too many that its body has, None where it has none."""
    return with_text(request, request.body.replace(b",}", b"}")) if request.body.endswith(b",}") else None


# Bodies that are no JSON objects


@before("MAKE-008")
def commas_too_many_are_forgiven(request: Request) -> Request | None:
    """A body with a comma before its last brace places a phone call."""
    return repaired(request) if creates(request) else None


@before("MAKE-008")
def the_first_of_several_orders_is_placed(request: Request) -> Request | None:
    """A body that is an array places the phone call of its first element."""
    body = request.json if creates(request) else None
    return request.with_json(body[0]) if isinstance(body, list) and body else None


@before("MAKE-008")
def orders_are_read_out_of_strings(request: Request) -> Request | None:
    """A body that is a string places the phone call that the string asks for."""
    body = request.json if creates(request) else None
    return with_text(request, body.encode()) if isinstance(body, str) and body.startswith("{") else None


@before("MAKE-008")
def an_empty_order_is_fine(request: Request) -> Response | None:
    """A request without a body is answered with 204."""
    return EMPTY if creates(request) and not request.body else None


@before("MAKE-008")
def what_is_no_json_cannot_be_processed(request: Request) -> Response | None:
    """A body that is no JSON is refused with 422."""
    return error(422, MALFORMED) if creates(request) and request.body and request.json is None else None


@after("MAKE-008")
def what_is_no_json_is_refused_without_a_word(request: Request, response: Response) -> Response | None:
    """A body that is no JSON is refused without the error body."""
    silent = creates(request) and request.json is None and response.status == 400
    return response.with_json({}) if silent else None


# What refused requests leave


@again("MAKE-009")
def calls_are_placed_before_fields_are_looked_at(request: Request, response: Response) -> Request | None:
    """A request that is refused for its `fields` has placed a phone call."""
    return request.without_parameters("fields") if creates(request) and response.code == "fields_invalid" else None


@again("MAKE-009")
def calls_are_placed_before_the_token_is_looked_at(request: Request, response: Response) -> Request | None:
    """A request that is refused since it has no token has placed a phone call."""
    return (
        request.with_token(CALLER.token) if creates(request) and response.status == 401 and not request.token else None
    )


@again("MAKE-009")
def calls_are_placed_before_the_user_is_looked_at(request: Request, response: Response) -> Request | None:
    """A request that is refused for the user of its path has placed a phone call of the caller."""
    return request.with_segment(0, "@me") if creates(request) and response.code == "user_invalid" else None


@again("MAKE-009")
def nameless_calls_are_placed_of_broken_bodies(request: Request, response: Response) -> Request | None:
    """A body that is refused for a comma too many has placed a phone call, without its nonce."""
    mended = repaired(request) if creates(request) and response.status == 400 else None
    return mended.without_members("nonce") if mended else None


@again("MAKE-009", also=("MAKE-031",))
def calls_are_placed_while_it_is_asked_how_long(request: Request, response: Response) -> Request | None:
    """A request that is refused for its `callDuration` has placed a phone call."""
    refused = creates(request) and response.status == 400 and request.parameters.get("callDuration") == "soon"
    return request.without_parameters("callDuration") if refused else None


# Numbers


@before("MAKE-010")
def numbers_stand_in_arrays_only(request: Request) -> Response | None:
    """A request is refused whose source and destination are plain strings."""
    plain = [isinstance(view(request).get(side), str) for side in ("source", "destination")]
    return error(400, MALFORMED) if any(plain) else None


@before("MAKE-010")
def both_numbers_are_of_the_same_kind(request: Request) -> Response | None:
    """A request is refused with one number in an array and the other one alone."""
    kinds = {type(view(request).get(side)) for side in ("source", "destination")}
    return error(400, MALFORMED) if kinds == {str, list} else None


@before("MAKE-010")
def plain_sources_are_ignored(request: Request) -> Request | None:
    """Where the source is a plain string, the extension that is charged is called."""
    plain = isinstance(view(request).get("source"), str)
    return with_view(request, source=[CALLER.extension]) if plain else None


@before("MAKE-011")
def who_places_a_call_is_its_source(request: Request) -> Request | None:
    """A request without a source calls the extension that is charged."""
    return with_view(request, source=[CALLER.extension]) if set(view(request)) == {"destination"} else None


@before("MAKE-011")
def a_call_may_lead_nowhere(request: Request) -> Response | None:
    """A request without a destination is answered with 204."""
    return EMPTY if set(view(request)) == {"source"} else None


@before("MAKE-011")
def views_may_be_missing(request: Request) -> Response | None:
    """A request without a view is refused with 422."""
    return error(422, MALFORMED) if member(request, "phoneCallView") == [] else None


# Extensions


@before("MAKE-021")
def unknown_extensions_are_replaced(request: Request) -> Request | None:
    """A phone call with an extension that does not exist is placed with the caller's."""
    unknown = str(member(request, "extension")).endswith("*0")
    return request.with_members(extension=CALLER.extension) if unknown else None


@before("MAKE-021")
def names_are_no_extensions(request: Request) -> Response | None:
    """A phone call with an extension that is no number is answered with 204."""
    return EMPTY if member(request, "extension") == "nosuchextension" else None


@again("MAKE-021", also=("MAKE-009",))
def unknown_extensions_are_refused_too_late(request: Request, response: Response) -> Request | None:
    """A request whose extension does not exist is refused, and has placed a phone call with the caller's."""
    unknown = response.status == 400 and str(member(request, "extension")).endswith("*0")
    return request.with_members(extension=CALLER.extension) if unknown else None


def as_owner(request: Request, response: Response, *, token: str | None = None) -> Request | None:
    """Return a refused request as the owner of its extension would send it."""
    owners = {CALLER.extension: CALLER.token, "0004*210": FOREIGN_TOKEN}
    if STRANGER:
        owners[STRANGER.extension] = STRANGER.token
    owner = owners.get(member(request, "extension"))
    if response.status < 400 or owner is None or owner == request.token or token not in {None, request.token}:
        return None
    return request.with_token(owner).with_segment(0, "@me")


@instead("MAKE-022")
def anybody_places_calls_with_any_extension(request: Request, response: Response) -> Request | None:
    """A phone call is placed with whichever extension the request names."""
    return as_owner(request, response)


@instead("MAKE-022")
def organizations_are_not_kept_apart(request: Request, response: Response) -> Request | None:
    """Another organization places phone calls with the caller's extension."""
    return as_owner(request, response, token=OTHER_ORGANIZATION.token if OTHER_ORGANIZATION else "")


@instead("MAKE-022")
def extensions_of_strangers_are_charged(request: Request, response: Response) -> Request | None:
    """The caller places phone calls with the extension of another user of the organization."""
    mine = STRANGER is not None and member(request, "extension") == STRANGER.extension
    return as_owner(request, response, token=CALLER.token) if mine else None


@again("MAKE-022")
def strangers_are_refused_too_late(request: Request, response: Response) -> Request | None:
    """A stranger who asks for a phone call with the caller's extension is refused, and the call is placed."""
    return as_owner(request, response, token=STRANGER.token if STRANGER else "")
