"""No correct server is accused, whatever freedom it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mutants.laboratory import BRIEF
from mutants.matrix import CORRECT, examine_variant
from uapi.conformance.register import register

if TYPE_CHECKING:
    from mutants.laboratory import Laboratory
    from mutants.variant import Variant


TELEPHONES = [variant for variant in CORRECT.values() if variant.telephony]


@pytest.mark.thorough
@pytest.mark.parametrize(("seed", "name"), list(enumerate(CORRECT, 1)), ids=str)
def test_a_correct_server_is_accused_of_nothing(seed: int, name: str, laboratory: Laboratory) -> None:
    assert examine_variant(name, laboratory, BRIEF, seed).accused == {}


@pytest.mark.thorough
@pytest.mark.parametrize("variant", TELEPHONES, ids=[variant.name for variant in TELEPHONES])
def test_the_life_of_calls_on_a_correct_server_accuses_of_nothing(variant: Variant, laboratory: Laboratory) -> None:
    # Many sequences: what a server may do after something else shows in few of them.
    run = laboratory.explore(
        variant.make(), "standard", "life", roles=variant.roles, telephony=True, **variant.features
    )
    assert {name: result.message for name, result in run.results.items() if result.violated} == {}


@pytest.mark.parametrize("variant", CORRECT.values(), ids=CORRECT)
def test_a_variant_is_described(variant: Variant) -> None:
    assert variant.freedom.endswith(".")
    assert set(variant.remarks) <= set(register())
