"""The random part: requests that schemathesis draws from the contract, valid ones and invalid ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, reject, seed
from hypothesis import strategies as st

from uapi.conformance.exploration.generation import random_cases
from uapi.conformance.exploration.grounding import Unclear, ground
from uapi.conformance.exploration.oracle import judge
from uapi.conformance.exploration.places import places, principals
from uapi.conformance.falsify import Falsifier, bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.inquiry import Inquiry, Violation
    from uapi.conformance.place import Place


def generated(inquiry: Inquiry, operation: str, mode: str, *, examples: int, start: int) -> Iterator[Violation]:
    """Send generated requests of an operation; yield a violation of each requirement that they find violated.

    `mode` is `positive` (what the contract allows) or `negative` (what it refuses), `examples` the number of requests,
    and `start` the seed: the same seed, contract and answers give the same requests.
    """
    falsifier = Falsifier(inquiry)

    @seed(start)
    @bounded(examples)
    @given(
        case=random_cases(operation, mode),
        place=st.sampled_from(places(inquiry.probe)),
        encoded=st.booleans(),
        principal=st.sampled_from(principals(inquiry.probe)),
    )
    def property_holds(case: Any, place: Place, encoded: bool, principal: str) -> None:  # noqa: ANN401, FBT001 - drawn
        try:
            grounded = ground(operation, case, place, inquiry.probe)
        except Unclear as reason:
            inquiry.dropped[str(reason)] += 1
            reject()  # another case takes its place
        violation = judge(inquiry, grounded.but(encoded=encoded, principal=principal))
        if violation is not None:
            raise falsifier.found(violation)

    yield from falsifier.violations(property_holds)
