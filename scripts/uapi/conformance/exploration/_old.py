"""The property-based phase: requests that schemathesis generates from the contract, on the real phone call.

A generated request keeps every value that the contract refuses. Every value that the contract allows is replaced by a
real one where that takes an existing user, extension, phone call or view: a random id would only ever show how
unknown ids are refused. What is then wrong with the request is known, and with it what the answer has to be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from uapi.conformance.answers import entries_of
from uapi.conformance.bundle import contract, flaw
from uapi.conformance.checks import expect
from uapi.conformance.engine import violation
from uapi.conformance.finding import Failed
from uapi.conformance.outcome import Result
from uapi.conformance.probe import JSON, Place
from uapi.conformance.register import register

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schemathesis import Case

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

OPERATIONS: Final[Mapping[str, str | None]] = {
    "updatePhoneCall": None,
    "getPhoneCall": "get",
    "listPhoneCalls": "list",
}
"""The operations to explore, each with the feature that offers it."""
SETTLED: Final = {"updatePhoneCall": "REC-001", "getPhoneCall": "CALL-050", "listPhoneCalls": "CALL-021"}
"""The requirement that an operation violates where it refuses a valid request."""
MODES: Final = {"positive": GenerationMode.POSITIVE, "negative": GenerationMode.NEGATIVE}
QUERY: Final = {
    "count": ("CALL-031", "count_invalid"),
    "startIndex": ("CALL-033", None),
    "filterBy": ("CALL-035", "filterby_invalid"),
    "filterOp": ("CALL-036", "filterop_invalid"),
    "fields": ("CALL-039", "fields_invalid"),
    "sortOrder": ("CALL-041", "sortorder_invalid"),
}
MAX_FINDINGS: Final = 5
"""How many requirements one exploration may find violated before it gives up looking for more."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a generated request: the requirement that tells what the answer is, and its error code."""

    requirement: str
    code: str | None
    statuses: frozenset[int] = frozenset({400})


class Violation(Failed):
    """A finding of an exploration, with the requirement that it violates."""

    def __init__(self, requirement: str, message: str, *exchanges: Exchange) -> None:
        """Keep the requirement too."""
        super().__init__(message, *exchanges)
        self.requirement: Final = requirement


@cache
def _schema() -> Any:  # noqa: ANN401 - schemathesis exports no name for it
    return schemathesis.openapi.from_dict(dict(contract()))


@cache
def _operation(operation: str) -> Any:  # noqa: ANN401 - schemathesis exports no name for it
    for found in _schema().get_all_operations():
        if (offered := found.ok()).definition.raw["operationId"] == operation:
            return offered
    raise KeyError(operation)


def explore(probe: Probe, operation: str, mode: str, *, examples: int, start: int) -> Iterator[Result]:
    """Send generated requests of an operation; yield a result for each requirement that they find violated.

    `mode` is `positive` (what the contract allows) or `negative` (what it refuses), `examples` the number of requests,
    and `start` the seed: the same seed, contract and answers give the same requests.
    """
    found: set[str] = set()
    probe.session.phase = f"exploration: {operation}, {mode}"
    while len(found) < MAX_FINDINGS:
        violation_ = _first_violation(probe, operation, mode, examples=examples, start=start, known=frozenset(found))
        if violation_ is None:
            return
        found.add(violation_.requirement)
        requirement = register()[violation_.requirement]
        outcome = violation(requirement)
        yield Result(requirement, outcome, violation_.message, violation_.exchanges, violated=True)


def _first_violation(
    probe: Probe, operation: str, mode: str, *, examples: int, start: int, known: frozenset[str]
) -> Violation | None:
    places = [
        Place(user, extension, probe.place.phone_call)
        for user in ("@me", "@viewer", "@owner", probe.target.caller.user_id)
        for extension in (probe.place.extension, "@self")
        if (user, extension) != ("@owner", "@self")  # not prescribed, D-43
    ]

    @seed(start)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(case=_operation(operation).as_strategy(generation_mode=MODES[mode]), place=st.sampled_from(places))
    def property_holds(case: Case[Any], place: Place) -> None:
        try:
            _judge(probe, operation, case, place)
        except Violation as violation_:
            if violation_.requirement not in known:
                raise

    try:
        property_holds()
    except Violation as violation_:
        return violation_
    return None


def _judge(probe: Probe, operation: str, case: Case[Any], place: Place) -> None:
    """Send one generated request, grounded in real ids, and compare the answer with what is wrong with the request."""
    place, flaws = _path(case.path_parameters, place, operation)
    match operation:
        case "updatePhoneCall":
            body, wrong = _body(case.body, probe.view)
            flaws += wrong
            features = probe.target.features
            if isinstance(body, dict) and body.get("action") == "StopRecording" and not features.stop_recording:
                return
            exchange = probe.update(body, place, headers=(JSON,))
        case "getPhoneCall":
            query, wrong = _query({k: v for k, v in case.query.items() if k == "fields"})
            flaws += wrong
            exchange = probe.get(place, query=query)
        case _:
            query, wrong = _query(case.query)
            flaws += wrong
            exchange = probe.list(replace(place, phone_call=None), query=query)
    if flaws:
        _refused(exchange, flaws)
    else:
        _served(probe, operation, exchange)


def _path(parameters: Mapping[str, Any], real: Place, operation: str) -> tuple[Place, list[Flaw]]:
    """Return the place of a request, its allowed values real ones, and what is wrong with the others."""
    flaws: list[Flaw] = []

    def segment(name: str, schema: str, allowed: str, wrong: Flaw) -> str:
        value = parameters.get(name)
        if not isinstance(value, str) or flaw(schema, value) is None:
            return allowed
        # Such a segment is no segment any more once a client or a server has normalized the path.
        assume(value not in {"", ".", ".."} and "/" not in value and "\\" not in value and "\0" not in value)
        flaws.append(wrong)
        return value

    user = segment("userId", "UserSelector", real.user, Flaw("ADDR-010", "user_invalid"))
    extension = segment("extension", "ExtensionSelector", real.extension, Flaw("ADDR-011", "extension_invalid"))
    if operation == "updatePhoneCall":
        wrong_call = Flaw("ADDR-013", "pc_phonecall_invalid")
    else:
        wrong_call = Flaw("CALL-051", "pc_phonecall_invalid", frozenset({200, 204, 400}))
    phone_call = segment("phoneCallId", "PhoneCallId", str(real.phone_call), wrong_call)
    return Place(user, extension, phone_call), flaws


def _query(generated: Mapping[str, Any]) -> tuple[dict[str, str], list[Flaw]]:
    """Return the documented parameters of a generated query as text, and what is wrong with them."""
    query: dict[str, str] = {}
    flaws: list[Flaw] = []
    for name, value in generated.items():
        if name not in {*QUERY, "filterValue"}:
            continue
        items = value if isinstance(value, list) else [value]
        text = ",".join(str(item) for item in items) if name == "fields" else str(items[0] if items else "")
        # An empty value and a lone surrogate are read differently by every stack, and the source says nothing of them.
        assume(
            text and text.isprintable() and text == text.strip() and "," not in text.replace(",", "", len(items) - 1)
        )
        query[name] = text
        if name in QUERY and not _allowed(name, text):
            flaws.append(Flaw(*QUERY[name]))
    return query, flaws


def _allowed(name: str, text: str) -> bool:
    match name:
        case "count":
            return text.isascii() and text.isdigit() and 1 <= int(text) <= 5000  # noqa: PLR2004 - D-41
        case "startIndex":
            return text.isascii() and text.isdigit() and int(text) <= 5000  # noqa: PLR2004 - D-41
        case "fields":
            return all(flaw("PhoneCallField", item) is None for item in text.split(","))
        case _:
            return flaw(name[0].upper() + name[1:], text) is None


def _body(generated: object, view: str) -> tuple[object, list[Flaw]]:
    """Return the body of a request, an allowed view the real one, and what is wrong with it."""
    if not isinstance(generated, dict):
        return generated, [Flaw("REC-020", None)]
    body = dict(generated)
    if isinstance(body.get("phoneCallViewId"), str) and flaw("PhoneCallViewId", body["phoneCallViewId"]) is None:
        body["phoneCallViewId"] = view
    return body, list(_wrong_members(body))


def _wrong_members(body: Mapping[str, Any]) -> Iterator[Flaw]:
    match body.get("action"):
        case "StartRecording":
            yield from _wrong_view(body)
            if isinstance(body.get("format"), str) and body["format"] not in {"wav", "wav49"}:
                yield Flaw("REC-013", "pc_recformat_invalid")
            elif "format" in body and not isinstance(body["format"], str):
                yield Flaw("REC-014", "pc_recformat_invalid")
        case "StopRecording":
            if any(True for _ in _wrong_view(body)):
                yield Flaw("REC-034", None)
        case _ if "action" not in body:
            yield Flaw("REC-021", None, frozenset({400}))
        case _:
            yield Flaw("REC-022", None, frozenset({400, 501}))


def _wrong_view(body: Mapping[str, Any]) -> Iterator[Flaw]:
    code = "pc_phonecallview_invalid"
    if "phoneCallViewId" not in body:
        yield Flaw("REC-015", code)
    elif not isinstance(body["phoneCallViewId"], str) or not body["phoneCallViewId"]:
        yield Flaw("REC-017", code)
    elif flaw("PhoneCallViewId", body["phoneCallViewId"]) is not None:
        yield Flaw("REC-016", code)


def _refused(exchange: Exchange, flaws: list[Flaw]) -> None:
    """Expect a refusal for any of the flaws: where there are several, the server chooses (D-09)."""
    weights = {"MUST": 0, "SHOULD": 1, "MAY": 2}
    gravest = min(flaws, key=lambda item: weights[register()[item.requirement].level])
    allowed = set().union(*(item.statuses for item in flaws))
    codes = {item.code for item in flaws}
    response = exchange.response
    if response is None:
        raise Violation("HTTP-004", f"no answer: {exchange.fault}", exchange)
    if response.status not in allowed:
        wanted = " or ".join(str(status) for status in sorted(allowed))
        raise Violation(gravest.requirement, f"expected {wanted}, got {response.status}", exchange)
    if response.status != 400 or None in codes:  # noqa: PLR2004 - HTTP status
        return
    try:
        found = expect.error(exchange).get("code")
    except Failed as finding:
        raise Violation("ERR-001", finding.message, exchange) from finding
    if found not in codes:
        wanted = " or ".join(sorted(str(code) for code in codes))
        raise Violation(gravest.requirement, f"expected the code {wanted}, got {found!r}", exchange)


def _served(probe: Probe, operation: str, exchange: Exchange) -> None:
    """Expect a valid request to be served."""
    requirement = SETTLED[operation]
    if operation == "updatePhoneCall" and b"StopRecording" in exchange.request.body:
        requirement = "REC-030"
    try:
        if operation == "updatePhoneCall":
            expect.updated(probe, exchange)
        elif exchange.status == 400 and "filter" in exchange.request.url:  # noqa: PLR2004 - HTTP status
            return  # whether a value fits its filter is more than a schema tells
        else:
            entries_of(exchange)
    except Violation:
        raise
    except Failed as finding:
        raise Violation(requirement, f"a valid request: {finding.message}", exchange) from finding
