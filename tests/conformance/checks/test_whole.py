from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from conformance.made import exchange, response
from uapi.conformance.checks.whole import MOST, WHOLE, compare, shown
from uapi.conformance.finding import Failed, NotExercised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe


def envelope(ids: Iterable[str]) -> Exchange:
    return exchange(response({"entry": [{"id": name} for name in ids]}))


class Lists:
    """A probe whose lists are those that a test names, one after the other, and then the last one again and again."""

    def __init__(self, *lists: Iterable[str]) -> None:
        self.lists = [envelope(ids) for ids in lists]
        self.queries: list[dict[str, str]] = []

    def __call__(self, _: object, *, query: dict[str, str]) -> Exchange:
        self.queries.append(query)
        return self.lists.pop(0) if len(self.lists) > 1 else self.lists[0]

    @property
    def probe(self) -> Probe:
        return cast("Probe", SimpleNamespace(list=self))


def complaining(times: int) -> Callable[[list[dict[str, Any]]], None]:
    """Make a judge that complains so many times, and is content after that."""
    left = [None] * times

    def judge(_: list[dict[str, Any]]) -> None:
        if left:
            left.pop()
            raise Failed("a part does not fit", envelope([]))

    return judge


def test_a_judge_gets_the_whole_list() -> None:
    seen: list[Any] = []
    lists = Lists("ab")
    compare(lists.probe, seen.append, query={"sortOrder": "asc"})
    assert (seen, lists.queries) == ([[{"id": "a"}, {"id": "b"}]], [{"sortOrder": "asc", **WHOLE}])


def test_a_part_that_does_not_fit_twice_is_a_finding() -> None:
    with pytest.raises(Failed, match="a part does not fit"):
        compare(Lists("ab").probe, complaining(2))


def test_a_part_that_does_not_fit_once_is_none() -> None:
    compare(Lists("ab").probe, complaining(1))


def test_a_list_in_another_order_has_the_same_calls() -> None:
    with pytest.raises(Failed):
        compare(Lists("ab", "ba", "ab", "ba").probe, complaining(2))


def test_a_list_that_changes_each_time_accuses_nobody() -> None:
    changing = Lists(*(f"a{number}" for number in range(20)))
    with pytest.raises(NotExercised, match="changes too fast"):
        compare(changing.probe, complaining(20))


def test_a_look_during_which_the_list_changed_does_not_count() -> None:
    with pytest.raises(Failed):
        compare(Lists("ab", "abc", "abc", "abc", "abc", "abc").probe, complaining(3))
    compare(Lists("ab", "abc", "abc").probe, complaining(2))


@pytest.mark.parametrize(("ids", "reason"), [("a", "too few phone calls: 1, and this needs 2"), ("", "too few")])
def test_a_list_with_too_few_calls_is_not_judged(ids: str, reason: str) -> None:
    with pytest.raises(NotExercised, match=reason):
        compare(Lists(ids).probe, complaining(9), least=2)


def test_a_list_that_may_have_more_than_it_shows_is_not_judged() -> None:
    with pytest.raises(NotExercised, match="more phone calls than one list can show"):
        compare(Lists(map(str, range(MOST))).probe, complaining(9))


def test_ids_are_text_whatever_they_are() -> None:
    answer = exchange(response({"entry": [{"id": "a"}, {"id": 7}, {"id": [1]}, {}]}))
    assert shown(answer) == ["a", "7", "[1]", "None"]


def test_an_empty_answer_shows_nothing() -> None:
    assert shown(exchange(response(status=204, body=b""))) == []
