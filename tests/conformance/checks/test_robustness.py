"""Whatever a target answers, a check ends with an outcome that is about the target: never with a defect of the kit."""

from __future__ import annotations

import copy
import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from mutants.messages import Response
from uapi.conformance.checks import ACTIONS, OBSERVATIONS
from uapi.conformance.checks.registry import BY_PHONE
from uapi.conformance.engine import decide
from uapi.conformance.outcome import Outcome
from uapi.conformance.register import register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mutants.laboratory import Laboratory
    from mutants.messages import Request
    from mutants.mutant import Serve

    Change = Callable[[Request, Response], Response | bytes]

ROWS = [row for row in register().values() if row.id in {*ACTIONS, *OBSERVATIONS} - BY_PHONE]
DEEP: list[Any] = []
for _ in range(400):
    DEEP = [DEEP]
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    5.0,
    1e400,
    10**30,
    "",
    "x",
    "\ud800",
    "\0",
    "\x1b[2J",
    "x" * 300_000,
    "2012-13-45T00:00:00Z",
    "0001-01-01T00:00:00+05:00",
    "http://[::1",
    "http://h:port/",
    "http://h/\ud800",
    "http://h/\x01",
    "http://h/../..",
    [],
    [None],
    [[]],
    [{}],
    {},
    {"id": None},
    {"self": 7},
    {"entry": [None]},
    DEEP,
]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of a value, and of every value inside it."""
    yield path
    pairs: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from places(inner, (*path, key))


def changed(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    """Return a value with something odd in one place."""
    if not path:
        return odd
    copied = copy.deepcopy(value)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return copied


def errors(laboratory: Laboratory, change: Change) -> list[str]:
    """Run every check on a server that changes its answers; return the defects of the kit that this brings out."""

    async def fault(request: Request, serve: Serve) -> Response | bytes:
        return change(request, await serve(request))

    with laboratory.probe(fault) as probe:
        results = [decide(row, probe) for row in ROWS]
    return [f"{r.requirement.id}: {r.message[:200]}" for r in results if r.outcome is Outcome.ERROR]


def anything(seed: int, share: float) -> Change:
    """Put something odd into a share of the answers."""
    chance = random.Random(seed)  # noqa: S311 - the same in every run

    def change(_: Request, response: Response) -> Response:
        if not response.body or chance.random() > share:
            return response
        path = chance.choice(list(places(response.json)))
        text = json.dumps(changed(response.json, path, chance.choice(ODD))).replace("Infinity", "1e400")
        return response.with_body(text.encode())

    return change


@pytest.mark.parametrize("seed", range(4))
def test_odd_values_anywhere_bring_out_no_defect(laboratory: Laboratory, seed: int) -> None:
    assert errors(laboratory, anything(seed, 0.3)) == []


def dated(date: str | None) -> Change:
    """Send another `Date`."""

    def change(_: Request, response: Response) -> bytes:
        headers = [*response.headers, ("connection", "close"), *([("date", date)] if date is not None else [])]
        if response.header("content-length") is None:
            headers.append(("content-length", str(len(response.body))))
        lines = [f"HTTP/1.1 {response.status} X", *(f"{name}: {value}" for name, value in headers)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + response.body

    return change


DATES = {
    "none": None,
    "empty": "",
    "words": "yesterday",
    "without a zone": "Mon, 23 Nov 2026 07:00:00 -0000",
    "ISO 8601": "2026-11-23T07:00:00Z",
    "no such day": "Mon, 99 Nov 2026 07:00:00 GMT",
    "beyond the calendar": "Mon, 23 Nov 99999 07:00:00 GMT",
    "at the end of the calendar": "Fri, 31 Dec 9999 23:59:59 -1400",
    "two": "Mon, 23 Nov 2026 07:00:00 GMT, Mon, 23 Nov 2026 07:00:00 GMT",
    "other bytes": "\xff\xfe",
}


@pytest.mark.parametrize("date", DATES.values(), ids=DATES)
def test_an_odd_date_brings_out_no_defect(laboratory: Laboratory, date: str | None) -> None:
    async def fault(request: Request, serve: Serve) -> bytes:
        changed_answer = dated(date)(request, await serve(request))
        assert isinstance(changed_answer, bytes)
        return changed_answer

    with laboratory.probe(fault) as probe:
        results = [decide(row, probe) for row in ROWS if row.id in {"REC-001", "REC-024"}]
    assert [result.message for result in results if result.outcome is Outcome.ERROR] == []


BODIES = [
    b"",
    b"\xff",
    b"null",
    b"[[]]",
    b"{}",
    b"[" * 100_000,
    b'{"entry": 7}',
    b"9" * 5000,
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_an_odd_body_brings_out_no_defect(laboratory: Laboratory, body: bytes) -> None:
    assert errors(laboratory, lambda _, response: response.with_body(body) if response.body else response) == []


HEADERS = {
    "no media type": ("content-type", None),
    "an odd media type": ("content-type", "\xff;;="),
    "a long media type": ("content-type", "application/json;" + "x" * 60_000),
    "an odd challenge": ("www-authenticate", '\xff, "'),
    "an empty challenge": ("www-authenticate", ""),
    "an odd Allow": ("allow", ",,\xff"),
}


@pytest.mark.parametrize(("name", "value"), HEADERS.values(), ids=HEADERS)
def test_an_odd_header_brings_out_no_defect(laboratory: Laboratory, name: str, value: str | None) -> None:
    assert errors(laboratory, lambda _, response: response.with_header(name, value)) == []


@pytest.mark.parametrize("status", [201, 204, 302, 404, 503, 999])
def test_an_odd_status_brings_out_no_defect(laboratory: Laboratory, status: int) -> None:
    def change(_: Request, response: Response) -> Response:
        return Response(204, (), b"") if status == 204 else response.with_status(status)

    assert errors(laboratory, change) == []
