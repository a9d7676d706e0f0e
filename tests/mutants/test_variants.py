"""No correct server is accused, whatever freedom it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mutants.laboratory import faultless
from mutants.variants import VARIANTS
from uapi.conformance.outcome import Outcome
from uapi.conformance.register import register

if TYPE_CHECKING:
    from mutants.laboratory import Laboratory
    from mutants.mutant import Fault

pytestmark = pytest.mark.thorough

CHECKABLE = [row.id for row in register().values() if row.excluded is None]


@pytest.mark.parametrize("fault", [pytest.param(fault, id=name) for name, fault in VARIANTS.items()])
def test_a_variant_is_accused_of_nothing(fault: Fault, laboratory: Laboratory) -> None:
    results = laboratory.decide(fault, CHECKABLE)
    assert [result for result in results if result.outcome not in {Outcome.PASS, Outcome.EXCLUDED}] == []


def test_the_sandbox_is_accused_of_nothing(laboratory: Laboratory) -> None:
    results = laboratory.decide(faultless, CHECKABLE)
    assert [result for result in results if result.outcome not in {Outcome.PASS, Outcome.EXCLUDED}] == []
