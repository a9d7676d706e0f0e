"""What checks expect of an answer. Each function raises Failed with a message that a person can act on."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import entries_of, error_code
from uapi.conformance.bundle import statuses
from uapi.conformance.exchange import JsonError, parse_json
from uapi.conformance.finding import Failed, NotExercised, Unreadable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from uapi.conformance.exchange import Exchange, Response
    from uapi.conformance.place import Place
    from uapi.conformance.probe import Probe

CLIENT_ERRORS = range(400, 500)
CLOCK_TOLERANCE: Final = timedelta(minutes=2)
"""How far a time may be from the `Date` of its answer (REC-024, ACT-022)."""
SECOND = frozenset({204, 400})
"""How a second start may be answered, besides with 200 (D-24)."""


def answered(exchange: Exchange) -> Response:
    """Return the answer."""
    if exchange.response is None:
        raise Failed(f"no answer: {exchange.fault}", exchange)
    return exchange.response


def status(exchange: Exchange, *expected: int) -> Response:
    """Expect one of the statuses; return the answer."""
    response = answered(exchange)
    if response.status not in expected:
        wanted = " or ".join(str(value) for value in expected)
        raise Failed(f"expected {wanted}, got {response.status}{_code_of(exchange)}", exchange)
    return response


def body(exchange: Exchange) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON value of the answer."""
    try:
        return answered(exchange).json()
    except JsonError as error:
        raise Unreadable(str(error), exchange) from error


def carried_out(probe: Probe, exchange: Exchange) -> Response:
    """Expect 200 of an update; return the answer.

    A second start may be answered in other ways (D-24). Where the target stops no recordings, every start but the
    first is one: then there is nothing to be seen, for which NotExercised is raised.
    """
    if answered(exchange).status in SECOND and _is_second_start(probe, exchange):
        text = "the view is recorded already, and the target neither stops a recording nor starts it twice"
        raise NotExercised(text, exchange)
    return status(exchange, 200)


def _is_second_start(probe: Probe, exchange: Exchange) -> bool:
    """Tell whether a start is answered as every start is of what is recorded already and cannot be stopped."""
    running = probe.session.guard.running
    if probe.target.features.stop_recording or exchange.request.method != "PUT":
        return False
    try:
        value = parse_json(exchange.request.body)
    except JsonError:
        return False
    view = value.get("phoneCallViewId") if isinstance(value, dict) else None
    if not isinstance(view, str) or (str(probe.place.phone_call), view) not in running:
        return False
    plain = probe.start(view=view)
    return (plain.status, error_code(plain)) == (exchange.status, error_code(exchange))


def error(exchange: Exchange) -> dict[str, Any]:
    """Expect the error body; return its member `error`."""
    value = body(exchange)
    found = value.get("error") if isinstance(value, dict) else None
    if not isinstance(found, dict):
        raise Failed("the body is no error body: it lacks the object `error`", exchange)
    return found


def refusal(
    exchange: Exchange, expected: Collection[int], code: str | None = None, *, called: str | None = None
) -> None:
    """Expect a refusal with one of the statuses and the error body, with a code where one is given.

    `called` is what the message calls the statuses, where there are too many to list.
    """
    response = answered(exchange)
    if response.status not in expected:
        wanted = called or " or ".join(str(status) for status in sorted(expected))
        named = f" {code}" if code else ""
        raise Failed(f"expected {wanted}{named}, got {response.status}{_code_of(exchange)}", exchange)
    found = error(exchange).get("code")
    if code is not None and found != code:
        raise Failed(f"expected the code {code}, got {found!r}", exchange)


def refused_with(exchanges: Iterable[Exchange], code: str | None) -> None:
    """Expect 400 with a code (any code where it is None) of each of the exchanges."""
    for exchange in exchanges:
        refusal(exchange, {400}, code)


def documented_refusal(exchange: Exchange) -> None:
    """Expect any 4xx that is documented for the operation, with the error body (D-11)."""
    operation = exchange.request.operation
    documented = {value for value in (statuses(operation) if operation else ()) if value in CLIENT_ERRORS}
    refusal(exchange, documented, called="a documented refusal")


def denied(probe: Probe, exchange: Exchange) -> None:
    """Expect 401 `access_denied`; a 403 is tolerated with a warning (D-10)."""
    if answered(exchange).status == 403:  # noqa: PLR2004 - HTTP status
        probe.warn("the target answers 403 instead of 401")
    refusal(exchange, {401, 403}, "access_denied", called="401")


def updated(probe: Probe, exchange: Exchange, *, strict: bool = False) -> dict[str, Any]:
    """Expect 200 with the one phone call that was updated; return it.

    An array with that one call is tolerated (D-17): with a warning where `strict`, silently otherwise.
    """
    carried_out(probe, exchange)
    value = body(exchange)
    if isinstance(value, list) and len(value) == 1:
        if strict:
            probe.warn("the answer is an array with the one phone call, not the phone call")
        value = value[0]
    if not isinstance(value, dict) or "phoneCallView" not in value:
        raise Failed("the answer is not the one phone call that was updated", exchange)
    return value


def only_entry(exchange: Exchange, phone_call: str) -> dict[str, Any]:
    """Expect an envelope with one entry, the phone call of an id; return the entry."""
    entries = entries_of(exchange)
    ids = [entry.get("id") for entry in entries]
    if ids != [phone_call]:
        raise Failed(f"expected the phone call {phone_call} alone, got {ids}", exchange)
    return entries[0]


def silence(probe: Probe, place: Place | None = None, *, because: str, exchanges: Iterable[Exchange] = ()) -> None:
    """Expect that no view of the phone call is being recorded, where the target lets the kit look."""
    if not probe.target.features.get:
        return
    recorded = [view for view, value in probe.recordings(place).items() if value is not None]
    if recorded:
        raise Failed(f"the view {recorded[0]} is recorded although {because}", *exchanges, probe.session.exchanges[-1])


def server_time(exchange: Exchange, began: datetime, what: str) -> None:
    """Expect what began with a request to have begun when it was answered, by the `Date` of the answer.

    Raises NotExercised where the answer has none.
    """
    date = answered(exchange).header("date")
    now = _date(date)
    if now is None:
        raise NotExercised("the target's answers have no Date to compare with")
    if abs(began - now) > CLOCK_TOLERANCE:
        raise Failed(f"{what} began {began.isoformat()}, while the server's time was {date}", exchange)


def _date(value: str | None) -> datetime | None:
    """Return the time of a `Date` header, or None where it is missing or is none."""
    try:
        found = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo is not None else None


def _code_of(exchange: Exchange) -> str:
    return f" {code}" if (code := error_code(exchange)) else ""
