"""The evidence matrix: for each operation and each status that it documents, whether a run has seen it.

A status is `returned` (an answer had it), `provoked` (what would yield it was sent, and the target answered
otherwise), `not-provokable` (no client can bring it about, or only with harm), or `not-attempted`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.bundle import METHODS, contract, statuses
from uapi.conformance.line import KINDS
from uapi.conformance.rough import LARGE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.target import Target

FEATURES: Final = {"listPhoneCalls": "list", "getPhoneCall": "get"}
"""The feature that a target has to offer for an operation; an update is what every target is for."""
OF_THE_RESOURCE: Final = frozenset({405, 501})
"""Statuses that an unknown method yields: they are documented for each operation of the path, though none was meant."""
NOT_PROVOKABLE: Final = {500: "no request makes a correct server fail"}
REFUSED: Final = ("ADDR-010", "ADDR-011", "REC-013", "REC-016", "REC-019")
"""Requirements whose checks send what is refused with 400, and nothing else."""


@dataclass(frozen=True, slots=True)
class Stimulus:
    """What would yield a status: what it is called, which exchanges sent it, and what else conforms."""

    sent: str
    applies: Callable[[Exchange, Target], bool]
    otherwise: str = ""
    """Why an answer with another status may be as right, where it may."""


def _checked(*requirements: str) -> Callable[[Exchange, Target], bool]:
    phases = {f"check {requirement}" for requirement in requirements}
    return lambda exchange, _: exchange.phase in phases


def _by(*principals: str | None) -> Callable[[Exchange, Target], bool]:
    """Choose the requests with the token of one of the principals, None for no valid token."""
    return lambda exchange, _: (
        exchange.request.operation is not None
        and exchange.request.principal in principals
        and "accessRequestToken=" not in exchange.request.url
    )


def _with(query: str) -> Callable[[Exchange, Target], bool]:
    return lambda exchange, _: query in exchange.request.url


def _placed(exchange: Exchange, _: Target) -> bool:
    """Tell whether a phone call was placed: by which request, its answer says."""
    return exchange.request.method == "POST" and exchange.status in range(200, 300)


def _undeclared(exchange: Exchange, _: Target) -> bool:
    request = exchange.request
    types = [value.lower() for name, value in request.headers if name.lower() == "content-type"]
    return bool(request.body) and not any("json" in value for value in types)


def _large(exchange: Exchange, _: Target) -> bool:
    return len(exchange.request.body) > LARGE


def _ending(exchange: Exchange, target: Target) -> bool:
    return target.ending_call is not None and f"/{target.ending_call.id}" in exchange.request.url


def _idle(exchange: Exchange, target: Target) -> bool:
    return target.idle is not None and f"/{target.idle.extension}" in exchange.request.url


def _unknown_method(exchange: Exchange, _: Target) -> bool:
    return exchange.request.operation is None


STIMULI: Final[Mapping[tuple[str | None, int], Stimulus]] = {
    (None, 200): Stimulus("a valid request of the caller", _checked("AUTH-001")),
    ("updatePhoneCall", 204): Stimulus("an update of a phone call that ends meanwhile", _ending),
    ("listPhoneCalls", 204): Stimulus(
        "a list of an extension without phone calls", _idle, "200 with an empty envelope conforms too"
    ),
    **dict.fromkeys(
        ((operation, 204) for operation, _ in KINDS.values()),
        Stimulus("a valid request to place a phone call", _placed, "200 with the phone call is what it should be"),
    ),
    ("hangUpPhoneCalls", 400): Stimulus("a hang-up with a field that does not exist", _with("fields=nosuchfield")),
    ("getPhoneCall", 204): Stimulus(
        "a GET of a phone call that does not exist",
        _checked("CALL-051"),
        "200 with an empty envelope and 400 conform too",
    ),
    (None, 400): Stimulus("an invalid request", _checked(*REFUSED)),
    (None, 401): Stimulus("a request without a valid token", _by(None, "expired")),
    (None, 403): Stimulus(
        "a request with somebody else's token",
        _by("stranger", "other_organization"),
        "no status is prescribed: any refusal conforms, and to a read an answer without the phone call",
    ),
    (None, 405): Stimulus("an unknown method", _unknown_method, "501 conforms too"),
    (None, 413): Stimulus("a body of 64 KiB", _large, "a server may take it: the size that it takes is its own"),
    (None, 415): Stimulus("a body that is not declared as JSON", _undeclared, "400 conforms too"),
    ("updatePhoneCall", 501): Stimulus(
        "an unknown action", _checked("REC-022"), "a server that offers everything has no use for it, 400 conforms too"
    ),
    (None, 501): Stimulus(
        "an unknown method", _unknown_method, "a server that offers everything has no use for it, 405 conforms too"
    ),
}
"""What would yield a status, by operation and status; None stands for every operation."""


def matrix(
    exchanges: Sequence[Exchange], target: Target, operations: Collection[str], shown: Iterable[int] = ()
) -> dict[str, Any]:
    """Return the cells of the matrix for some operations, and the answers whose status the contract does not document.

    Of several exchanges that show a cell, the example is one of those that the report shows anyway, if there is one.
    """
    preferred = frozenset(shown)
    cells: list[dict[str, Any]] = []
    undocumented: list[dict[str, Any]] = []
    for operation in (name for name in _paths() if name in operations):
        asked = [exchange for exchange in exchanges if _asks(exchange, operation)]
        answers = _by_status(asked, operation)
        for status in sorted(statuses(operation)):
            cell = _seen(answers.get(status, []), preferred) or _unseen(operation, status, asked, target, preferred)
            cells.append({"operation": operation, "status": status, **cell})
        for status in sorted(answers.keys() - statuses(operation)):
            example = _example(answers[status], preferred)
            count = len(answers[status])
            undocumented.append({"operation": operation, "status": status, "count": count, "example": example})
    return {"cells": cells, "undocumented": undocumented}


def examples(found: Mapping[str, Any]) -> set[int]:
    """Return the numbers of the exchanges that a matrix refers to."""
    rows = [*found["cells"], *found["undocumented"]]
    return {row["example"] for row in rows if row["example"] is not None}


def _seen(answers: list[Exchange], preferred: frozenset[int]) -> dict[str, Any] | None:
    if not answers:
        return None
    why = "the target answered with it"
    return {"state": "returned", "count": len(answers), "example": _example(answers, preferred), "why": why}


def _unseen(
    operation: str, status: int, asked: list[Exchange], target: Target, preferred: frozenset[int]
) -> dict[str, Any]:
    """Return what is known of a status that no answer had."""
    if (impossible := _impossible(operation, status, target)) is not None:
        state, why = impossible
        return {"state": state, "count": 0, "example": None, "why": why}
    stimulus = STIMULI.get((operation, status)) or STIMULI.get((None, status))
    sent = [exchange for exchange in asked if stimulus is not None and stimulus.applies(exchange, target)]
    if stimulus is None or not sent:
        why = f"the run did not send {stimulus.sent}" if stimulus else "the kit knows nothing that would yield it"
        return {"state": "not-attempted", "count": 0, "example": None, "why": why}
    answers = Counter("nothing" if exchange.status is None else str(exchange.status) for exchange in sent)
    told = ", ".join(f"{answer} ({number})" for answer, number in sorted(answers.items()))
    why = f"sent: {stimulus.sent}; answered: {told}" + (f"; {stimulus.otherwise}" if stimulus.otherwise else "")
    return {"state": "provoked", "count": len(sent), "example": _example(sent, preferred), "why": why}


def _impossible(operation: str, status: int, target: Target) -> tuple[str, str] | None:
    """Return the state of a cell that cannot be reached, with the reason; None where it can."""
    feature = FEATURES.get(operation)
    if not target.features.offers(feature):
        return "not-attempted", f"the target does not offer it (features.{feature} = false)"
    if status in NOT_PROVOKABLE:
        return "not-provokable", NOT_PROVOKABLE[status]
    if (operation, status) == ("updatePhoneCall", 204) and target.ending_call is None:
        return "not-attempted", "the target names no ending_call"
    if (operation, status) == ("listPhoneCalls", 204) and target.idle is None:
        return "not-attempted", "the target names no idle extension"
    return None


@cache
def _paths() -> Mapping[str, re.Pattern[str]]:
    """Return a pattern of the URLs of each operation, by its operationId."""
    return {
        item[method]["operationId"]: re.compile(re.sub(r"\\{[^}]*\\}", "[^/?]+", re.escape(path)) + r"/?(?:\?|$)")
        for path, item in contract()["paths"].items()
        for method in METHODS
        if method in item
    }


def _asks(exchange: Exchange, operation: str) -> bool:
    """Tell whether a request was meant for an operation, or for none on the operation's path."""
    if exchange.request.operation is not None:
        return exchange.request.operation == operation
    return _paths()[operation].search(exchange.request.url) is not None


def _by_status(exchanges: Iterable[Exchange], operation: str) -> dict[int, list[Exchange]]:
    """Return the answers that speak of an operation, by their status."""
    groups: dict[int, list[Exchange]] = {}
    for exchange in exchanges:
        status = exchange.status
        if status is not None and (exchange.request.operation == operation or status in OF_THE_RESOURCE):
            groups.setdefault(status, []).append(exchange)
    return groups


def _example(exchanges: Sequence[Exchange], preferred: frozenset[int]) -> int:
    return next((e.number for e in exchanges if e.number in preferred), exchanges[0].number)
