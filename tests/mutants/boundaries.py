"""Faults on a boundary, in a rare value, or in a rare combination of values."""

from __future__ import annotations

import json

from mutants.asked import ours, starts, update, view_of
from mutants.messages import Request, Response, error
from mutants.mutant import after, before

DOCUMENTED = {"action", "format", "phoneCallViewId"}


def crashed() -> Response:
    return error(500, "internal_server_error")


def others(request: Request) -> dict[str, object]:
    """Return the members of a start that are not documented."""
    return {name: value for name, value in request.json.items() if name not in DOCUMENTED} if starts(request) else {}


@before("HTTP-004", budget="quick", phase="coverage")
def long_view_ids_crash(request: Request) -> Response | None:
    """A view id of more than 100 characters crashes the server."""
    view = view_of(request)
    return crashed() if isinstance(view, str) and len(view) > 100 else None


@before("HTTP-004", budget="quick", phase="coverage")
def a_quote_in_a_filter_crashes(request: Request) -> Response | None:
    """A quotation mark in a filter crashes the server: it stands in SQL as it is."""
    return crashed() if "'" in request.parameters.get("filterValue", "") else None


@before("HTTP-004")
def a_nul_in_a_view_crashes(request: Request) -> Response | None:
    """A NUL in a view id crashes the server: its database takes none."""
    return crashed() if "\0" in str(view_of(request)) else None


@before("HTTP-004")
def half_a_character_crashes(request: Request) -> Response | None:
    """A lone surrogate in a string crashes the server: it cannot be written in UTF-8."""
    if request.json is None:
        return None
    try:
        json.dumps(request.json, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return crashed()
    return None


@before("HTTP-004")
def deep_nesting_crashes(request: Request) -> Response | None:
    """A body with a thousand arrays in one another crashes the server."""
    return crashed() if update(request) and request.body.count(b"[") >= 1000 else None


@before("HTTP-004")
def large_bodies_crash(request: Request) -> Response | None:
    """A body of more than 64 KiB crashes the server."""
    return crashed() if len(request.body) > 65_536 else None


@before("HTTP-004")
def numbers_out_of_range_crash(request: Request) -> Response | None:
    """A number that no double holds crashes the server."""
    return crashed() if update(request) and b"1e400" in request.body.lower() else None


@after("HTTP-004")
def long_tokens_crash(request: Request, response: Response) -> Response | None:
    """A token of more than 200 characters crashes the server."""
    return crashed() if response.status == 401 and len(request.token or "") > 200 else None


@before("HTTP-004", budget="quick", phase="coverage")
def the_last_page_crashes(request: Request) -> Response | None:
    """The largest `startIndex` crashes the server."""
    return crashed() if request.parameters.get("startIndex") == "5000" else None


@before("HTTP-004", budget="standard", phase="exploration")
def an_array_in_an_undocumented_member_crashes(request: Request) -> Response | None:
    """An array in a member of a start that is not documented crashes the server."""
    return crashed() if any(isinstance(value, list) for value in others(request).values()) else None


@before("CALL-020", budget="standard", phase="coverage")
def nearly_full_pages_are_empty(request: Request) -> Response | None:
    """A list with a `count` of 4999 is empty."""
    return Response(204, (), b"") if request.parameters.get("count") == "4999" else None


@before("CALL-030", budget="quick", phase="coverage")
def the_largest_page_is_refused(request: Request) -> Response | None:
    """A `count` of 5000 is refused."""
    return error(400, "count_invalid") if request.parameters.get("count") == "5000" else None


@before("CALL-031", budget="standard", phase="coverage")
def a_count_that_is_true_is_one(request: Request) -> Request | None:
    """A `count` of `true` is taken for none."""
    return request.without_parameters("count") if request.parameters.get("count") == "true" else None


@before("CALL-038", budget="standard", phase="coverage")
def the_link_is_no_field(request: Request) -> Response | None:
    """The field `link` is refused in `fields`."""
    return error(400, "fields_invalid") if request.parameters.get("fields") == "link" else None


@before("ADDR-012", also=("HTTP-010",), budget="quick", phase="coverage")
def long_ids_are_404(request: Request) -> Response | None:
    """An update of an id of more than 200 characters is refused with 404."""
    return error(404, "not_found") if update(request) and len(request.call or "") > 200 else None


@after("REC-003", also=("CALL-014",), budget="quick", phase="coverage")
def members_of_a_body_are_copied_to_the_call(request: Request, response: Response) -> Response | None:
    """The `id` in the body of a start becomes the id of the answer."""
    copied = request.json.get("id") if starts(request) and response.status == 200 else None
    return response.with_calls(lambda call: call.update(id=copied)) if copied is not None and ours(request) else None
