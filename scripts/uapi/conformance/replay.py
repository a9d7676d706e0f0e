"""Sends the exchanges of a report again, to see whether a finding is still there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from uapi.conformance.errors import ConformanceError
from uapi.conformance.exchange import SHOWN_BYTES, Request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.session import Session


@dataclass(frozen=True, slots=True)
class Replayed:
    """An exchange of a report, and what became of it."""

    number: int
    before: int | None
    """The status of the answer in the report, None where there was none."""
    now: Exchange


def exchanges_of(report: Path, requirement: str) -> list[dict[str, Any]]:
    """Return the exchanges that a report keeps as evidence of a requirement.

    Raises ConformanceError for a file that is no report, and for a requirement without evidence in it.
    """
    try:
        document = json.loads(report.read_text("utf-8"))
        rows = {row["id"]: row for row in document["results"]}
        kept = {exchange["number"]: exchange for exchange in document["exchanges"]}
    except OSError as error:
        raise ConformanceError(f"the report cannot be read: {error.strerror}", where=str(report)) from error
    except (ValueError, KeyError, TypeError) as error:
        hint = "Name a report.json that 'uapi conformance' wrote."
        raise ConformanceError("the file is no report of this kit", where=str(report), hint=hint) from error
    if requirement not in rows:
        hint = f"It has: {', '.join(list(rows)[:5])}, …"
        raise ConformanceError(f"the report has no requirement {requirement!r}", where=str(report), hint=hint)
    if not rows[requirement]["exchanges"]:
        message = f"the report keeps no exchange for {requirement}, whose outcome is {rows[requirement]['outcome']}"
        raise ConformanceError(message, where=str(report), hint="Run the kit with --only to make new evidence.")
    return [kept[number] for number in rows[requirement]["exchanges"]]


def replay(session: Session, exchanges: list[dict[str, Any]]) -> Iterator[Replayed]:
    """Send exchanges of a report again, with the tokens of the session's target in the place of their variables.

    Raises ConformanceError for an exchange with another server than the target, or whose body was clipped.
    """
    base_url = session.target.base_url
    session.credentials.get_all()
    tokens = {variable: token for token, variable in session.secrets.items()}
    for kept in exchanges:
        request = kept["request"]
        if not request["url"].startswith(f"{base_url}/"):
            hint = "Set base_url to the server of the report, if it is still the one to ask."
            raise ConformanceError(f"the exchange went to {request['url']}", where=base_url, hint=hint)
        if len(request["body"].encode()) > SHOWN_BYTES:
            raise ConformanceError(f"the body of exchange {kept['number']} was too long to be kept", where="replay")
        headers = tuple((name, _restored(value, tokens)) for name, value in request["headers"])
        sent = Request(
            request["method"],
            _restored(request["url"], tokens),
            headers,
            _restored(request["body"], tokens).encode(),
            kept["principal"],
            kept["operation"],
        )
        before = kept["response"]["status"] if kept["response"] else None
        yield Replayed(kept["number"], before, session.send(sent))


def _restored(text: str, tokens: dict[str, str]) -> str:
    # Longer names first: $UAPI_ORGANIZATION_TOKEN must not be taken for a part of another.
    for variable in sorted(tokens, key=len, reverse=True):
        text = text.replace(variable, tokens[variable])
    return text
