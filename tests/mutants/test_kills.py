"""Each mutant is found by the kit under its requirement, and each requirement has a mutant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mutants.catalogue import CATALOGUE
from mutants.laboratory import BY_NAME, CHECKS
from uapi.conformance.engine import violation
from uapi.conformance.register import register

if TYPE_CHECKING:
    from mutants.laboratory import Laboratory
    from mutants.mutant import Mutant
    from uapi.conformance.run import Run

thorough = pytest.mark.thorough

CHECKABLE = [row.id for row in register().values() if row.excluded is None]
KILLED = [mutant for mutant in CATALOGUE if mutant.limit is None]
BY_CHECKS = [pytest.param(mutant, id=mutant.id) for mutant in KILLED if mutant.budget == CHECKS]
BY_PHASES = [pytest.param(mutant, id=mutant.id) for mutant in KILLED if mutant.budget != CHECKS]
INTERMITTENT = "intermittent"
LIMITS = [pytest.param(mutant, id=mutant.id) for mutant in CATALOGUE if mutant.limit is not None]


@thorough
@pytest.mark.parametrize("mutant", BY_CHECKS)
def test_the_check_of_its_requirement_finds_a_mutant(mutant: Mutant, laboratory: Laboratory) -> None:
    def examined(only: str | None) -> Run:
        return laboratory.examine(
            mutant.make(), telephony=mutant.telephony, calls=mutant.calls, only=only, **mutant.features
        )

    run = examined(mutant.requirement if mutant.telephony else None)
    if not run.results[mutant.requirement].violated:
        run = examined(None)  # it shows after what other checks do
    result = run.results[mutant.requirement]
    assert (result.violated, result.outcome) == (True, violation(result.requirement)), result.message
    assert result.exchanges, "a finding without evidence"


@thorough
@pytest.mark.parametrize("mutant", BY_PHASES)
def test_its_phase_finds_a_mutant_and_accuses_of_nothing_else(mutant: Mutant, laboratory: Laboratory) -> None:
    run = laboratory.explore(mutant.make(), mutant.budget, mutant.phase, telephony=mutant.telephony, **mutant.features)
    found = {name: result.message for name, result in run.results.items() if result.violated}
    assert mutant.requirement in found
    if mutant.kind != INTERMITTENT:  # which step of a sequence is to blame for what comes and goes, nobody can tell
        assert set(found) <= {mutant.requirement, *mutant.also}, found
    result = run.results[mutant.requirement]
    assert result.outcome is violation(result.requirement)
    assert result.exchanges, "a finding without evidence"


@thorough
@pytest.mark.parametrize("mutant", LIMITS)
def test_a_known_limit_is_one(mutant: Mutant, laboratory: Laboratory) -> None:
    run = laboratory.examine(
        mutant.make(), mutant.budget, telephony=mutant.telephony, calls=mutant.calls, **mutant.features
    )
    violated = [name for name, result in run.results.items() if result.violated]
    assert violated == [], "the kit finds it now: take the limit away, and name the budget and the phase"


@pytest.mark.parametrize("requirement", CHECKABLE)
def test_each_requirement_has_a_mutant(requirement: str) -> None:
    assert any(mutant.requirement == requirement for mutant in KILLED)


def test_names_of_mutants_are_unique() -> None:
    names = [mutant.id for mutant in CATALOGUE]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("mutant", [pytest.param(mutant, id=mutant.id) for mutant in CATALOGUE])
def test_a_mutant_is_described(mutant: Mutant) -> None:
    assert mutant.fault.endswith(".")
    assert "\n" not in mutant.fault
    assert {mutant.requirement, *mutant.also} <= set(register())
    assert mutant.budget in BY_NAME
    assert (mutant.phase == "check") == (mutant.budget == CHECKS or mutant.limit is not None)
