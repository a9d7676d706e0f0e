"""Faults in what the filters of a list find, and in the words of its orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mutants.asked import several
from mutants.messages import Request, Response, error
from mutants.mutant import after, before

if TYPE_CHECKING:
    from collections.abc import Callable

EMPTY = Response(204, (), b"")
SECONDS = 19
"""How many characters of a time come before its offset."""


def filters(request: Request, *operators: str, by: str | None = None) -> bool:
    """Tell whether a list is filtered by a field, of all where none is given, with one of some operators."""
    asked = request.parameters
    return several(request) and by in {None, asked.get("filterBy")} and asked.get("filterOp", "equals") in operators


def with_value(request: Request, change: Callable[[str], str]) -> Request:
    return request.with_parameters(filterValue=change(request.parameters.get("filterValue", "")))


def without_offset(time: str) -> str:
    return time[:SECONDS] + "Z"


@after("LIST-010")
def no_time_is_found(request: Request, _: Response) -> Response | None:
    """A filter by `published` finds nothing that was published at the time."""
    return EMPTY if filters(request, "equals", by="published") and "filterValue" in request.parameters else None


@before("LIST-010")
def the_offset_of_a_filter_is_ignored(request: Request) -> Request | None:
    """A time with an offset is taken for the same hour in UTC."""
    return with_value(request, without_offset) if filters(request, "equals", by="published") else None


@before("LIST-012")
def operators_are_known_in_small_letters(request: Request) -> Response | None:
    """The operator `startsWith` is refused: it is known as `startswith`."""
    return error(400, "filterop_invalid") if filters(request, "startsWith") else None


@before("LIST-012")
def a_beginning_may_stand_anywhere(request: Request) -> Request | None:
    """The operator `startsWith` finds what `contains` finds."""
    return request.with_parameters(filterOp="contains") if filters(request, "startsWith") else None


@before("LIST-012")
def a_part_has_to_stand_at_the_beginning(request: Request) -> Request | None:
    """The operator `contains` finds what `startsWith` finds."""
    return request.with_parameters(filterOp="startsWith") if filters(request, "contains") else None


@before("LIST-012")
def a_part_has_to_be_all(request: Request) -> Request | None:
    """The operator `contains` compares for equality."""
    return request.with_parameters(filterOp="equals") if filters(request, "contains", by="id") else None


@before("LIST-012")
def an_underscore_stands_for_any_character(request: Request) -> Request | None:
    """The value of a text filter is a pattern of the database, in which `_` fits any character."""
    return with_value(request, lambda value: value.replace("_", "")) if filters(request, "contains") else None


@after("LIST-012")
def times_are_no_text(request: Request, _: Response) -> Response | None:
    """A text filter by `published` finds nothing."""
    return EMPTY if filters(request, "contains", "startsWith", by="published") else None


@before("LIST-013")
def later_is_earlier(request: Request) -> Request | None:
    """The operators `greaterThan` and `lessThan` are mixed up."""
    other = {"greaterThan": "lessThan", "lessThan": "greaterThan"}.get(request.parameters.get("filterOp", ""))
    return request.with_parameters(filterOp=other) if several(request) and other else None


@before("LIST-013")
def times_are_compared_without_their_offset(request: Request) -> Request | None:
    """The operators `greaterThan` and `lessThan` take a time with an offset for the same hour in UTC."""
    return with_value(request, without_offset) if filters(request, "greaterThan", "lessThan") else None


@before("LIST-013")
def nothing_is_too_late(request: Request) -> Request | None:
    """The operator `lessThan` finds every phone call."""
    dropped = request.without_parameters("filterBy", "filterOp", "filterValue")
    return dropped if filters(request, "lessThan") and "filterValue" in request.parameters else None


@before("LIST-014")
def only_the_first_value_is_looked_for(request: Request) -> Request | None:
    """The operator `inArray` finds the phone call of its first value only."""
    return with_value(request, lambda value: value.partition(",")[0]) if filters(request, "inArray") else None


@before("LIST-014")
def the_values_are_one_text(request: Request) -> Request | None:
    """The operator `inArray` compares with all of its value, commas and all."""
    return request.with_parameters(filterOp="equals") if filters(request, "inArray") else None


@before("LIST-014")
def one_unknown_value_is_refused(request: Request) -> Response | None:
    """The operator `inArray` is refused where one of its values names no phone call."""
    unknown = "nosuch" in request.parameters.get("filterValue", "")
    return error(400, "filtervalue_invalid") if filters(request, "inArray") and unknown else None


@before("LIST-015")
def presence_needs_a_value(request: Request) -> Response | None:
    """The operator `present` is refused without a `filterValue`."""
    valued = "filterValue" in request.parameters
    return error(400, "filtervalue_invalid") if filters(request, "present") and not valued else None


@after("LIST-015")
def nothing_was_published(request: Request, _: Response) -> Response | None:
    """The operator `present` finds no phone call by its `published`."""
    return EMPTY if filters(request, "present", by="published") else None


@before("LIST-017")
def orders_have_long_words_only(request: Request) -> Response | None:
    """The orders `asc` and `desc` are refused."""
    short = request.parameters.get("sortOrder") in {"asc", "desc"}
    return error(400, "sortorder_invalid") if several(request) and short else None


@before("LIST-017")
def orders_have_short_words_only(request: Request) -> Response | None:
    """The orders `ascending` and `descending` are refused."""
    long = request.parameters.get("sortOrder") in {"ascending", "descending"}
    return error(400, "sortorder_invalid") if several(request) and long else None


@before("LIST-017")
def a_short_word_is_ignored(request: Request) -> Request | None:
    """The order `desc` is taken, and of no effect."""
    desc = several(request) and request.parameters.get("sortOrder") == "desc"
    return request.without_parameters("sortOrder") if desc else None
