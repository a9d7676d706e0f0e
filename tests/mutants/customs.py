"""Correct servers that decide in their own way what is not prescribed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.asked import FORMATS, format_of, one, ours, several, starts, unknown_action, update, view_of
from mutants.laboratory import faultless
from mutants.lacking import without
from mutants.messages import Request, Response, error
from mutants.stopping import remembering
from mutants.variant import answering, asking, variant
from mutants.world import OTHER_ORGANIZATION, OTHER_VIEW, PHONE_CALL, STRANGER

if TYPE_CHECKING:
    from mutants.mutant import Fault, Serve

DOCUMENTED = {"action", "format", "phoneCallViewId"}
NO_STOP = {"stop_recording": False}
NO_LIST = {"list": False}
NO_GET = {"get": False}
ONLY_STARTS = {"list": False, "get": False, "stop_recording": False}
NEED_A_START = (
    *("ADDR-002", "ADDR-003", "ADDR-004", "ADDR-005", "ADDR-006", "ADDR-007", "ADDR-008", "ADDR-009", "HTTP-008"),
    *("AUTH-001", "AUTH-002", "AUTH-012", "AUTH-013", "REC-001", "REC-002", "REC-003", "REC-004", "REC-005"),
    *("REC-009", "REC-010", "REC-011", "REC-018", "REC-023", "REC-026"),
)
"""The requirements that a server shows with a first start only."""
EMPTY = Response(204, (), b"")


def foreign(request: Request, response: Response) -> bool:
    """Tell whether somebody else was refused on a phone call, an extension or a list of the caller's."""
    return request.token in {STRANGER.token, OTHER_ORGANIZATION.token} and response.status >= 400


def envelope(*entries: object) -> Response:
    return Response(200, (("content-type", "application/json"),), b"").with_json({"entry": list(entries)})


# What is wrong in two ways, or in none that is documented


@answering()
def an_unknown_action_is_not_implemented(request: Request, response: Response) -> Response | None:
    """An action that the server does not know is answered with 501."""
    refused = unknown_action(request) and response.status == 400
    return error(501, "request_not_implemented") if refused else None


@answering()
def an_unknown_action_is_invalid(request: Request, response: Response) -> Response | None:
    """An action that the server does not know is answered with 400."""
    return error(400, "action_invalid") if update(request) and response.status == 501 else None


@answering()
def bodies_are_checked_before_paths(request: Request, response: Response) -> Response | None:
    """Of a wrong format and a wrong path, the format is refused."""
    wrong = starts(request) and "format" in request.json and format_of(request) not in FORMATS
    return error(400, "pc_recformat_invalid") if wrong and response.status == 400 else None


@answering()
def undocumented_members_are_refused(request: Request, response: Response) -> Response | None:
    """A start with a member that is not documented is refused."""
    more = starts(request) and set(request.json) - DOCUMENTED
    return error(400, "member_unknown") if more and response.status in {200, 400} else None


@asking(remarks=("HTTP-010",))
def a_slash_at_the_end_is_another_path(request: Request) -> Response | None:
    """A path with a slash at its end is answered with 404, which is warned of as no documented status."""
    return error(404, "not_found") if request.raw_path.endswith("/") else None


@asking()
def only_the_long_words_of_orders_are_known(request: Request) -> Response | None:
    """The orders are `ascending` and `descending`; `asc` and `desc` are refused."""
    short = several(request) and request.parameters.get("sortOrder") in {"asc", "desc"}
    return error(400, "sortorder_invalid") if short else None


@asking()
def only_the_short_words_of_orders_are_known(request: Request) -> Response | None:
    """The orders are `asc` and `desc`; `ascending` and `descending` are refused."""
    long = several(request) and request.parameters.get("sortOrder") in {"ascending", "descending"}
    return error(400, "sortorder_invalid") if long else None


# What is foreign, and what has ended


@answering()
def what_is_foreign_does_not_exist(request: Request, response: Response) -> Response | None:
    """Somebody else's phone call is refused as one that does not exist, and not found."""
    if not foreign(request, response):
        return None
    return error(400, "pc_phonecall_invalid") if update(request) else EMPTY


@answering()
def what_is_foreign_is_forbidden(request: Request, response: Response) -> Response | None:
    """Somebody else's phone call is refused with 403."""
    return error(403, "access_denied") if foreign(request, response) else None


@answering()
def what_is_foreign_is_an_empty_envelope(request: Request, response: Response) -> Response | None:
    """Somebody else's phone call is refused by its extension, and shown as an empty envelope."""
    if not foreign(request, response):
        return None
    return error(400, "extension_invalid") if update(request) else envelope()


@answering()
def an_ended_call_is_204(request: Request, response: Response) -> Response | None:
    """A GET of a phone call that does not exist is answered with 204."""
    ended = one(request) and response.status == 200 and not response.json["entry"]
    return EMPTY if ended else None


@answering()
def an_ended_call_is_invalid(request: Request, response: Response) -> Response | None:
    """A GET of a phone call that does not exist is refused with `pc_phonecall_invalid`."""
    ended = one(request) and response.status == 200 and not response.json["entry"]
    return error(400, "pc_phonecall_invalid") if ended else None


# What a recording is


@answering(remarks=("REC-002",))
def updates_are_answered_with_an_array(request: Request, response: Response) -> Response | None:
    """An update is answered with an array of the one phone call, which is tolerated with a warning."""
    return response.with_json([response.json]) if update(request) and response.status == 200 else None


@variant()
def second_starts_and_stops_of_silence_are_refused() -> Fault:
    """A start of what is recorded and a stop of what is not are refused with 400."""
    return remembering(error(400, "pc_already_recording"), error(400, "pc_not_recording"))


@variant()
def second_starts_and_stops_of_silence_return_nothing() -> Fault:
    """A start of what is recorded and a stop of what is not are answered with 204."""
    return remembering(EMPTY, EMPTY)


@variant()
def a_second_start_stops_and_starts_anew() -> Fault:
    """A start of what is recorded already begins a new recording."""

    async def served(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if not starts(request) or not ours(request) or response.status != 200:
            return response
        await serve(request.with_members(action="StopRecording"))
        return await serve(request)

    return served


@variant(remarks=("REC-032",))
def one_view_is_recorded_at_a_time() -> Fault:
    """The second view of the phone call cannot be recorded."""

    async def served(request: Request, serve: Serve) -> Response:
        other = starts(request) and ours(request) and view_of(request) == OTHER_VIEW
        response = await serve(request)
        return error(400, "pc_phonecallview_invalid") if other and response.status == 200 else response

    return served


@variant(remarks=("REC-005", "REC-032"))
def there_is_one_view() -> Fault:
    """The phone call has a single view."""

    def single(call: dict[str, Any]) -> None:
        if call.get("id") == PHONE_CALL.id and "phoneCallView" in call:
            call["phoneCallView"] = [view for view in call["phoneCallView"] if view["id"] == PHONE_CALL.view_id]

    async def served(request: Request, serve: Serve) -> Response:
        if ours(request) and view_of(request) == OTHER_VIEW:
            request = request.with_members(phoneCallViewId="nosuchview")
        return (await serve(request)).with_calls(single)

    return served


@variant(remarks=("REC-005", "REC-032"))
def somebody_else_records_the_other_view() -> Fault:
    """The second view of the phone call is recorded by somebody else, before the run and after it."""

    def recorded(call: dict[str, Any]) -> None:
        for view in call.get("phoneCallView", []):
            if call.get("id", PHONE_CALL.id) == PHONE_CALL.id and view["id"] == OTHER_VIEW:
                view["recording"] = "2026-03-02T09:16:00+01:00"

    async def served(request: Request, serve: Serve) -> Response:
        return (await serve(request)).with_calls(recorded)

    return served


# What a server need not have


@variant(features=NO_LIST)
def there_are_no_lists() -> Fault:
    """The server has no lists."""
    return without(NO_LIST, faultless)


@variant(features=NO_GET)
def there_is_no_get() -> Fault:
    """The server has no GET of one phone call."""
    return without(NO_GET, faultless)


@variant(features=NO_STOP)
def there_is_no_stop() -> Fault:
    """The server stops no recordings."""
    return without(NO_STOP, faultless)


@variant(features=NO_STOP, remarks=NEED_A_START)
def there_is_no_stop_and_no_second_start() -> Fault:
    """The server stops no recordings, and refuses to start what is recorded already."""
    return without(NO_STOP, remembering(error(400, "pc_already_recording"), None))


@variant(features=ONLY_STARTS)
def there_is_only_start() -> Fault:
    """The server has StartRecording alone."""
    return without(ONLY_STARTS, faultless)
