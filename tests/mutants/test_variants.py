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


@pytest.mark.thorough
@pytest.mark.parametrize(("seed", "name"), list(enumerate(CORRECT, 1)), ids=str)
def test_a_correct_server_is_accused_of_nothing(seed: int, name: str, laboratory: Laboratory) -> None:
    assert examine_variant(name, laboratory, BRIEF, seed).accused == {}


@pytest.mark.parametrize("variant", CORRECT.values(), ids=CORRECT)
def test_a_variant_is_described(variant: Variant) -> None:
    assert variant.freedom.endswith(".")
    assert set(variant.remarks) <= set(register())
