"""Writes the proof of the kit: what each check is proven to find, for `uapi conformance explain` to tell.

The kit must not import the mutants; it carries this file. Run it with `python -m mutants.proof` after a change of the
catalogue.
"""

from __future__ import annotations

import json
from typing import Any

from mutants.catalogue import CATALOGUE
from uapi.conformance.proof import PROOF
from uapi.conformance.register import register


def proof() -> str:
    """Return the text of the file, the requirements in the order of the register."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in register()}
    for mutant in sorted(CATALOGUE, key=lambda mutant: mutant.name):
        row = {"name": mutant.name, "fault": mutant.fault, "budget": mutant.budget}
        found[mutant.requirement].append(row if mutant.limit is None else {**row, "limit": mutant.limit})
    return json.dumps({name: rows for name, rows in found.items() if rows}, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PROOF.write_text(proof(), "utf-8")
