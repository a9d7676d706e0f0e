"""Faults in lists: their envelope, their pages, their filters and their order."""

from __future__ import annotations

from mutants.asked import extension, several
from mutants.messages import Request, Response, error
from mutants.mutant import after, before
from mutants.world import CALLER, IDLE, PHONE_CALL


def listed(request: Request, response: Response) -> bool:
    return several(request) and response.status == 200


@after("CALL-020", also=("CALL-034",))
def the_newest_call_is_not_listed(request: Request, response: Response) -> Response | None:
    """The phone call under test is in no list."""
    if not listed(request, response):
        return None
    value = response.json
    return response.with_json({**value, "entry": [call for call in value["entry"] if call.get("id") != PHONE_CALL.id]})


@after("CALL-021")
def a_list_is_an_array(request: Request, response: Response) -> Response | None:
    """A list is an array of phone calls without an envelope."""
    return response.with_json(response.json["entry"]) if listed(request, response) else None


@after("CALL-021")
def entries_are_keyed(request: Request, response: Response) -> Response | None:
    """The `entry` of a list is an object of phone calls by their ids."""
    if not listed(request, response):
        return None
    value = response.json
    return response.with_json({**value, "entry": {call.get("id"): call for call in value["entry"]}})


@after("CALL-022")
def there_is_no_total(request: Request, response: Response) -> Response | None:
    """A list has no `totalResults`."""
    if not listed(request, response):
        return None
    return response.with_json({name: value for name, value in response.json.items() if name != "totalResults"})


@after("CALL-022")
def the_total_is_zero(request: Request, response: Response) -> Response | None:
    """The `totalResults` of every list is 0."""
    return response.with_json({**response.json, "totalResults": 0}) if listed(request, response) else None


@after("CALL-023")
def the_envelope_is_bare(request: Request, response: Response) -> Response | None:
    """A list has its entries and their number, and tells nothing of its place."""
    if not listed(request, response):
        return None
    entries = response.json["entry"]
    return response.with_json({"entry": entries, "totalResults": len(entries)})


@before("CALL-024")
def every_list_is_of_every_extension(request: Request) -> Request | None:
    """The list of one extension has the phone calls of all the user's extensions."""
    return request.with_segment(1, "@self") if several(request) and extension(request) == CALLER.extension else None


@before("CALL-025")
def self_is_the_first_extension(request: Request) -> Request | None:
    """The list of `@self` has the phone calls of one extension only."""
    return request.with_segment(1, CALLER.extension) if several(request) and extension(request) == "@self" else None


@before("CALL-026")
def an_idle_extension_is_an_error(request: Request) -> Response | None:
    """The list of an extension without phone calls is refused."""
    return error(400, "extension_invalid") if several(request) and extension(request) == IDLE.extension else None


@after("CALL-027")
def lists_show_every_view_as_ringing(request: Request, response: Response) -> Response | None:
    """A list shows every view as ringing, also one that talks."""
    ringing = several(request) and "fields=" not in request.query
    return response.with_views(lambda view: view.update(status="1")) if ringing else None


@after("CALL-027")
def lists_show_no_recordings(request: Request, response: Response) -> Response | None:
    """A list never shows that a view is recorded."""
    return response.with_views(lambda view: view.pop("recording", None)) if several(request) else None


@before("CALL-030", also=("CALL-031",))
def pages_have_no_limit(request: Request) -> Request | None:
    """The parameter `count` is ignored."""
    return request.without_parameters("count")


@before("CALL-032", also=("CALL-033",))
def pages_have_no_beginning(request: Request) -> Request | None:
    """The parameter `startIndex` is ignored."""
    return request.without_parameters("startIndex")


@before("CALL-032")
def pages_are_counted_from_one(request: Request) -> Request | None:
    """A `startIndex` of 1 leaves nothing out: entries are counted from one."""
    return request.without_parameters("startIndex") if request.parameters.get("startIndex") == "1" else None


@before("CALL-034", also=("CALL-035", "CALL-036", "CALL-037"))
def filters_are_ignored(request: Request) -> Request | None:
    """The parameters of a filter are ignored."""
    return request.without_parameters("filterBy", "filterOp", "filterValue")


@before("CALL-038", also=("CALL-039",))
def fields_are_ignored(request: Request) -> Request | None:
    """The parameter `fields` is ignored."""
    return request.without_parameters("fields")


@after("CALL-038")
def reduced_calls_keep_their_links(request: Request, response: Response) -> Response | None:
    """A phone call that was reduced by `fields` has its links still."""
    return response.with_calls(lambda call: call.setdefault("link", {})) if "fields=" in request.query else None


@before("CALL-040", also=("CALL-041",))
def lists_have_one_order(request: Request) -> Request | None:
    """The parameter `sortOrder` is ignored."""
    return request.without_parameters("sortOrder")


@before("CALL-040")
def orders_are_not_known(request: Request) -> Response | None:
    """Every `sortOrder` is refused."""
    return error(400, "sortorder_invalid") if "sortOrder" in request.query else None


def wrong_values(requirement: str, name: str, code: str | None) -> None:
    """Register two faults in how a wrong query parameter is refused: it is ignored, or its code is another."""

    def refused(request: Request, response: Response) -> bool:
        wrong = several(request) and response.status == 400 and name in request.parameters
        return wrong and code in {None, response.code}

    def ignored(request: Request, response: Response) -> Response | None:
        return Response(204, (), b"") if refused(request, response) else None

    ignored.__name__ = f"a_wrong_{name}_is_ignored"
    ignored.__doc__ = f"A list with an invalid `{name}` is empty, not refused."
    after(requirement)(ignored)

    def miscoded(request: Request, response: Response) -> Response | None:
        return response.with_code("request_invalid") if refused(request, response) else None

    miscoded.__name__ = f"a_wrong_{name}_has_another_code"
    miscoded.__doc__ = f"An invalid `{name}` is refused with a code that is not documented for it."
    if code is not None:
        after(requirement)(miscoded)


wrong_values("CALL-031", "count", "count_invalid")
wrong_values("CALL-033", "startIndex", None)  # its code is not known, so that any will do
wrong_values("CALL-035", "filterBy", "filterby_invalid")
wrong_values("CALL-036", "filterOp", "filterop_invalid")
wrong_values("CALL-037", "filterValue", "filtervalue_invalid")
wrong_values("CALL-039", "fields", "fields_invalid")
wrong_values("CALL-041", "sortOrder", "sortorder_invalid")
