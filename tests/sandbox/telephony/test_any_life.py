"""Whatever is done to phone calls in whatever order, no request fails, and what is seen fits together."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.desk import ADMINISTRATOR
from sandbox.telephony.conftest import (
    BUSY,
    COLLEAGUE,
    DESTINATION,
    PUBLIC,
    SECOND,
    SILENT,
    SLOW,
    SOURCE,
    UNANSWERED,
)

if TYPE_CHECKING:
    from sandbox.telephony.conftest import Line

EXTENSIONS = [SOURCE, DESTINATION, SECOND, SILENT, COLLEAGUE]
NUMBERS = [*EXTENSIONS, PUBLIC, BUSY, UNANSWERED, SLOW]
ON_VIEWS = ["OnHold", "OffHold", "Park", "StartRecording", "StopRecording"]
CONNECTING = ["PickUp", "UnPark", "BargeIn", "Whisper", "Monitor"]
PARKING = {"parked", "parkedPos", "parkedBy"}


def step(line: Line, chance: random.Random, calls: list[str]) -> None:
    """Do something, about a call that may have ended."""
    if not calls or chance.random() < 0.2:
        source, destination = chance.sample(NUMBERS, 2)
        sources = [source, *chance.sample([number for number in NUMBERS if number != destination], 1)]
        query = chance.choice(["", "?allowPublicTransfer=true", "?callDuration=20", "?waitForPickup=3"])
        calls.append(line.dial(sources, destination, query))
    call_id = chance.choice(calls)
    views = [view["id"] for view in (line.find(call_id) or {}).get("phoneCallView", [])] or ["00"]
    body: dict[str, Any] = {"phoneCallViewId": chance.choice(views)}
    match chance.randrange(8):
        case 0 | 1:
            body["action"] = chance.choice(ON_VIEWS)
        case 2 | 3:
            body |= {"action": chance.choice(CONNECTING), "sendCallTo": chance.choice(EXTENSIONS), "waitForPickup": 5}
        case 4:
            parties = {name: chance.choice(NUMBERS) for name in ("transferFromNumber", "transferNumber")}
            told = dict(chance.sample(sorted(parties.items()), chance.randrange(3)))
            body |= {"action": "Transfer", "sendCallTo": chance.choice(NUMBERS), **told}
        case 5:
            body = {"action": "TransferToVoicemail", "sendCallTo": chance.choice(EXTENSIONS)}
        case 6:
            query = chance.choice(["", f"?phoneNumber={chance.choice(NUMBERS)}"])
            assert line.desk.delete(f"@me/@self/{call_id}{query}").status_code in {200, 204}
            return
        case _:
            line.wait(chance.choice([0.1, 0.3, 1, 6, 30]))
            return
    assert line.desk.put(f"@me/@self/{call_id}", body).status_code in {200, 400}


def consistent(line: Line, calls: list[str]) -> None:
    """Hold the calls against what is true of every call, and against the lists that they are in."""
    parked = []
    for call in filter(None, map(line.find, calls)):
        for view in call["phoneCallView"]:
            assert view["source"]
            assert view["destination"]
            assert (view["status"] == "5") <= ("answered" in view), call
            assert (view["status"] == "3") <= ("answered" not in view), call
            assert len(PARKING & view.keys()) in {0, 3}, call
            assert ("holder" in view) == ("onHold" in view), call
            parked += [view["parkedPos"]] if "parkedPos" in view else []
        numbers = {number for view in call["phoneCallView"] for number in (*view["source"], *view["destination"])}
        assert len(numbers) > 1, call
        parties = {call["extension"], *(view["extension"] for view in call["phoneCallView"])}
        for number in EXTENSIONS:
            listed = call["id"] in line.desk.ids(f"@owner/{number}", token=ADMINISTRATOR)
            assert listed == (number in parties), (number, call)
    assert len(set(parked)) == len(parked)


@pytest.mark.parametrize("seed", range(12))
def test_any_life(line: Line, seed: int) -> None:
    chance, calls = random.Random(seed), list[str]()  # noqa: S311 - made-up lives
    for _ in range(60):
        step(line, chance, calls)
    consistent(line, calls)
    line.wait(100_000)
    consistent(line, calls)
