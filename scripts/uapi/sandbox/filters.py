"""The filter of a list: `filterBy`, `filterOp` and `filterValue`, as a condition of a query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Final, Literal

from uapi.sandbox.api_errors import ApiError, printable
from uapi.sandbox.calls import instant, microseconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

FilterBy = Literal["id", "published"]
FilterOp = Literal["equals", "contains", "startsWith", "greaterThan", "lessThan", "inArray", "present"]

COMPARED: Final = {"equals": "=", "greaterThan": ">", "lessThan": "<", "inArray": "IN"}
LAST: Final = "\U0010ffff"
"""What comes after every character of an id."""
TEXTUAL: Final = {"contains": "instr({}, ?) > 0", "startsWith": "instr({}, ?) = 1"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on the table of listings, its parameters, and the index to look it up in if it is not the order."""

    sql: str
    parameters: tuple[str | int, ...] = ()
    index: Literal["listings_of_call"] | None = None


def condition(by: FilterBy | None, operation: FilterOp, value: str | None) -> Condition | None:
    """Return the condition of a filter, or None where nothing is filtered, because there is no `filterBy`.

    An id is compared as text. A time is compared as the instant that it is, except by `contains` and `startsWith`,
    which look at it as it is written in an answer. Raises ApiError 400 `filtervalue_invalid` without the value that
    the comparison needs, and for a time that is no date (CALL-037).
    """
    if by is None:
        return None
    if operation == "present":
        return Condition("TRUE")  # Each phone call has an id and was published.
    if value is None:
        message = f"The filterValue is missing. Send what {by} is compared with, or use the filterOp present."
        raise ApiError(400, "filtervalue_invalid", message)
    values = value.split(",") if operation == "inArray" else [value]
    keys: Sequence[str | int] = values if by == "id" else [microseconds(moment(each)) for each in values]
    if by == "id" and operation == "startsWith":
        return Condition("call_id >= ? AND call_id < ?", (value, value + LAST), "listings_of_call")
    if operation in TEXTUAL:
        return Condition(TEXTUAL[operation].format("call_id" if by == "id" else "published"), (value,))
    marks = ", ".join("?" * len(keys))
    return Condition(f"{'call_id' if by == 'id' else 'published_at'} {COMPARED[operation]} ({marks})", tuple(keys))


def moment(text: str) -> datetime:
    """Return a time of a filter, a date with or without a time of day; without an offset it is in UTC.

    Raises ApiError 400 `filtervalue_invalid` for anything else.
    """
    try:
        found = instant(text.strip())
    except ValueError:
        message = (
            f"The value {printable(text)} is not a date. Send one such as 2012-06-27T16:08:50Z; in a URL + is %2B."
        )
        raise ApiError(400, "filtervalue_invalid", message) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
