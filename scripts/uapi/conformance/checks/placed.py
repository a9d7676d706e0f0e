"""What checks of placing and of hanging up phone calls look at: what an answer tells, and what is really there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uapi.conformance.answers import entries_of, error_code, short, shown_ids, views_of
from uapi.conformance.checks import expect
from uapi.conformance.finding import NotExercised
from uapi.conformance.guard import WELL_FORMED
from uapi.conformance.line import OK, Placed
from uapi.conformance.place import ALL, Place
from uapi.conformance.telephone import ROW_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

SERVED = range(200, 300)


def told(exchange: Exchange) -> list[Any]:
    """Return the elements of an answer to a request that placed or hung up phone calls, in each form of D-67 and D-69.

    That is an array, the array in an envelope, or one phone call by itself.
    """
    value = expect.body(exchange)
    if isinstance(value, dict):
        value = value.get("entry", [value])
    return value if isinstance(value, list) else []


def calls_told(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the elements of such an answer that are objects."""
    return [call for call in told(exchange) if isinstance(call, dict)]


def placing(probe: Probe, body: object, *, kind: str = "simple", query: Mapping[str, str] | None = None) -> Exchange:
    """Ask for a phone call; raise NotExercised where the answer is no 200, which has a row of its own."""
    exchange = probe.telephone.create(body, kind=kind, query=query)
    if exchange.status != OK:
        code = exchange.fault or f"{exchange.status} {error_code(exchange) or ''}".strip()
        raise NotExercised(f"no phone call was placed, which is for {ROW_OF[kind]} to say: {code}", exchange)
    return exchange


def callback(probe: Probe, **members: object) -> dict[str, object]:
    """Return the body of a valid request for a callback; `members` replace its own, None leaves one out."""
    role = probe.telephone.role
    numbers = {name: [role("callback_extension", name)] for name in ("source", "destination")}
    body = {"extension": role("callback_extension"), "phoneCallView": [numbers], "nonce": probe.telephone.nonce()}
    return {name: value for name, value in {**body, **members}.items() if value is not None}


def invitation(probe: Probe, **members: object) -> dict[str, object]:
    """Return the body of a valid invitation of the destination of the target; `members` as in `callback`."""
    conference, numbers = probe.telephone.role("conference_extension"), probe.telephone.numbers
    view = {"source": [conference], "destination": [numbers.destination]}
    body: dict[str, object] = {"extension": conference, "phoneCallView": [view]}
    return {name: value for name, value in {**body, **members}.items() if value is not None}


def dismiss(probe: Probe, exchange: Exchange, body: Mapping[str, object], *, principal: str = "caller") -> None:
    """Hang up what a request has placed, where the target lets the kit do so."""
    own = [phone_call for phone_call in shown_ids(exchange) if probe.session.guard.is_own(phone_call)]
    if not own or not probe.target.features.hang_up:
        return
    named = str(body.get("extension", "@self"))
    as_named = all(call.get("extension", named) == named for call in calls_told(exchange))
    for phone_call in own:
        if principal != "caller":
            probe.telephone.hang_up(Place("@me", named, phone_call), principal=principal)
        probe.telephone.end(Placed(phone_call, named if as_named else "@self", "", ""))


def before(probe: Probe) -> frozenset[str]:
    """Return the ids of the phone calls of the caller that are there already."""
    return probe.telephone.ids("@self")


def traces(
    probe: Probe, known: frozenset[str], bodies: Sequence[Mapping[str, object]], *, principal: str = "caller"
) -> Iterator[dict[str, Any]]:
    """Yield the phone calls that are there since `known` was gathered and were asked for by one of some requests.

    They are told from those of others by the nonce, or by the numbers where they carry none.
    """
    exchange = probe.list(Place("@me", "@self"), principal=principal, query=ALL)
    if exchange.status not in SERVED:
        raise NotExercised("nobody sees which phone calls there are", exchange)
    for call in entries_of(exchange):
        if call.get("id") not in known and any(_is_of(call, body) for body in bodies):
            if WELL_FORMED.fullmatch(str(call.get("id"))):
                probe.session.guard.adopt(str(call["id"]))
            yield call


def _is_of(call: Mapping[str, Any], body: Mapping[str, object]) -> bool:
    if call.get("nonce") is not None:
        return bool(call["nonce"] == body.get("nonce"))
    views = body.get("phoneCallView")
    asked = [view for view in views if isinstance(view, dict)] if isinstance(views, list) else []
    numbers = [
        (side, number) for view in asked for side in ("source", "destination") for number in _numbers(view.get(side))
    ]
    return bool(numbers) and all(names(call, side, number) for side, number in numbers)


def names(call: Mapping[str, Any], side: str, number: str) -> bool:
    """Tell whether a view of a phone call names a number as its `source` or as its `destination` (D-60)."""
    return any(short(number) in map(short, _numbers(view.get(side))) for view in views_of(call))


def _numbers(value: object) -> list[str]:
    return [str(number) for number in (value if isinstance(value, list) else [value]) if number is not None]
