"""The exchanges of a report as plain text, for the forms of it that have no markup of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN_CHARACTERS = 2000
"""How much of a body such a form shows; `report.json` has more of it."""


def evidence_of(report: dict[str, Any], row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the exchanges that show the outcome of a requirement."""
    exchanges = {exchange["number"]: exchange for exchange in report["exchanges"]}
    return [exchanges[number] for number in row["exchanges"]]


def headline(exchange: dict[str, Any]) -> str:
    """Return an exchange in one line: what was asked, and what was answered."""
    request, response = exchange["request"], exchange["response"]
    answer = exchange["fault"] if response is None else response["status"]
    return f"{request['method']} {request['url']} → {answer}"


def transcript(exchange: dict[str, Any]) -> str:
    """Return an exchange as text: the request, the answer, and the command that repeats it."""
    return "\n".join(_lines(exchange))


def _lines(exchange: dict[str, Any]) -> Iterator[str]:
    request, response = exchange["request"], exchange["response"]
    yield f"# exchange {exchange['number']}, {exchange['phase']}"
    yield f"{request['method']} {request['url']}"
    yield from _message(request)
    yield ""
    if response is None:
        yield f"no answer: {exchange['fault']}"
    else:
        yield f"{response['status']} after {response['milliseconds']} ms"
        yield from _message(response)
    yield ""
    yield exchange["curl"]


def _message(message: dict[str, Any]) -> Iterator[str]:
    yield from (f"{name}: {value}" for name, value in message["headers"])
    if body := message["body"]:
        yield ""
        yield body if len(body) <= SHOWN_CHARACTERS else f"{body[:SHOWN_CHARACTERS]} …"
