"""Parts of a list, its pages and what its filters find, held against the whole of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import entries_of
from uapi.conformance.checks.listing import EVERYTHING
from uapi.conformance.finding import Failed, NotExercised

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

MOST: Final = 5000
"""How many phone calls one list can show."""
WHOLE: Final = {"count": str(MOST)}
LOOKS: Final = 4


def compare(
    probe: Probe,
    judge: Callable[[list[dict[str, Any]]], None],
    *,
    least: int = 1,
    query: Mapping[str, str] | None = None,
) -> None:
    """Have parts of the caller's list judged by the whole of it.

    `judge` gets the phone calls of the whole list, asks for parts of it, and raises Failed where they do not fit. Since
    calls come and go, that is held against the target only where it happens twice, each time with a list that has the
    same calls afterwards. Raises NotExercised where the list has fewer calls than `least`, or never stays the same.
    """
    suspected = False
    for _ in range(LOOKS):
        before = probe.list(EVERYTHING, query={**(query or {}), **WHOLE})
        calls = entries_of(before)
        if len(calls) < least:
            raise NotExercised(f"the caller has too few phone calls: {len(calls)}, and this needs {least}", before)
        if len(calls) >= MOST:
            raise NotExercised(f"the caller has more phone calls than one list can show: {MOST} or more", before)
        try:
            judge(calls)
        except Failed:
            after = probe.list(EVERYTHING, query={**(query or {}), **WHOLE})
            if sorted(ids_of(entries_of(after))) != sorted(ids_of(calls)):
                continue
            if suspected:
                raise
            suspected = True
        else:
            return
    raise NotExercised("the list of the caller's phone calls changes too fast to tell what its parts should be")


def ids_of(calls: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the ids of phone calls, as text whatever they are."""
    return [str(call.get("id")) for call in calls]


def shown(exchange: Exchange) -> list[str]:
    """Return the ids that an answer shows; raise Failed where it is neither an envelope nor empty."""
    return ids_of(entries_of(exchange))
