"""Checks of LIST that act: what the filters of a list find, and its orders."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import entries_of, moment
from uapi.conformance.checks.listing import EVERYTHING
from uapi.conformance.checks.registry import check
from uapi.conformance.checks.whole import WHOLE, compare, ids_of, shown
from uapi.conformance.finding import Failed, NotExercised

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

PREFIX: Final = 4
"""How many characters of an id are looked for."""
DATE: Final = 10
"""How many characters of a time tell the day."""
REFUSED: Final = 400
AHEAD: Final = timezone(timedelta(hours=13, minutes=45))
"""An offset in which hardly any time is written: as text, a time in it compares as it does not as a time."""


def filtered(probe: Probe, by: str, operator: str | None, value: str | None) -> Exchange:
    """Ask for the phone calls that a filter finds, all on one page."""
    query = {"filterBy": by, "filterOp": operator, "filterValue": value, **WHOLE}
    return probe.list(EVERYTHING, query={name: text for name, text in query.items() if text is not None})


def finds(exchange: Exchange, wanted: Collection[str], either: Collection[str] = ()) -> None:
    """Expect a filter to find the phone calls of some ids and no others; those of `either` may be found or not."""
    found = shown(exchange)
    if missing := [name for name in wanted if name not in found]:
        raise Failed(f"the filter does not find the phone call {missing[0]}", exchange)
    if more := [name for name in found if name not in wanted and name not in either]:
        raise Failed(f"the filter finds the phone call {more[0]}, which does not match", exchange)


def matching(calls: list[dict[str, Any]], condition: Callable[[dict[str, Any]], bool]) -> list[str]:
    """Return the ids of the phone calls that meet a condition."""
    return ids_of([call for call in calls if condition(call)])


def text_of(call: dict[str, Any], name: str) -> str:
    """Return a field of a phone call as text, empty where it has none."""
    return str(call.get(name, ""))


def published(calls: list[dict[str, Any]]) -> dict[str, datetime]:
    """Return when phone calls were published, by their ids; what is no time is left out."""
    times = {str(call.get("id")): moment(call.get("published")) for call in calls}
    return {name: time for name, time in times.items() if time is not None}


@check("LIST-010")
def a_filter_by_time_finds_the_call(probe: Probe) -> None:
    """The time of the phone call under test, as its list writes it."""

    def judge(calls: list[dict[str, Any]]) -> None:
        own = [call for call in calls if call.get("id") == probe.place.phone_call]
        times = [call["published"] for call in own if moment(call.get("published")) is not None]
        if not times:
            raise NotExercised("no list shows when the phone call was published")
        exchange = filtered(probe, "published", None, times[0])
        others = [name for name, time in published(calls).items() if time == moment(times[0])]
        finds(exchange, ids_of(own), either=others)

    compare(probe, judge)


@check("LIST-012")
def a_filter_by_text_finds_what_has_it(probe: Probe) -> None:
    """The beginning of an id, the middle of it, the day of a time, and a text that only a pattern would match."""

    def judge(calls: list[dict[str, Any]]) -> None:
        name, time = text_of(calls[0], "id"), text_of(calls[0], "published")
        begin, middle = name[:PREFIX], name[1 : 1 + PREFIX]
        for by, value in (("id", begin), ("id", middle), ("published", time[:DATE])):
            if not value:
                continue
            starting = matching(calls, lambda call: text_of(call, by).startswith(value))  # noqa: B023 - used at once
            having = matching(calls, lambda call: value in text_of(call, by))  # noqa: B023 - used at once
            finds(filtered(probe, by, "startsWith", value), starting)
            finds(filtered(probe, by, "contains", value), having)
        for operator in ("startsWith", "contains"):
            exchange = filtered(probe, "id", operator, begin[:-1] + "_")
            if exchange.status != REFUSED:
                finds(exchange, [])

    compare(probe, judge)


@check("LIST-013")
def a_filter_by_time_finds_what_came_before_or_after(probe: Probe) -> None:
    """Held against a call in the middle, whose time is written as it is shown, and with another offset."""

    def judge(calls: list[dict[str, Any]]) -> None:
        times = published(calls)
        if len(different := sorted(set(times.values()))) <= 1:
            raise NotExercised("the caller's phone calls were all published at once; this needs two times")
        pivot = different[len(different) // 2]
        same = [name for name, time in times.items() if time == pivot]
        for value in written(pivot):
            later = [name for name, time in times.items() if time > pivot]
            finds(filtered(probe, "published", "greaterThan", value), later, either=same)
            earlier = [name for name, time in times.items() if time < pivot]
            finds(filtered(probe, "published", "lessThan", value), earlier, either=same)

    compare(probe, judge, least=2)


def written(time: datetime) -> list[str]:
    """Return a point in time with its own offset and, where the calendar has it, with another one."""
    try:
        return [time.isoformat(), time.astimezone(AHEAD).isoformat()]
    except OverflowError:
        return [time.isoformat()]


@check("LIST-014")
def a_filter_by_values_finds_each(probe: Probe) -> None:
    """Two ids, and one that no phone call has."""

    def judge(calls: list[dict[str, Any]]) -> None:
        wanted = [ids_of(calls)[0], ids_of(calls)[-1]]
        value = ",".join([wanted[0], "nosuchphonecall", wanted[1]])
        finds(filtered(probe, "id", "inArray", value), wanted)

    compare(probe, judge, least=3)


@check("LIST-015")
def a_filter_by_presence_finds_all(probe: Probe) -> None:
    """Every phone call has an id, and was published; there is nothing to compare them with."""

    def judge(calls: list[dict[str, Any]]) -> None:
        for by in ("id", "published"):
            finds(filtered(probe, by, "present", None), matching(calls, lambda call: by in call))  # noqa: B023 - used at once

    compare(probe, judge)


@check("LIST-017")
def orders_are_known_in_all_words(probe: Probe) -> None:
    """Each word is taken, and the list is in the order that it says."""
    several = 0
    for words, newest_first in ((("asc", "ascending"), False), (("desc", "descending"), True)):
        for word in words:
            exchange = probe.list(EVERYTHING, query={"sortOrder": word, **WHOLE})
            times = [moment(call.get("published")) for call in entries_of(exchange)]
            known = [time for time in times if time is not None]
            if known != sorted(known, reverse=newest_first):
                raise Failed(f"with sortOrder={word} the list is not in that order", exchange)
            several += len(set(known)) > 1
    if not several:
        raise NotExercised("the caller's phone calls tell nothing of an order; this needs two times")
