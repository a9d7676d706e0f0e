from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from sandbox.desk import LOCAL_CALL
from uapi.sandbox.crowd import crowded
from uapi.sandbox.target_file import target_text

if TYPE_CHECKING:
    from uapi.sandbox.world import World


def test_a_world_that_has_enough_stays_as_it_is(world: World) -> None:
    assert crowded(world, 1) == (world, ())


@pytest.mark.parametrize("number", [2, 5])
def test_the_call_of_the_target_goes_on_several_times(world: World, number: int) -> None:
    found, places = crowded(world, number)
    (model,) = [call for call in world.phone_calls if call.id == LOCAL_CALL]
    further = found.phone_calls[len(world.phone_calls) :]
    assert [kept.call.model_copy(update={"id": LOCAL_CALL}) for kept in further] == [model.call] * (number - 1)
    assert len({call.id for call in found.phone_calls}) == len(found.phone_calls)
    assert places == tuple(f"0003*210/{call.id}/01" for call in further)


def test_the_same_world_has_the_same_calls(world: World) -> None:
    assert crowded(world, 3) == crowded(world, 3)


def test_a_world_without_a_target_stays_as_it_is(world: World) -> None:
    without = world.model_copy(update={"target": None})
    assert crowded(without, 3) == (without, ())


def test_the_target_file_names_them(world: World) -> None:
    found, places = crowded(world, 3)
    assert found.target is not None
    document = tomllib.loads(target_text(found.target, "http://127.0.0.1:8080/uapi", places))
    assert document["phone_call"] == {"id": LOCAL_CALL, "view_id": "01", "further": list(places)}
