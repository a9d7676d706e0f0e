"""The lists of the store: their pages and totals while calls come, move and go, and what a page costs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.desk import LOCAL_CALL, PAGE_CALL
from uapi.sandbox.calls import Call, View
from uapi.sandbox.filters import condition
from uapi.sandbox.serving import system_clock
from uapi.sandbox.store import Store
from uapi.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from uapi.sandbox.filters import Condition
    from uapi.sandbox.store import Page

HUB, CALLER, STRANGER = "0003*210", "0003*211", "0003*220"


def call(number: int) -> Call:
    """Return a call whose id grows with the time at which it was published."""
    published = f"2026-01-{1 + number // 1440:02}T{number // 60 % 24:02}:{number % 60:02}:00Z"
    told = {"source": [CALLER], "destination": [HUB], "status": "5", "answered": published}
    views = [View(id=view_id, extension=extension, **told) for view_id, extension in (("00", HUB), ("01", CALLER))]
    return Call(id=f"{number:020x}", extension=CALLER, published=published, phoneCallView=tuple(views))


def crowded(world: World, size: int) -> World:
    """Return the world with other calls, all of them of two extensions of one user."""
    calls = [call(number).model_dump(mode="json", exclude_none=True) for number in range(size)]
    return World.model_validate(
        world.model_dump(mode="json", exclude_none=True) | {"phone_calls": calls, "target": None}, strict=False
    )


def page(
    store: Store,
    where: Condition | None = None,
    *,
    extension: str | None = None,
    descending: bool = False,
    start: int = 0,
    count: int = 20,
) -> Page:
    return store.page(user="12", extension=extension, where=where, descending=descending, start=start, count=count)


FILTERS: Sequence[tuple[Any, Any, str | None]] = (
    ("id", "equals", f"{7:020x}"),
    ("id", "startsWith", f"{16:020x}"[:-1]),
    ("id", "startsWith", "0"),
    ("id", "startsWith", "1"),
    ("id", "contains", "7"),
    ("id", "inArray", f"{7:020x},{30:020x},x"),
    ("id", "greaterThan", f"{30:020x}"),
    ("id", "present", None),
    ("published", "greaterThan", "2026-01-01T00:30:00Z"),
    ("published", "lessThan", "2026-01-01T00:30:00Z"),
    ("published", "startsWith", "2026-01-01"),
)


def told(each: Call, by: str) -> str:
    return each.id if by == "id" else each.published


COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "equals": lambda text, value: text == value,
    "startsWith": lambda text, value: text.startswith(value),
    "contains": lambda text, value: value in text,
    "inArray": lambda text, value: text in value.split(","),
    "greaterThan": lambda text, value: text > value,
    "lessThan": lambda text, value: text < value,
    "present": lambda _text, _value: True,
}


@pytest.mark.parametrize(("by", "operation", "value"), FILTERS)
def test_pages_and_totals_are_those_of_a_search_one_by_one(
    tmp_path: Path, world: World, by: Any, operation: Any, value: str | None
) -> None:
    calls = [call(number) for number in range(45)]
    matching = [each for each in calls if COMPARISONS[operation](told(each, by), value or "")]
    with Store(tmp_path / "lists.sqlite3", crowded(world, len(calls)), system_clock) as store:
        where = condition(by, operation, value)
        for start, count, descending in product((0, 1, 20, 44, 45, 50), (1, 20, 50), (False, True)):
            found = page(store, where, start=start, count=count, descending=descending)
            ordered = matching[::-1] if descending else matching
            assert (found.total, list(found.calls)) == (len(matching), ordered[start : start + count])


def test_totals_follow_what_is_saved_moved_and_deleted(store: Store) -> None:
    def totals() -> list[int]:
        found = [page(store).total, page(store, extension=HUB).total, page(store, extension=CALLER).total]
        return [*found, store.page(user="33", extension=None, where=None, descending=False, start=0, count=1).total]

    user, hub, caller, stranger = totals()
    with store.writing():
        store.save(call(1))
        store.save(call(1))
    assert totals() == [user + 1, hub + 1, caller + 1, stranger]
    moved = call(1).with_views([call(1).phoneCallView[0].but(extension=STRANGER)])
    with store.writing():
        store.save(moved)
    assert totals() == [user + 1, hub, caller + 1, stranger + 1]
    assert [each.id for each in page(store, extension=CALLER, count=100).calls].count(moved.id) == 1
    with store.writing():
        assert store.delete(moved.id)
        assert not store.delete(moved.id)
    assert totals() == [user, hub, caller, stranger]


def test_reset_brings_the_lists_back(store: Store, world: World) -> None:
    before = page(store, count=100)
    with store.writing():
        store.delete(PAGE_CALL)
        store.save(call(1))
    store.reset(world)
    assert page(store, count=100) == before
    assert LOCAL_CALL in {each.id for each in before.calls}


# What it costs, in instructions of SQLite's machine, which no other process disturbs


class Counted(sqlite3.Connection):
    """A connection that counts the instructions of all its like."""

    instructions = 0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.set_progress_handler(self._count, 1)

    @staticmethod
    def _count() -> int:
        Counted.instructions += 1
        return 0


def cost(store: Store, request: Callable[[Store], object]) -> int:
    request(store)  # The first time, SQLite reads the schema.
    before = Counted.instructions
    request(store)
    return Counted.instructions - before


REQUESTS: dict[str, Callable[[Store], object]] = {
    "first page": page,
    "of an extension": lambda store: page(store, extension=HUB),
    "descending": lambda store: page(store, descending=True),
    "within": lambda store: page(store, start=60),
    "id equals": lambda store: page(store, condition("id", "equals", f"{60:020x}")),
    "id startsWith": lambda store: page(store, condition("id", "startsWith", f"{32:020x}"[:-1])),
    "published equals": lambda store: page(store, condition("published", "equals", "2026-01-01T00:30:00Z")),
    "published lessThan": lambda store: page(store, condition("published", "lessThan", "2026-01-01T00:30:00Z")),
    "one call": lambda store: store.call(call(60).id),
    "saved": lambda store: store.save(call(60)),
}


@pytest.fixture(scope="module")
def sizes(world: World, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return two stores, one of a hundred calls and one of two thousand."""
    folder = tmp_path_factory.mktemp("sizes")
    with pytest.MonkeyPatch.context() as patch:
        connect = sqlite3.connect
        patch.setattr(sqlite3, "connect", lambda *given, **options: connect(*given, factory=Counted, **options))
        small, large = (Store(folder / str(size), crowded(world, size), system_clock) for size in (100, 2000))
        with closing(small), closing(large):
            yield small, large


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_costs_the_same_in_a_larger_world(sizes: tuple[Store, Store], name: str) -> None:
    small, large = (cost(store, REQUESTS[name]) for store in sizes)
    assert 0 < large <= small


def test_a_list_is_searched_once(sizes: tuple[Store, Store]) -> None:
    """Where few calls match, the page is the search; where many do, the count is."""
    few, many = (cost(sizes[1], partial(page, where=condition("id", "contains", text))) for text in ("7cf", "0"))
    assert few < 1.5 * many
