"""Each mutant is found by the check of its requirement, and each requirement has a mutant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mutants.catalogue import CATALOGUE
from uapi.conformance.engine import violation
from uapi.conformance.register import register

if TYPE_CHECKING:
    from mutants.laboratory import Laboratory
    from mutants.mutant import Mutant

pytestmark = pytest.mark.thorough

CHECKABLE = [row.id for row in register().values() if row.excluded is None]


@pytest.mark.parametrize("mutant", [pytest.param(mutant, id=mutant.id) for mutant in CATALOGUE])
def test_the_check_of_its_requirement_finds_a_mutant(mutant: Mutant, laboratory: Laboratory) -> None:
    *_, result = laboratory.decide(mutant.make(), [*mutant.traffic, mutant.requirement])
    assert (result.violated, result.outcome) == (True, violation(register()[mutant.requirement])), result.message
    assert result.exchanges, "a finding without evidence"


@pytest.mark.parametrize("requirement", CHECKABLE)
def test_each_requirement_has_a_mutant(requirement: str) -> None:
    assert any(mutant.requirement == requirement for mutant in CATALOGUE)


def test_names_of_mutants_are_unique() -> None:
    names = [mutant.id for mutant in CATALOGUE]
    assert sorted(names) == sorted(set(names))
