from __future__ import annotations

from mutants.asked import extension, several
from mutants.messages import Request, Response, error
from mutants.mutant import after, before
from mutants.world import CALLER, IDLE, PHONE_CALL


@after("CALL-020")
def the_newest_call_is_not_listed(request: Request, response: Response) -> Response | None:
    if not several(request) or response.status != 200:
        return None
    value = response.json
    return response.with_json({**value, "entry": [call for call in value["entry"] if call.get("id") != PHONE_CALL.id]})


@after("CALL-021")
def a_list_is_an_array(request: Request, response: Response) -> Response | None:
    return response.with_json(response.json["entry"]) if several(request) and response.status == 200 else None


@after("CALL-021")
def entries_are_keyed(request: Request, response: Response) -> Response | None:
    if not several(request) or response.status != 200:
        return None
    value = response.json
    return response.with_json({**value, "entry": {call.get("id"): call for call in value["entry"]}})


@after("CALL-022")
def there_is_no_total(request: Request, response: Response) -> Response | None:
    if not several(request) or response.status != 200:
        return None
    return response.with_json({name: value for name, value in response.json.items() if name != "totalResults"})


@after("CALL-022")
def the_total_is_zero(request: Request, response: Response) -> Response | None:
    ok = several(request) and response.status == 200
    return response.with_json({**response.json, "totalResults": 0}) if ok else None


@after("CALL-023")
def the_envelope_is_bare(request: Request, response: Response) -> Response | None:
    ok = several(request) and response.status == 200
    return (
        response.with_json({"entry": response.json["entry"], "totalResults": len(response.json["entry"])})
        if ok
        else None
    )


@before("CALL-024")
def every_list_is_of_every_extension(request: Request) -> Request | None:
    return request.with_segment(1, "@self") if several(request) and extension(request) == CALLER.extension else None


@before("CALL-025")
def self_is_the_first_extension(request: Request) -> Request | None:
    return request.with_segment(1, CALLER.extension) if several(request) and extension(request) == "@self" else None


@before("CALL-026")
def an_idle_extension_is_an_error(request: Request) -> Response | None:
    return error(400, "extension_invalid") if several(request) and extension(request) == IDLE.extension else None


@before("CALL-030")
def pages_have_no_limit(request: Request) -> Request | None:
    return request.without_parameters("count")


@before("CALL-032")
def pages_have_no_beginning(request: Request) -> Request | None:
    return request.without_parameters("startIndex")


@before("CALL-032")
def pages_are_counted_from_one(request: Request) -> Request | None:
    return request.without_parameters("startIndex") if request.parameters.get("startIndex") == "1" else None


@before("CALL-034")
def filters_are_ignored(request: Request) -> Request | None:
    return request.without_parameters("filterBy", "filterOp", "filterValue")


@before("CALL-038")
def fields_are_ignored(request: Request) -> Request | None:
    return request.without_parameters("fields")


@after("CALL-038")
def reduced_calls_keep_their_links(request: Request, response: Response) -> Response | None:
    return response.with_calls(lambda call: call.setdefault("link", {})) if "fields=" in request.query else None


@before("CALL-040")
def lists_have_one_order(request: Request) -> Request | None:
    return request.without_parameters("sortOrder")


@before("CALL-040")
def orders_are_not_known(request: Request) -> Response | None:
    return error(400, "sortorder_invalid") if "sortOrder" in request.query else None


def wrong_values(requirement: str, name: str) -> None:
    """Register two faults in how a wrong query parameter is refused: it is ignored, or its code is another."""

    def ignored(request: Request, response: Response) -> Response | None:
        wrong = name in request.parameters and response.status == 400
        return Response(204, (), b"") if wrong else None

    ignored.__name__ = f"a_wrong_{name}_is_ignored"
    after(requirement)(ignored)

    def miscoded(request: Request, response: Response) -> Response | None:
        wrong = name in request.parameters and response.status == 400
        return error(400, "request_invalid") if wrong else None

    miscoded.__name__ = f"a_wrong_{name}_has_another_code"
    if requirement != "CALL-033":  # its code is not known, so that any will do
        after(requirement)(miscoded)


wrong_values("CALL-031", "count")
wrong_values("CALL-033", "startIndex")
wrong_values("CALL-035", "filterBy")
wrong_values("CALL-036", "filterOp")
wrong_values("CALL-037", "filterValue")
wrong_values("CALL-039", "fields")
wrong_values("CALL-041", "sortOrder")
