"""Faults in the pages of a list: what is on them, what they count, and where they lead."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from mutants.asked import one, several
from mutants.listing import listed
from mutants.messages import Request, Response, error
from mutants.mutant import after, before, faulty, instead

if TYPE_CHECKING:
    from collections.abc import Callable

    from mutants.mutant import Fault, Serve

CROWD = 25
"""How many phone calls are more than a page has where nothing is asked for."""


def start(request: Request) -> int:
    return int(request.parameters.get("startIndex", "0"))


def count(request: Request) -> int:
    return int(request.parameters.get("count", "20"))


def later_page(request: Request) -> bool:
    """Tell whether a request is for a page of a list that is not the first, and for one that a server may have."""
    return several(request) and request.parameters.get("startIndex", "0").isdigit() and start(request) > 0


def with_parameter(url: str, name: str, value: str | None) -> str:
    """Return a URL with another value of a parameter, or without it."""
    parts = urlsplit(url)
    query = {key: text for key, text in parse_qsl(parts.query) if key != name}
    return parts._replace(query=urlencode(query if value is None else {**query, name: value})).geturl()


def with_next(response: Response, change: Callable[[str], str | None]) -> Response | None:
    """Change the link to the next page, where there is one; None takes it away."""
    value = response.json
    if (link := value.get("paging", {}).get("next")) is None:
        return None
    kept = {name: url for name, url in value["paging"].items() if name != "next"}
    changed = change(link)
    return response.with_json({**value, "paging": kept if changed is None else {**kept, "next": changed}})


def in_envelopes(change: Callable[[Request, dict[str, Any]], dict[str, Any]]) -> Callable[..., Response | None]:
    """Make a fault of what is changed in the envelopes of lists."""

    def fault(request: Request, response: Response) -> Response | None:
        return (
            response.with_json({**response.json, **change(request, response.json)})
            if listed(request, response)
            else None
        )

    fault.__name__, fault.__doc__, fault.__module__ = change.__name__, change.__doc__, change.__module__
    return fault


@before("LIST-001", calls=CROWD)
def pages_have_fifty_calls_by_default(request: Request) -> Request | None:
    """A list that asks for no number of phone calls has up to fifty."""
    return request.with_parameters(count="50") if several(request) and "count" not in request.parameters else None


@after("LIST-002", also=("LIST-005",))
def the_last_page_is_lost(request: Request, response: Response) -> Response | None:
    """A page that is not full is empty, unless it is the first."""
    rest = later_page(request) and listed(request, response) and len(response.json["entry"]) < count(request)
    return Response(204, (), b"") if rest else None


@before("LIST-002", also=("LIST-005",))
def pages_overlap(request: Request) -> Request | None:
    """A page begins with the last phone call of the page before it."""
    return request.with_parameters(startIndex=str(start(request) - 1)) if later_page(request) else None


@before("LIST-002", also=("LIST-004", "LIST-005"))
def pages_leave_a_gap(request: Request) -> Request | None:
    """Between two pages a phone call is left out."""
    return request.with_parameters(startIndex=str(start(request) + 1)) if later_page(request) else None


@before("LIST-002", also=("LIST-005",))
def pages_are_numbered(request: Request) -> Request | None:
    """The `startIndex` is the number of a page, not that of a phone call."""
    return request.with_parameters(startIndex=str(start(request) * count(request))) if later_page(request) else None


@after("LIST-002")
def pages_have_an_order_of_their_own(request: Request, response: Response) -> Response | None:
    """Each page but the whole list is sorted by id."""
    if not listed(request, response) or count(request) >= 1000 or "fields" in request.parameters:
        return None
    value = response.json
    return response.with_json({**value, "entry": sorted(value["entry"], key=lambda call: call["id"])})


@instead("LIST-002")
def after_the_last_page_comes_the_first(request: Request, response: Response) -> Request | None:
    """A page after the last one is the first one again."""
    beyond = later_page(request) and listed(request, response) and not response.json["entry"]
    return request.without_parameters("startIndex") if beyond else None


@after("LIST-003")
@in_envelopes
def totals_count_the_page(_: Request, envelope: dict[str, Any]) -> dict[str, Any]:
    """The `totalResults` of a page is the number of its entries."""
    return {"totalResults": len(envelope["entry"])}


@after("LIST-003")
@in_envelopes
def totals_count_what_is_left(request: Request, envelope: dict[str, Any]) -> dict[str, Any]:
    """The `totalResults` of a page leaves out the phone calls of the pages before it."""
    return {"totalResults": int(envelope["totalResults"]) - start(request)}


@faulty("LIST-003")
def totals_know_no_filter() -> Fault:
    """The `totalResults` of a filtered list counts all phone calls."""

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if not listed(request, response) or "filterBy" not in request.parameters:
            return response
        everything = await serve(replace(request, query=""))
        return response.with_json({**response.json, "totalResults": everything.json["totalResults"]})

    return fault


@after("LIST-004")
def no_page_names_the_next_one(request: Request, response: Response) -> Response | None:
    """There is no `paging.next`."""
    return with_next(response, lambda _: None) if listed(request, response) else None


@after("LIST-004")
def only_the_first_page_names_the_next_one(request: Request, response: Response) -> Response | None:
    """A page that is not the first has no `paging.next`."""
    return with_next(response, lambda _: None) if listed(request, response) and start(request) else None


@after("LIST-004")
@in_envelopes
def the_next_page_is_named_elsewhere(_: Request, envelope: dict[str, Any]) -> dict[str, Any]:
    """The links to other pages are members of the envelope itself."""
    return {**envelope.get("paging", {}), "paging": {}}


def next_page(change: Callable[[str], str]) -> None:
    """Register a fault in the link to the next page."""

    def fault(request: Request, response: Response) -> Response | None:
        return with_next(response, change) if listed(request, response) else None

    fault.__name__, fault.__doc__ = change.__name__, change.__doc__
    after("LIST-005")(fault)


def moved(url: str, steps: int) -> str:
    """Return the link to a page that begins some phone calls later, or earlier."""
    index = int(dict(parse_qsl(urlsplit(url).query)).get("startIndex", "0"))
    return with_parameter(url, "startIndex", str(max(0, index + steps)))


@next_page
def next_pages_leave_a_gap(url: str) -> str:
    """The link to the next page leaves a phone call out."""
    return moved(url, 1)


@next_page
def next_pages_overlap(url: str) -> str:
    """The page of the link begins with the last phone call of the page before it."""
    return moved(url, -1)


@next_page
def next_pages_forget_the_order(url: str) -> str:
    """The link to the next page does not have the `sortOrder` of its page."""
    return with_parameter(url, "sortOrder", None)


@next_page
def next_pages_begin_anew(url: str) -> str:
    """The link to the next page does not have its `startIndex`."""
    return with_parameter(url, "startIndex", None)


@next_page
def next_pages_have_no_host(url: str) -> str:
    """The link to the next page is no absolute URL."""
    return urlsplit(url)._replace(scheme="", netloc="").geturl()


@next_page
def next_pages_are_nowhere(url: str) -> str:
    """The link to the next page has the singular path of the misprint."""
    return url.replace("/phoneCalls/", "/phoneCall/")


@after("LIST-005")
@in_envelopes
def the_last_page_leads_to_the_first(_: Request, envelope: dict[str, Any]) -> dict[str, Any]:
    """The last page names the first one as its next."""
    paging = envelope.get("paging", {})
    if "next" in paging or "prev" not in paging:
        return {}
    return {"paging": {**paging, "next": with_parameter(paging["prev"], "startIndex", "0")}}


@after("LIST-007")
@in_envelopes
def places_are_counted_from_one(request: Request, _: dict[str, Any]) -> dict[str, Any]:
    """The `startIndex` of an envelope counts from one."""
    return {"startIndex": start(request) + 1}


@after("LIST-007")
@in_envelopes
def pages_say_that_they_have_twenty(_: Request, __: dict[str, Any]) -> dict[str, Any]:
    """The `itemsPerPage` is always 20."""
    return {"itemsPerPage": 20}


@after("LIST-007")
@in_envelopes
def no_list_says_that_it_is_filtered(_: Request, __: dict[str, Any]) -> dict[str, Any]:
    """A list is never `filtered`."""
    return {"filtered": False}


@before("LIST-008")
def a_get_has_no_pages(request: Request) -> Response | None:
    """A GET of one phone call is refused with the parameters of a list."""
    return error(400, "request_invalid") if one(request) and "count" in request.parameters else None


@before("LIST-008")
def a_get_with_pages_is_a_list(request: Request) -> Request | None:
    """A GET of one phone call is a list where it has the parameters of one."""
    listing = replace(request, raw_path=request.raw_path.rstrip("/").rpartition("/")[0])
    return listing if one(request) and "count" in request.parameters else None
