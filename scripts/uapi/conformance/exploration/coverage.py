"""The deterministic part: every boundary of the contract, every spelling of an address, and what nobody thinks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.bundle import contract
from uapi.conformance.exploration.flaw import Flaw
from uapi.conformance.exploration.generation import HARMLESS, enumerated_cases
from uapi.conformance.exploration.grounding import Unclear, ground
from uapi.conformance.exploration.oracle import judge
from uapi.conformance.exploration.places import places
from uapi.conformance.exploration.request import LIST, UPDATE, Grounded
from uapi.conformance.falsify import MAX_FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.inquiry import Inquiry, Violation
    from uapi.conformance.place import Place
    from uapi.conformance.probe import Probe

NASTY: Final = (
    "'",
    '"',
    "\\",
    "%",
    "_",
    "`",
    ";",
    "' OR '1'='1",
    "--",
    "<b>",
    "${7*7}",
    "{{7*7}}",
    "é",
    "𝄞",
    "x" * 300,
)
"""Texts on which quoting and escaping go wrong."""
FILTER: Final = frozenset({"filterBy", "filterOp", "filterValue"})
SAME: Final = "the same request as another one, once its values are real"


def cover(inquiry: Inquiry, operation: str, *, light: bool) -> Iterator[Violation]:
    """Send the enumerated requests of an operation; yield a violation of each requirement that they find violated."""
    found = 0
    for grounded in enumerated(inquiry, operation, light=light):
        while found < MAX_FINDINGS and (violation := judge(inquiry, grounded)) is not None:
            inquiry.verify(violation)
            inquiry.settle(violation)
            found += 1
            yield violation


def enumerated(inquiry: Inquiry, operation: str, *, light: bool) -> Iterator[Grounded]:
    """Yield the enumerated requests of an operation, each once."""
    seen: set[str] = set()
    for grounded in _enumerated(inquiry, operation, light=light):
        request = grounded.request(inquiry.probe)
        if (key := repr(request)) in seen:
            inquiry.dropped[SAME] += 1
            continue
        seen.add(key)
        yield grounded


def _enumerated(inquiry: Inquiry, operation: str, *, light: bool) -> Iterator[Grounded]:
    probe = inquiry.probe
    yield from addressed(probe, operation)
    if operation == UPDATE:
        yield from laden(probe, light=light)
    if operation == LIST:
        yield from quoted(probe)
    yield from _of_schemathesis(inquiry, operation, light=light)


def addressed(probe: Probe, operation: str) -> Iterator[Grounded]:
    """Yield the plainest valid request at every place, in both spellings."""
    for place in places(probe):
        for encoded in (False, True):
            yield Grounded(operation, place, body=_start(probe) if operation == UPDATE else None, encoded=encoded)


def laden(probe: Probe, *, light: bool) -> Iterator[Grounded]:
    """Yield valid starts with members that are not documented in a request, but are in an answer."""
    schemas = contract()["components"]["schemas"]
    answered = {**schemas["PhoneCall"]["properties"], **schemas["PhoneCallView"]["properties"]}
    names = sorted(set(answered) - set(schemas["StartRecording"]["properties"]))
    start = Grounded(UPDATE, probe.place, body=_start(probe))
    yield start.with_members(**dict.fromkeys(names, "0"))
    if not light:
        for name in names:
            yield start.with_members(**{name: "0"})


def quoted(probe: Probe) -> Iterator[Grounded]:
    """Yield lists with a filter whose value is hard to quote."""
    plain = Grounded(LIST, probe.place)
    for text in NASTY:
        yield plain.but(query={"filterBy": "id", "filterValue": text})


def _start(probe: Probe) -> dict[str, object]:
    return {"action": "StartRecording", "phoneCallViewId": probe.view}


def _of_schemathesis(inquiry: Inquiry, operation: str, *, light: bool) -> Iterator[Grounded]:
    probe, kinds = inquiry.probe, set[Any]()
    ways = places(probe)
    for number, case in enumerate(enumerated_cases(operation)):
        kind = _kind(case)
        if light and kind in kinds:
            continue
        kinds.add(kind)
        try:
            # Each case goes another way to the phone call; which, depends on nothing but its number.
            yield _grounded(inquiry, operation, case, ways[number % len(ways)])
        except Unclear as reason:
            inquiry.dropped[str(reason)] += 1


def _kind(case: Any) -> tuple[object, ...]:  # noqa: ANN401 - a case of schemathesis
    data = case.meta.phase.data
    return (data.scenario, data.parameter_location, data.parameter, data.description)


def _grounded(inquiry: Inquiry, operation: str, case: Any, place: Place) -> Grounded:  # noqa: ANN401 - the same
    probe = inquiry.probe
    scenario = case.meta.phase.data.scenario.value
    if scenario == "unspecified_http_method":
        if case.method not in HARMLESS:
            raise Unclear(f"the method {case.method}, which may do harm")
        flaw = Flaw("HTTP-005", statuses=frozenset({405, 501}))
        return Grounded(operation, probe.place, method=case.method, flaws=(flaw,))
    if operation == LIST:
        _isolate(case)
    grounded = ground(operation, case, place, probe)
    if scenario.endswith("_content_type"):
        if operation != UPDATE:
            raise Unclear("a media type of a body that there is not")
        flaw = Flaw("HTTP-007", statuses=frozenset({400, 415}))
        return grounded.but(media_type=case.headers["Content-Type"], flaws=(*grounded.flaws, flaw))
    return grounded


def _isolate(case: Any) -> None:  # noqa: ANN401 - the same
    """Leave nothing in a query but the parameter that a case is about, and what that needs to mean anything.

    With all the others beside it, a list is all but empty, and shows little.
    """
    parameter = case.meta.phase.data.parameter
    if parameter is not None:
        kept = FILTER if parameter in FILTER else {parameter}
        case.query = {name: value for name, value in case.query.items() if name in kept}
