"""Correct servers that page and order a list in their own way, and that tell of views what they may."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mutants.asked import extension, several
from mutants.laboratory import faultless
from mutants.lacking import TELEPHONY, without
from mutants.listing import listed
from mutants.paging import CROWD, with_next
from mutants.variant import answering, asking, variant

if TYPE_CHECKING:
    from mutants.messages import Request, Response
    from mutants.mutant import Fault, Serve

FEW = ("LIST-001",)
"""What a server with few phone calls leaves no occasion to look at."""
OF_PAGES = ("LIST-002", "LIST-003", "LIST-004", "LIST-005")
OF_FILTERS = ("LIST-010", "LIST-012", "LIST-013", "LIST-014", "LIST-015")
NO_WAITING = {"hold": False, "park": False}
NO_TELEPHONY = dict.fromkeys(TELEPHONY, False)
NUMBERS = ("totalResults", "startIndex", "itemsPerPage")


@answering(telephony=True, calls=CROWD)
def there_are_many_phone_calls(_: Request, __: Response) -> None:
    """The caller has more phone calls than a page has, most of them published at the same time."""


@answering(calls=CROWD)
def the_phone_call_is_one_of_many(_: Request, __: Response) -> None:
    """The caller has more phone calls than a page has, and so has the list of the recorded one's extension."""


@answering(telephony=True, remarks=(*FEW, "LIST-004", "LIST-005"))
def envelopes_tell_nothing_of_their_place(request: Request, response: Response) -> Response | None:
    """An envelope has its entries and their total, and nothing else."""
    if not listed(request, response):
        return None
    return response.with_json({name: response.json[name] for name in ("entry", "totalResults")})


@answering(telephony=True, remarks=FEW)
def numbers_of_an_envelope_are_text(request: Request, response: Response) -> Response | None:
    """The numbers of an envelope are strings."""
    if not listed(request, response):
        return None
    texts = {name: str(value) for name, value in response.json.items() if name in NUMBERS}
    return response.with_json({**response.json, **texts})


@asking(telephony=True, remarks=FEW)
def the_newest_call_comes_first_by_default(request: Request) -> Request | None:
    """A list that asks for no order has the newest phone call first."""
    unordered = several(request) and "sortOrder" not in request.parameters
    return request.with_parameters(sortOrder="descending") if unordered else None


@answering(telephony=True, remarks=FEW)
def pages_are_found_behind_a_proxy(request: Request, response: Response) -> Response | None:
    """The link to the next page has the host that a proxy shows to the world."""
    if not listed(request, response):
        return None
    return with_next(response, lambda url: urlsplit(url)._replace(scheme="https", netloc="api.example.com").geturl())


@variant(telephony=True, remarks=FEW)
def pages_are_found_by_a_mark() -> Fault:
    """The link to the next page has one parameter, which no client understands."""

    async def fault(request: Request, serve: Serve) -> Response:
        mark = request.parameters.get("mark")
        asked = replace(request, query=urlsafe_b64decode(mark).decode()) if mark else request
        response = await serve(asked)
        return (with_next(response, marked) if listed(asked, response) else None) or response

    def marked(url: str) -> str:
        parts = urlsplit(url)
        return parts._replace(query="mark=" + urlsafe_b64encode(parts.query.encode()).decode()).geturl()

    return fault


@variant(telephony=True, remarks=(*FEW, *OF_PAGES, *OF_FILTERS))
def phone_calls_come_and_go() -> Fault:
    """At every third look at the list of all extensions, a phone call is on it that is over at the next look."""
    looks = count(1)

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if not listed(request, response) or not _is_first_of_all(request) or next(looks) % 3:
            return response
        value = response.json
        passing = {**value["entry"][0], "id": "ca11000000000000000"}
        entries = [passing, *value["entry"]][: int(request.parameters.get("count", "20"))]
        return response.with_json({**value, "entry": entries, "totalResults": value["totalResults"] + 1})

    return fault


def _is_first_of_all(request: Request) -> bool:
    """Tell whether a request is for the first page of the list of all extensions."""
    asked = request.parameters
    return extension(request) == "@self" and asked.get("startIndex", "0") == "0" and "filterBy" not in asked


@answering(telephony=True, remarks=FEW)
def everybody_has_a_holder(_: Request, response: Response) -> Response:
    """A view of a party that holds no call has a `holder` of 0."""
    return response.with_views(lambda view: view.setdefault("holder", "0"))


@variant(telephony=True, remarks=FEW, features=NO_WAITING)
def nobody_is_kept_waiting() -> Fault:
    """A server that can neither hold nor park a phone call shows no field of it."""

    def told(view: dict[str, Any]) -> None:
        for name in ("parked", "parkedPos", "parkedBy", "onHold", "holder"):
            view.pop(name, None)

    async def fault(request: Request, serve: Serve) -> Response:
        return (await serve(request)).with_views(told)

    return without(NO_WAITING, fault)


@variant(telephony=True, remarks=FEW, features=NO_TELEPHONY)
def there_is_no_telephony() -> Fault:
    """A server that shows phone calls and records them, and does nothing else to them."""
    return without(NO_TELEPHONY, faultless)
