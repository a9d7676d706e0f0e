"""Checks of HTTP that act: what a server does not offer is refused, and each time in the same way (D-47)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import entries_of, error_code, recordings_of
from uapi.conformance.checks import expect
from uapi.conformance.checks.registry import check
from uapi.conformance.finding import Excluded, Failed
from uapi.conformance.line import ACTIONS_OF, KIND_OF
from uapi.conformance.place import ALL, Place
from uapi.conformance.target import OF_RECORDING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

OFFERED: Final = "the target offers everything that is asked for: no feature is false"
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
        for entry in entries_of(probe.list(query=ALL)):
            if entry.get("id") == probe.place.phone_call:
                return dict(recordings_of(entry))
    return {}


def creates(probe: Probe, kind: str) -> Iterator[Exchange]:
    """Yield exchanges that ask for a phone call, of which a body of nothing makes sure that none is placed."""
    for content in (b"{}", b'{"phoneCallView": []}', b"{}"):
        yield probe.telephone.ask(kind, content)


def hang_ups(probe: Probe) -> Iterator[Exchange]:
    """Yield exchanges that ask to hang up a phone call of the kit's own."""
    place = probe.telephone.talking().place
    for query in ({}, {"fields": "id"}, {}):
        yield probe.telephone.ask_to_hang_up(place, query=query)


def actions(probe: Probe, names: Sequence[str]) -> Iterator[Exchange]:
    """Yield exchanges that ask for actions on a phone call of the kit's own, and once more for the first of them."""
    call = probe.telephone.talking()
    for name in (*names, names[0]):
        yield probe.telephone.act(call, name)


WAYS: Final[Mapping[str, Callable[[Probe], Iterator[Exchange]]]] = {
    "list": lists,
    "get": gets,
    "stop_recording": stops,
    "hang_up": hang_ups,
    **{name: partial(creates, kind=kind) for name, kind in KIND_OF.items()},
    **{name: partial(actions, names=names) for name, names in ACTIONS_OF.items()},
}
"""How each feature is asked for, by the name of its setting."""


def lacking(probe: Probe) -> tuple[str, ...]:
    """Return the features that the target does not offer; raise Excluded where it offers all of them."""
    features, telephony = probe.target.features, probe.session.guard.telephony
    found = features.lacking(telephony=telephony)
    if not features.create:  # nor is there a phone call then on which the others could be asked for
        found = tuple(name for name in found if name in KIND_OF or name in OF_RECORDING)
    if not found:
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
