"""Checks of the bodies of requests that place phone calls: what is taken, and what is refused and places nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import short
from uapi.conformance.checks import expect
from uapi.conformance.checks.placed import SERVED, before, calls_told, dismiss, names, traces
from uapi.conformance.checks.registry import check_by_phone
from uapi.conformance.finding import Failed, NotExercised

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

BAD_REQUEST: Final = frozenset({400})
REFUSED: Final = range(400, 500)
NO_OBJECTS: Final = (b"", b"{", b'{"phoneCallView": [', b"\xff", b"[]", b"null", b"1", b'"simple"')
NO_EXTENSION: Final = "nosuchextension"


def broken(body: Mapping[str, object]) -> Iterator[bytes]:
    """Yield a valid body with a comma too many, in an array, in a string, and as a form sends it."""
    text = json.dumps(body)
    yield f"{text[:-1]},}}".encode()
    yield f"[{text}]".encode()
    yield json.dumps(text).encode()
    yield f"body={text}".encode()


def unknown_extensions(probe: Probe) -> Iterator[str]:
    """Yield extensions that do not exist: a name, and the extension 0 of the caller's organization."""
    yield NO_EXTENSION
    yield probe.target.caller.extension.rpartition("*")[0] + "*0"


def refused(
    probe: Probe,
    exchange: Exchange,
    body: Mapping[str, object],
    expected: Collection[int],
    *,
    called: str | None = None,
) -> None:
    """Expect a refusal with the error body; what was placed all the same is hung up."""
    dismiss(probe, exchange, body)
    expect.refusal(exchange, expected, called=called)


def nothing_was_placed(
    probe: Probe, known: frozenset[str], bodies: Collection[Mapping[str, object]], *exchanges: Exchange
) -> None:
    """Expect that requests that were refused placed no phone call."""
    for call in traces(probe, known, [*bodies]):
        message = f"a request was refused, and the phone call {call.get('id')} was placed all the same"
        raise Failed(message, *exchanges, probe.session.exchanges[-1])


@check_by_phone("MAKE-008")
def a_body_that_is_no_json_object_is_refused(probe: Probe) -> None:
    """Bodies that are empty, cut off, no UTF-8 or no object, and valid ones within something else."""
    body = probe.telephone.order()
    for content in (*NO_OBJECTS, *broken(body)):
        refused(probe, probe.telephone.create(content), body, BAD_REQUEST)


@check_by_phone("MAKE-009")
def what_is_refused_places_nothing(probe: Probe) -> None:
    """Valid orders with one mistake each: those that are refused leave no phone call."""
    known, telephone = before(probe), probe.telephone
    sent: list[tuple[Exchange, dict[str, object]]] = []

    def send(body: dict[str, object], content: object = None, **options: Any) -> None:  # noqa: ANN401 - of create
        sent.append((telephone.create(content or body, **options), body))

    send(telephone.order(), headers=())
    send(telephone.order(), principal=None)
    send(telephone.order(), user="nosuchuser")
    for query in ({"fields": "colour"}, {"waitForPickup": "soon"}, {"callDuration": "soon"}):
        send(telephone.order(), query=query)
    for extension in unknown_extensions(probe):
        send(telephone.order(extension=extension))
    send(telephone.order(destination=[NO_EXTENSION]))
    for content in broken(body := telephone.order()):
        send(body, content)
    if "expired" in probe.session.credentials:
        send(telephone.order(), principal="expired")
    for exchange, body in sent:
        dismiss(probe, exchange, body)
    taken = [body for exchange, body in sent if exchange.status not in REFUSED]
    refusals = [(exchange, body) for exchange, body in sent if exchange.status in REFUSED and body not in taken]
    if not refusals:
        raise NotExercised("the target refuses none of the requests")
    found = list(traces(probe, known, [body for _, body in refusals]))
    if found:
        nonce = found[0].get("nonce")
        guilty = [exchange for exchange, body in refusals if body.get("nonce") == nonce] or [sent[0][0]]
        message = f"a request was refused, and the phone call {found[0].get('id')} was placed all the same"
        raise Failed(message, *guilty, probe.session.exchanges[-1])


@check_by_phone("MAKE-010")
def numbers_are_taken_alone_and_in_arrays(probe: Probe) -> None:
    """Two arrays, two strings, and one of each; the phone call has the whole number (D-65)."""
    telephone = probe.telephone
    source, destination = telephone.numbers.source, telephone.numbers.destination
    telephone.end(telephone.place())
    for view in ((source, destination), ([source], destination), (source, [destination])):
        body = telephone.order(phoneCallView=[{"source": view[0], "destination": view[1]}])
        exchange = telephone.create(body)
        expect.status(exchange, 200)
        for call in calls_told(exchange):
            if call.get("phoneCallView") and not names(call, "source", source):
                raise Failed(f"no view of the phone call names {source} as source", exchange)
        dismiss(probe, exchange, body)


@check_by_phone("MAKE-011")
def source_and_destination_are_required(probe: Probe) -> None:
    """Requests with one of them, with neither, and without a view."""
    numbers = probe.telephone.numbers
    views: tuple[dict[str, list[str]], ...] = ({"source": [numbers.source]}, {"destination": [numbers.destination]}, {})
    bodies = [probe.telephone.order(phoneCallView=[view]) for view in views]
    for body in (*bodies, probe.telephone.order(phoneCallView=[])):
        refused(probe, probe.telephone.create(body), body, BAD_REQUEST)


@check_by_phone("MAKE-021")
def an_unknown_extension_is_refused(probe: Probe) -> None:
    """Extensions that do not exist: the answer is a refusal, and nothing was placed."""
    known = before(probe)
    bodies = [probe.telephone.order(extension=extension) for extension in unknown_extensions(probe)]
    exchanges = [probe.telephone.create(body) for body in bodies]
    for exchange, body in zip(exchanges, bodies, strict=True):
        refused(probe, exchange, body, REFUSED, called="a refusal")
    nothing_was_placed(probe, known, bodies, *exchanges)


def orders_of_others(probe: Probe) -> Iterator[tuple[str, str, str]]:
    """Yield whose token is sent, the user of the path, and an extension that the user of the token does not own."""
    target, caller = probe.target, probe.target.caller
    if (stranger := target.stranger) is not None:
        yield "caller", "@me", stranger.extension
        yield "caller", stranger.user_id, stranger.extension
        for user in ("@me", caller.user_id, "@owner"):
            yield "stranger", user, caller.extension
    if target.foreign_extension is not None:
        yield "caller", "@me", target.foreign_extension.extension
        yield "caller", "@owner", target.foreign_extension.extension
    if target.other_organization is not None:
        for user in (caller.user_id, "@owner"):
            yield "other_organization", user, caller.extension


@check_by_phone("MAKE-022")
def nobody_places_calls_with_the_extension_of_others(probe: Probe) -> None:
    """The caller with the extensions of others, and others with the caller's: no phone call is charged to them."""
    known = before(probe)
    attempts = list(orders_of_others(probe))
    if not attempts:
        raise NotExercised("the target names no stranger (stranger), and no foreign_extension.extension")
    sent = []
    for principal, user, extension in attempts:
        body = probe.telephone.order(extension=extension)
        exchange = probe.telephone.create(body, principal=principal, user=user)
        if exchange.status in SERVED:
            dismiss(probe, exchange, body, principal=principal)
            _charged_to_others(probe, exchange, extension)
        else:
            sent.append((exchange, body))
    bodies = [body for _, body in sent]
    nothing_was_placed(probe, known, bodies, *(exchange for exchange, _ in sent))
    if probe.target.stranger is not None:
        for call in traces(probe, known, bodies, principal="stranger"):
            raise Failed(f"the phone call {call.get('id')} was placed for somebody else", probe.session.exchanges[-1])


def _charged_to_others(probe: Probe, exchange: Exchange, extension: str) -> None:
    """Raise Failed for a phone call that was placed, unless another extension than the one asked for is charged."""
    shown = [str(call.get("extension", extension)) for call in calls_told(exchange)]
    own = probe.target.caller.extension
    theirs = {extension, short(extension)} if extension == own or short(extension) != short(own) else {extension}
    if not shown or not theirs.isdisjoint(shown):
        raise Failed(f"a phone call was placed with the extension {extension}, which is somebody else's", exchange)
    probe.warn(f"the target places a call with {shown[0]} where {extension}, of somebody else, was asked for")
