"""Checks of LIST that act: the pages of a list."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from uapi.conformance.answers import entries_of
from uapi.conformance.bundle import flaw
from uapi.conformance.checks import expect
from uapi.conformance.checks.listing import EVERYTHING, envelope
from uapi.conformance.checks.registry import check
from uapi.conformance.checks.whole import WHOLE, compare, ids_of, shown
from uapi.conformance.finding import Failed, NotExercised

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

DEFAULT: Final = 20
"""How many entries a page has at most that asks for no number of them."""
PAGES: Final = 3
STEPS: Final = 10
"""How many links to a next page are followed."""
OK: Final = 200
SERVED: Final = frozenset({200, 204})
ORDERS: Final = (("ascending", "asc"), ("descending", "desc"))


def page(probe: Probe, count: int, start: int = 0, query: Mapping[str, str] | None = None) -> Exchange:
    """Ask for a page of the caller's list."""
    return probe.list(EVERYTHING, query={"count": str(count), "startIndex": str(start), **(query or {})})


def third(number: int) -> int:
    """Return the size of pages of which a list has three, or less."""
    return -(-number // PAGES)


@check("LIST-001")
def a_page_has_twenty_calls_at_most(probe: Probe) -> None:
    """A list that asks for no number of phone calls."""
    exchange = probe.list(EVERYTHING)
    if (found := len(entries_of(exchange))) > DEFAULT:
        raise Failed(f"a list without count has {found} entries", exchange)
    if (number := len(entries_of(probe.list(EVERYTHING, query=WHOLE)))) <= DEFAULT:
        raise NotExercised(f"the caller has {number} phone calls; this needs more than {DEFAULT}", exchange)


@check("LIST-002")
def pages_have_each_call_once(probe: Probe) -> None:
    """Pages of two sizes, one put after the other, are the list; a page after the last one has nothing."""

    def judge(calls: list[dict[str, Any]]) -> None:
        ids = ids_of(calls)
        for size in dict.fromkeys((third(len(ids)), len(ids) - 1)):
            pages = [page(probe, size, start) for start in range(0, len(ids), size)]
            found = [name for each in pages for name in shown(each)]
            if missing := [name for name in ids if name not in found]:
                raise Failed(f"no page of {size} has the phone call {missing[0]}", *pages)
            if len(found) > len(ids):
                again = next(name for name in found if name not in ids or found.count(name) > 1)
                raise Failed(f"the pages of {size} have the phone call {again} once too often", *pages)
            if found != ids:
                raise Failed(f"the pages of {size} have the phone calls in another order than the list", *pages)
        beyond = page(probe, 1, len(ids))
        if beyond.status in SERVED and (found := shown(beyond)):
            raise Failed(f"the page after the last one has the phone call {found[0]}", beyond)

    compare(probe, judge, least=2)


@check("LIST-003")
def the_total_counts_all_pages(probe: Probe) -> None:
    """The first page of one phone call, the last one, and the page of a filter that finds one."""
    totals = 0

    def judge(calls: list[dict[str, Any]]) -> None:
        nonlocal totals
        number, last = len(calls), ids_of(calls)[-1]
        found_by_id = {"filterBy": "id", "filterValue": last}
        for exchange, wanted in (
            (page(probe, 1), number),
            (page(probe, 1, number - 1), number),
            (page(probe, 1, query=found_by_id), 1),
        ):
            total = _total(exchange)
            if total is None or (wanted == 1 and shown(exchange) != [last]):
                continue
            totals += 1
            if total != wanted:
                raise Failed(f"totalResults is {total}, and {wanted} phone calls match on all pages", exchange)

    compare(probe, judge, least=2)
    if not totals:
        raise NotExercised("no page has a totalResults, which is for CALL-022 to say")


def _total(exchange: Exchange) -> int | None:
    if exchange.status != OK:
        return None
    total = envelope(exchange).get("totalResults")
    return int(total) if total is not None and flaw("WholeNumber", total) is None else None


@check("LIST-004")
def a_page_names_the_next_one(probe: Probe) -> None:
    """The first page of one phone call, and the last but one."""
    looked = 0

    def judge(calls: list[dict[str, Any]]) -> None:
        nonlocal looked
        for start in dict.fromkeys((0, len(calls) - 2)):
            exchange = page(probe, 1, start)
            value = envelope(exchange)
            if start + len(value["entry"]) >= len(calls):
                continue  # it has all that there is, whatever was asked for
            looked += 1
            if _next(value) is None:
                raise Failed(f"the page after {start} of {len(calls)} phone calls has no paging.next", exchange)

    compare(probe, judge, least=2)
    if not looked:
        raise NotExercised("each page has all the phone calls, which is for CALL-030 to say")


def _next(value: object) -> object:
    """Return what an envelope names as its next page, None where it names none."""
    paging = value.get("paging") if isinstance(value, dict) else None
    return paging.get("next") if isinstance(paging, dict) else None


@check("LIST-005")
def the_next_page_has_what_comes_after(probe: Probe) -> None:
    """From page to page to the end of the list, as it is and in the orders that can be asked for."""
    followed = 0

    def judge(calls: list[dict[str, Any]], query: Mapping[str, str]) -> None:
        nonlocal followed
        ids = ids_of(calls)
        exchange = page(probe, third(len(ids)), query=query)
        position = len(shown(exchange))
        if not position or shown(exchange) != ids[:position]:
            return  # which is for LIST-002 to say
        for _ in range(STEPS):
            link = _next(expect.body(exchange)) if exchange.status == OK else None
            if link is None:
                return
            exchange = _followed(probe, link, exchange)
            followed += 1
            position += _continued(exchange, ids, position)

    for order in _orders(probe):
        compare(probe, partial(judge, query=order), least=2, query=order)
    if not followed:
        raise NotExercised("no page names a next one, which is for LIST-004 to say")


def _continued(exchange: Exchange, ids: list[str], position: int) -> int:
    """Expect a page to continue a list after a position; return how many phone calls it has."""
    left = ids[position:]
    found = shown(exchange) if left or exchange.status in SERVED else []
    if found != left[: len(found)] or bool(found) != bool(left):
        raise Failed(f"the next page after {position} of {len(ids)} phone calls has {found}", exchange)
    return len(found)


def _orders(probe: Probe) -> Iterator[dict[str, str]]:
    """Yield the list's own order, and each other in a word that the target knows (D-31)."""
    yield {}
    for words in ORDERS:
        queries = [{"sortOrder": word} for word in words]
        yield from [query for query in queries if probe.list(EVERYTHING, query=query).status == OK][:1]


def _followed(probe: Probe, link: object, shown_by: Exchange) -> Exchange:
    """Follow a link to a page, on the target itself: behind a proxy it may name another host."""
    if flaw("Paging", {"next": link}) is not None:
        raise Failed(f"paging.next is {link!r}, no absolute URL", shown_by)
    base, parts = urlsplit(probe.target.base_url), urlsplit(str(link))
    request = probe.request("GET", EVERYTHING, operation="listPhoneCalls")
    # What is answered elsewhere is no answer of the operation.
    operation = request.operation if parts.path.startswith(f"{base.path}/phoneCalls/") else None
    path = parts._replace(scheme=base.scheme, netloc=base.netloc, fragment="").geturl()
    return probe.session.send(replace(request, url=path, operation=operation))


@check("LIST-007")
def a_page_repeats_what_was_asked_for(probe: Probe) -> None:
    """Its beginning and its size, and whether there was a filter."""
    first = shown(probe.list(EVERYTHING, query={"count": "1"}))
    by_id = {"filterBy": "id", "filterValue": first[0]} if first else {}
    asked = (({}, 1, 1), (by_id, 2, 0)) if by_id else (({}, 1, 0),)
    for query, count, start in asked:
        exchange = page(probe, count, start, query)
        if exchange.status != OK:
            raise NotExercised("a page of it is empty or refused: the caller needs two phone calls", exchange)
        value = envelope(exchange)
        repeated = {"startIndex": start, "itemsPerPage": count, "filtered": bool(query)}
        for name, wanted in repeated.items():
            if (found := value.get(name)) != wanted and found != str(wanted):
                raise Failed(f"{name} is {found!r} in the answer to a request for {wanted}", exchange)


@check("LIST-008")
def a_get_takes_the_parameters_of_a_list(probe: Probe) -> None:
    """The phone call is found all the same."""
    exchange = probe.get(query={"count": "20", "startIndex": "0"})
    expect.only_entry(exchange, str(probe.place.phone_call))
