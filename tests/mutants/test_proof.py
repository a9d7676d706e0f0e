"""The proof that the kit carries is what the catalogue yields."""

from __future__ import annotations

from mutants.catalogue import CATALOGUE
from mutants.proof import proof
from uapi.conformance.proof import PROOF
from uapi.conformance.proof import proof as carried


def test_the_proof_is_up_to_date() -> None:
    hint = "the catalogue changed: PYTHONPATH=tests python -m mutants.proof writes it anew"
    assert PROOF.read_bytes() == proof().encode(), hint


def test_each_mutant_is_in_the_proof() -> None:
    names = {f"{requirement}:{fault.name}" for requirement, faults in carried().items() for fault in faults}
    assert names == {mutant.id for mutant in CATALOGUE}
