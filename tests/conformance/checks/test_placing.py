"""Whatever is told of a phone call that was placed, the checks look at what is there, and nothing is left behind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from uapi.conformance.checks.placed import traces
from uapi.conformance.engine import decide
from uapi.conformance.outcome import Outcome
from uapi.conformance.register import register

if TYPE_CHECKING:
    from mutants.laboratory import Laboratory
    from mutants.messages import Request, Response
    from mutants.mutant import Fault, Serve

ROWS = ("MAKE-001", "MAKE-002", "MAKE-005", "MAKE-008", "MAKE-020", "MAKE-022", "END-003")


def telling(**members: Any) -> Fault:
    """Serve like the sandbox, with other members of each phone call that was placed."""

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if request.method != "POST" or response.status != 200:
            return response
        return response.with_body(json.dumps([{**call, **members} for call in response.json]).encode())

    return fault


@pytest.mark.parametrize("name", ["id", "extension"])
@pytest.mark.parametrize("odd", ["\ud800", "", "..", "a/b", "x" * 3000, 7, None, [{}], {"id": "1"}], ids=repr)
def test_no_odd_value_brings_out_a_defect(laboratory: Laboratory, name: str, odd: Any) -> None:
    with laboratory.probe(telling(**{name: odd}), telephony=True) as probe:
        results = [decide(register()[row], probe) for row in ROWS]
        assert [result.message for result in results if result.outcome is Outcome.ERROR] == []
        probe.clean_up()
        assert list(probe.session.guard.placed) == []


def test_a_call_is_told_by_its_nonce_or_else_by_both_of_its_numbers(laboratory: Laboratory) -> None:
    with laboratory.probe(telephony=True) as probe:
        telephone = probe.telephone
        known, order = telephone.ids("@self"), telephone.order()
        telephone.place(order)
        telephone.place(telephone.order(nonce=None))  # no nonce is told, and the numbers are those of the order
        telephone.place(telephone.order(nonce=None, destination=["0003*216"]))
        telephone.place(telephone.order())
        found = [call.get("nonce") for call in traces(probe, known, [order])]
        assert sorted(map(str, found)) == sorted([str(order["nonce"]), "None"])
        assert list(traces(probe, telephone.ids("@self"), [order])) == []
        probe.clean_up()
