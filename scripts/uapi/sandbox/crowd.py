"""Gives a conformance run more phone calls to test with: one for each of its workers."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from uapi.sandbox.calls import KeptCall

if TYPE_CHECKING:
    from uapi.sandbox.world import World

DIGITS = 20
"""How many characters the id of a phone call has."""


def crowded(world: World, number: int) -> tuple[World, tuple[str, ...]]:
    """Return a world in which the phone call of the target goes on several times, and where the further ones are.

    Each is at `EXTENSION/ID/VIEW_ID`, as a target configuration names it. A world without a target stays as it is.
    """
    if world.target is None:
        return world, ()
    target = world.target
    model = next(call for call in world.phone_calls if call.id == target.phone_call.id)
    further = tuple(_another(model, turn) for turn in range(2, number + 1))
    places = tuple(f"{target.caller.extension}/{call.id}/{target.phone_call.view_id}" for call in further)
    return world.model_copy(update={"phone_calls": (*world.phone_calls, *further)}), places


def _another(model: KeptCall, turn: int) -> KeptCall:
    digest = hashlib.sha256(f"{model.id}/{turn}".encode()).hexdigest()[:DIGITS]
    return KeptCall.of(model.call.model_copy(update={"id": digest}))
