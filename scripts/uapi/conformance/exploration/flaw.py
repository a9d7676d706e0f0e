"""What is wrong with a request, and what an answer to it has to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from uapi.conformance.answers import entries_of
from uapi.conformance.checks import expect
from uapi.conformance.exploration.inputs import REQUIREMENTS, Fault, inputs
from uapi.conformance.inquiry import Violation, attributed
from uapi.conformance.reading import unread
from uapi.conformance.register import register

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.exploration.inputs import Key

BAD_REQUEST: Final = 400
INVALID: Final = frozenset({BAD_REQUEST})
EMPTY: Final = frozenset({200, 204})
"""Statuses of an answer that finds nothing."""
WEIGHTS: Final = {"MUST": 0, "SHOULD": 1, "MAY": 2}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with a request: the requirement that tells what the answer is, and its error code."""

    requirement: str
    code: str | None = None
    statuses: frozenset[int] = INVALID
    naming: str | None = None
    """The requirement that names the code, where it is another one than that of the status."""

    @property
    def weight(self) -> int:
        """How grave it is: a MUST is 0."""
        return WEIGHTS[register()[self.requirement].level]


def flawed(key: Key, fault: Fault) -> Flaw:
    """Return the flaw of an input of the contract with an invalid value; its code is that of `x-error-code`."""
    requirement = REQUIREMENTS[key][fault]
    if key[0] == "StopRecording" and fault is Fault.MISSING:
        # That it is refused is a SHOULD, with which code is a MAY (D-39).
        return Flaw("REC-034", inputs()[key].code, naming=requirement)
    return Flaw(requirement, inputs()[key].code)


def not_found(call: Flaw) -> Flaw:
    """Return what a flawed id of a phone call means for a GET, which may find nothing instead (D-32)."""
    return Flaw("CALL-051", call.code, INVALID | EMPTY)


def refused(exchange: Exchange, flaws: Sequence[Flaw]) -> Iterator[Violation]:
    """Yield what is wrong with the refusal of a request. Where it has several flaws, the server chooses (D-09).

    An answer that cannot be read violates what holds for all of them, and tells nothing of the flaws.
    """
    if (found := unread(exchange)) is not None:
        yield Violation(*found, exchange)
        return
    gravest = min(flaws, key=lambda flaw: flaw.weight)
    response = expect.answered(exchange)
    allowed = frozenset[int]().union(*(flaw.statuses for flaw in flaws))
    if response.status not in allowed:
        wanted = " or ".join(str(status) for status in sorted(allowed))
        yield Violation(gravest.requirement, f"expected {wanted}, got {response.status}", exchange)
    elif response.status == BAD_REQUEST:
        yield from _coded(exchange, flaws)
    elif response.status in EMPTY:
        with attributed(gravest.requirement):
            entries = entries_of(exchange)
        if entries:
            yield Violation(gravest.requirement, "a phone call was found under an id that names none", exchange)


def _coded(exchange: Exchange, flaws: Sequence[Flaw]) -> Iterator[Violation]:
    codes = {flaw.code for flaw in flaws if BAD_REQUEST in flaw.statuses}
    found = expect.error(exchange).get("code")
    if None in codes or found in codes:
        return
    # The code is the business of the requirement that names it; of several, the gravest.
    naming = min(flaws, key=lambda flaw: flaw.weight)
    wanted = " or ".join(sorted(str(code) for code in codes))
    yield Violation(naming.naming or naming.requirement, f"expected the code {wanted}, got {found!r}", exchange)
