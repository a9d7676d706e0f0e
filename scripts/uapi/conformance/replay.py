"""Sends the exchanges of a report again, to see whether a finding is still there."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from uapi.conformance.errors import ConformanceError
from uapi.conformance.exchange import SHOWN_BYTES, Request
from uapi.conformance.guard import UnsafeRequestError
from uapi.conformance.probe import Probe
from uapi.conformance.safety import look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.session import Session


OCTET: Final = re.compile(r"\\x[0-9a-f]{2}")
"""How a report writes an octet that is no UTF-8."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """An exchange of a report, and what became of it."""

    number: int
    before: int | None
    """The status of the answer in the report, None where there was none."""
    now: Exchange | None
    """None where it was not sent again."""
    unsafe: str = ""
    """Why it was not sent again."""


def exchanges_of(report: Path, requirement: str) -> list[dict[str, Any]]:
    """Return the exchanges that a report keeps as evidence of a requirement.

    Raises ConformanceError for a file that is no report, and for a requirement without evidence in it.
    """
    hint = "Name a report.json that 'uapi conformance' wrote."
    try:
        document = json.loads(report.read_text("utf-8"))
        rows = {row["id"]: (row["outcome"], list(row["exchanges"])) for row in document["results"]}
        kept = {exchange["number"]: exchange for exchange in document["exchanges"]}
        if requirement not in rows:
            known = ", ".join(list(rows)[:5])
            message = f"the report has no requirement {requirement!r}"
            raise ConformanceError(message, where=str(report), hint=f"It has: {known}, …")
        outcome, numbers = rows[requirement]
        found = [kept[number] for number in numbers]
    except OSError as error:
        raise ConformanceError(f"the report cannot be read: {error.strerror}", where=str(report)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConformanceError("the file is no report of this kit", where=str(report), hint=hint) from error
    if not found:
        message = f"the report keeps no exchange for {requirement}, whose outcome is {outcome}"
        raise ConformanceError(message, where=str(report), hint="Run the kit with --only to make new evidence.")
    return found


def replay_and_restore(session: Session, exchanges: list[dict[str, Any]]) -> Iterator[Replayed]:
    """Send exchanges again as `replay` does; afterwards stop the recordings and end the phone calls that they began.

    Where nobody can see what others were recording before, nothing is stopped, and the reader is warned.
    """
    probe = Probe(session)
    try:
        session.credentials.get_all()
        look(probe)
        seen = True
    except ConformanceError:
        seen = False  # what is wrong with the target is for the exchanges to show
    try:
        yield from replay(session, exchanges)
    finally:
        if seen or not session.guard.running:
            probe.clean_up()
        else:
            views = ", ".join(f"{view} of the phone call {call}" for call, view in session.guard.running)
            session.warn(f"the recording of the view {views} may go on: look at it")


def replay(session: Session, exchanges: list[dict[str, Any]]) -> Iterator[Replayed]:
    """Send exchanges of a report again, with the tokens of the session's target in the place of their variables.

    What the guard does not let through is not sent: most of all what is about phone calls that have been hung up.

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
        if OCTET.search(request["body"]):
            message = f"the body of exchange {kept['number']} has octets that a report cannot hold"
            raise ConformanceError(message, where="replay", hint="Run the kit with --only to send it again.")
        added = {name.lower() for name in session.target.headers}  # the session sends them by itself
        sent_before = [(name, value) for name, value in request["headers"] if name.lower() not in added]
        headers = tuple((name, _restored(value, tokens)) for name, value in sent_before)
        sent = Request(
            request["method"],
            _restored(request["url"], {variable: quote(token, safe="") for variable, token in tokens.items()}),
            headers,
            _restored(request["body"], tokens).encode(),
            kept["principal"],
            kept["operation"],
        )
        before = kept["response"]["status"] if kept["response"] else None
        try:
            yield Replayed(kept["number"], before, session.send(sent))
        except UnsafeRequestError as error:
            yield Replayed(kept["number"], before, None, str(error))


def _restored(text: str, tokens: dict[str, str]) -> str:
    # Longer names first: $UAPI_ORGANIZATION_TOKEN must not be taken for a part of another.
    for variable in sorted(tokens, key=len, reverse=True):
        text = text.replace(variable, tokens[variable])
    return text
