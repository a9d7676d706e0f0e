"""Checks of HTTP that act: what a server does not offer is refused, and each time in the same way (D-47)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import entries_of, error_code, recordings_of
from uapi.conformance.checks import expect
from uapi.conformance.checks.registry import check
from uapi.conformance.finding import Excluded, Failed
from uapi.conformance.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

OFFERED: Final = "the target offers everything: features.list, get and stop_recording are true"
REFUSALS: Final = frozenset({*range(400, 500), 501})
SERVED: Final = range(200, 300)


def lists(probe: Probe) -> Iterator[Exchange]:
    """Yield exchanges that ask for a list in every ordinary way, and once more in the first of them."""
    caller = probe.target.caller
    plain = Place("@me", caller.extension)
    ways: list[tuple[Place, dict[str, str]]] = [
        (plain, {}),
        (Place("@me", "@self"), {}),
        (Place(caller.user_id, caller.extension), {}),
        (plain, {"count": "1"}),
        (plain, {}),
    ]
    for place, query in ways:
        yield probe.session.send(probe.request("GET", place, operation="listPhoneCalls", query=query))


def gets(probe: Probe) -> Iterator[Exchange]:
    """Yield exchanges that ask for the phone call in every ordinary way, and once more in the first of them."""
    plain = probe.place
    ways: list[tuple[Place, dict[str, str]]] = [
        (plain, {}),
        (Place("@me", "@self", plain.phone_call), {}),
        (Place(probe.target.caller.user_id, plain.extension, plain.phone_call), {}),
        (plain, {"fields": "id"}),
        (plain, {}),
    ]
    for place, query in ways:
        yield probe.session.send(probe.request("GET", place, operation="getPhoneCall", query=query))


def stops(probe: Probe) -> Iterator[Exchange]:
    """Yield exchanges that ask to stop a recording in every ordinary way, and once more in the first of them."""
    body = {"action": "StopRecording", "phoneCallViewId": probe.view}
    for place in (probe.place, Place("@me", "@self", probe.place.phone_call), probe.place):
        yield probe.update(body, place)


def shown(probe: Probe) -> dict[str, Any]:
    """Return the recordings of the phone call as a GET or a list shows them, none where the target has neither."""
    if probe.target.features.get:
        return dict(probe.recordings())
    if probe.target.features.list:
        for entry in entries_of(probe.list(query={"count": "5000"})):
            if entry.get("id") == probe.place.phone_call:
                return dict(recordings_of(entry))
    return {}


WAYS: Final = {"list": lists, "get": gets, "stop_recording": stops}
"""How each feature is asked for, by the name of its setting."""


def lacking(probe: Probe) -> tuple[str, ...]:
    """Return the features that the target does not offer; raise Excluded where it offers all of them."""
    if not (found := probe.target.features.lacking):
        raise Excluded(OFFERED)
    return found


@check("HTTP-011")
def what_is_not_offered_is_refused(probe: Probe) -> None:
    """Each feature that the target's configuration calls absent: a refusal with the error body, and no effect."""
    names = lacking(probe)
    probe.start()
    before = shown(probe)
    for name in names:
        for exchange in WAYS[name](probe):
            if exchange.status in SERVED:
                message = f"features.{name} is false, yet a request for it is answered with {exchange.status}"
                raise Failed(f"{message}: refuse it, or say true", exchange)
            expect.refusal(exchange, REFUSALS, called="a 4xx status or 501")
            if (after := shown(probe)) != before:
                was, became = before.get(probe.view), after.get(probe.view)
                raise Failed(f"a refused request changed the recording {was} to {became}", exchange)


@check("HTTP-012")
def what_is_not_offered_is_always_refused_alike(probe: Probe) -> None:
    """Each feature that the target's configuration calls absent: one status and one code for all requests for it."""
    for name in lacking(probe):
        first, *others = WAYS[name](probe)
        for other in others:
            if told(other) != told(first):
                message = f"features.{name} is false: a request for it is refused with {told(first)}, another with"
                raise Failed(f"{message} {told(other)}", first, other)


def told(exchange: Exchange) -> str:
    """Return the status and the code of an answer."""
    response = expect.answered(exchange)
    return f"{response.status} {error_code(exchange) or 'and no code'}"
