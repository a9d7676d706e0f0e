"""Faults that the checks alone miss are found by the phase that is meant for them, and attributed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.faults import FAULTS
from uapi.conformance.budget import Budget
from uapi.conformance.engine import violation
from uapi.conformance.register import profile, register
from uapi.conformance.run import Run

if TYPE_CHECKING:
    from conformance.faults import Sneaky
    from mutants.laboratory import Laboratory

pytestmark = pytest.mark.thorough

BUDGETS = {
    "coverage": Budget(coverage="full"),
    "exploration": Budget(examples=60, shrinking=10),
    "links": Budget(links=True),
    "stateful": Budget(scenarios=10, steps=15, shrinking=60),
}
CHECKABLE = [row for row in register().values() if row.excluded is None]


@pytest.mark.parametrize("sneaky", [pytest.param(sneaky, id=f"{sneaky.phase}-{sneaky.name}") for sneaky in FAULTS])
def test_a_fault_is_found_by_its_phase(sneaky: Sneaky, laboratory: Laboratory) -> None:
    with laboratory.probe(sneaky.make(), **sneaky.features) as probe:
        run = Run(probe, "recording", profile("recording"), 1, BUDGETS[sneaky.phase])
        for exploration in run.explorations:
            if (
                exploration.mode != "negative"
            ):  # these faults are in what is served, and to make invalid requests takes long
                run.explore(exploration)
    found = {name for name, result in run.results.items() if result.violated}
    assert sneaky.requirement in found
    assert found <= {sneaky.requirement, *sneaky.also}, {name: run.results[name].message for name in found}
    result = run.results[sneaky.requirement]
    assert run.phases[sneaky.requirement] == sneaky.phase
    assert result.outcome is violation(result.requirement)
    assert result.exchanges, "a finding without evidence"


@pytest.mark.parametrize("sneaky", [pytest.param(sneaky, id=sneaky.name) for sneaky in FAULTS[::6]])
def test_the_checks_alone_miss_it(sneaky: Sneaky, laboratory: Laboratory) -> None:
    with laboratory.probe(sneaky.make(), **sneaky.features) as probe:
        run = Run(probe, "recording", CHECKABLE, 1, Budget())
        assert run.explorations == []
        assert [row.id for row in CHECKABLE if run.decide(row).violated] == []
