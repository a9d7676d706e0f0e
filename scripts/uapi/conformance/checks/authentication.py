"""Checks of AUTH: credentials, and what a token reaches."""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from typing import TYPE_CHECKING

from uapi.conformance.answers import entries_of, recordings_of
from uapi.conformance.checks import expect
from uapi.conformance.checks.registry import check, observe
from uapi.conformance.finding import Failed, NotExercised
from uapi.conformance.place import JSON, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

UNKNOWN_TOKEN = "no-such-token"  # noqa: S105 - it is none
QUERY_TOKEN = "accessRequestToken"  # noqa: S105 - it is the name of one
DENIED = frozenset({401, 403})
SERVED = frozenset({200, 204})
REFUSED = range(400, 600)


def start_body(probe: Probe) -> dict[str, object]:
    """Return a valid StartRecording of the view under test."""
    return {"action": "StartRecording", "phoneCallViewId": probe.view}


def stop_body(probe: Probe) -> dict[str, object]:
    """Return a valid StopRecording of the view under test."""
    return {"action": "StopRecording", "phoneCallViewId": probe.view}


def with_credentials(
    probe: Probe, principal: str | None, authorization: str | None = None, query: Mapping[str, str] | None = None
) -> Iterator[Exchange]:
    """Yield an exchange of each offered operation, with a principal's token, or with credentials of one's own."""
    headers = [("Authorization", authorization)] if authorization else []
    yield probe.update(start_body(probe), principal=principal, headers=(JSON, *headers), query=query)
    reads = [(probe.place, "getPhoneCall")] if probe.target.features.get else []
    if probe.target.features.list:
        reads.append((Place("@me", probe.place.extension), "listPhoneCalls"))
    for place, operation in reads:
        request = probe.request("GET", place, operation=operation, principal=principal, headers=headers, query=query)
        yield probe.session.send(request)


def without_credentials(
    probe: Probe, principal: str | None, authorization: str | None = None, query: Mapping[str, str] | None = None
) -> Iterator[Exchange]:
    """Yield an exchange of each offered operation, and of a stop, that is to be denied.

    Where the kit places phone calls, it also asks for one, and for the end of one.
    """
    yield from with_credentials(probe, principal, authorization, query)
    headers = [("Authorization", authorization)] if authorization else []
    if probe.target.features.stop_recording:
        yield probe.update(stop_body(probe), principal=principal, headers=(JSON, *headers), query=query)
    if probe.session.guard.telephony and probe.target.features.create:
        order, telephone = probe.telephone.order(), probe.telephone
        yield telephone.ask("simple", order, principal=principal, headers=(JSON, *headers), query=query)
        with suppress(NotExercised):  # where no call can be placed, none can be hung up either
            place = telephone.talking().place
            yield telephone.ask_to_hang_up(place, principal=principal, headers=headers, query=query)


@check("AUTH-001")
def a_bearer_token_is_taken(probe: Probe) -> None:
    """Every operation takes the caller's token from `Authorization`."""
    probe.quiet()
    for exchange in with_credentials(probe, "caller"):
        expect.carried_out(probe, exchange)


@check("AUTH-002")
def a_token_in_the_query_is_taken(probe: Probe) -> None:
    """The query parameter `accessRequestToken`, bare or with the word Bearer before it (D-03)."""
    token = probe.token("caller")
    attempts = []
    for value in (token, f"Bearer {token}"):
        probe.quiet()
        attempts.append(probe.update(start_body(probe), principal=None, query={QUERY_TOKEN: value}))
        if attempts[-1].status == 200:  # noqa: PLR2004 - HTTP status
            return
    if attempts[0].status not in DENIED:
        expect.carried_out(probe, attempts[0])
    raise Failed("neither spelling of accessRequestToken is taken", *attempts)


@check("AUTH-003")
def a_request_without_a_token_is_denied(probe: Probe) -> None:
    """No operation is served without credentials, however the path is spelled."""
    for exchange in without_credentials(probe, None):
        expect.denied(probe, exchange)
    expect.denied(probe, probe.update(start_body(probe), principal=None, path=probe.place.path(safe="")))
    slashed = probe.update(start_body(probe), principal=None, path=probe.place.path() + "/")
    if slashed.status in SERVED:
        raise Failed("an update without a token is served where its path ends with a slash", slashed)


@check("AUTH-004")
def an_unknown_token_is_denied(probe: Probe) -> None:
    """No operation is served to an unknown token, wherever it stands, to an empty one, or under another scheme."""
    for authorization in (f"Bearer {UNKNOWN_TOKEN}", "Bearer", f"Basic {UNKNOWN_TOKEN}"):
        for exchange in without_credentials(probe, None, authorization):
            expect.denied(probe, exchange)
    for exchange in without_credentials(probe, None, query={QUERY_TOKEN: UNKNOWN_TOKEN}):
        expect.denied(probe, exchange)


@check("AUTH-005")
def an_expired_token_is_denied(probe: Probe) -> None:
    """No operation is served to an expired token, wherever it stands."""
    for exchange in without_credentials(probe, "expired"):
        expect.denied(probe, exchange)
    for exchange in without_credentials(probe, None, query={QUERY_TOKEN: probe.token("expired")}):
        expect.denied(probe, exchange)


@observe("AUTH-006", otherwise="the target answers no request with 401")
def a_401_has_a_challenge(exchange: Exchange) -> bool:
    """A 401 without `WWW-Authenticate` leaves the client without a hint."""
    if exchange.response is None or exchange.response.status != 401:  # noqa: PLR2004 - HTTP status
        return False
    if not exchange.response.header("www-authenticate"):
        raise Failed("the 401 answer has no WWW-Authenticate header", exchange)
    return True


@observe("AUTH-007", otherwise="the target answers no request with 401 and a challenge")
def the_challenge_is_bearer(exchange: Exchange) -> bool:
    """The challenge names the scheme of the tokens."""
    if exchange.response is None or exchange.response.status != 401:  # noqa: PLR2004 - HTTP status
        return False
    challenge = exchange.response.header("www-authenticate")
    if challenge is None:
        return False
    if "bearer" not in challenge.lower().replace(",", " ").split():
        raise Failed(f"the challenge {challenge!r} does not name Bearer", exchange)
    return True


@check("AUTH-008")
def denied_requests_change_nothing(probe: Probe) -> None:
    """Neither a start nor a stop happens without valid credentials: without any, with unknown ones, expired ones."""
    probe.quiet()
    _unchanged_by(probe, start_body(probe), "started")
    probe.start()
    _unchanged_by(probe, stop_body(probe), "ended")


def _unchanged_by(probe: Probe, body: dict[str, object], done: str) -> None:
    """Expect that no recording changes by a request that is denied. One that is served is the business of others."""
    unknown = (JSON, ("Authorization", f"Bearer {UNKNOWN_TOKEN}"))
    ways: list[tuple[str | None, Sequence[tuple[str, str]]]] = [(None, (JSON,)), (None, unknown)]
    if "expired" in probe.session.credentials:
        ways.append(("expired", (JSON,)))
    for principal, headers in ways:
        before = probe.recordings()
        attempt = probe.update(body, principal=principal, headers=headers)
        if attempt.status in REFUSED and probe.recordings() != before:
            raise Failed(f"a recording was {done} by a request without valid credentials", attempt)


def foreign_places(probe: Probe) -> Iterator[Place]:
    """Yield the ways in which somebody else may try to address the caller's phone call."""
    caller, call = probe.target.caller, probe.place.phone_call
    yield Place(caller.user_id, caller.extension, call)
    yield Place("@owner", caller.extension, call)
    yield Place("@owner", "@self", call)
    yield Place("@me", "@self", call)
    yield Place("@me", caller.extension, call)
    if probe.target.stranger is not None:
        yield Place("@me", probe.target.stranger.extension, call)


def isolated(probe: Probe, principal: str) -> None:
    """Expect that a principal neither records the caller's phone call nor stops that, by any way to address it."""
    probe.token(principal)
    probe.quiet()
    _refused(probe, principal, start_body(probe), "recorded")
    if probe.target.features.stop_recording:
        probe.start()
        _refused(probe, principal, stop_body(probe), "stopped the recording of")


def _refused(probe: Probe, principal: str, body: dict[str, object], done: str) -> None:
    before = probe.recordings() if probe.target.features.get else None
    for place in foreign_places(probe):
        exchange = probe.update(body, place, principal=principal)
        expect.documented_refusal(exchange)
        if before is not None and probe.recordings() != before:
            raise Failed(f"the {principal.replace('_', ' ')} {done} the caller's phone call", exchange)


@check("AUTH-009")
def a_stranger_does_not_record(probe: Probe) -> None:
    """The stranger's token is refused on the caller's phone call, and nothing is recorded (D-11)."""
    isolated(probe, "stranger")


@check("AUTH-010")
def a_stranger_does_not_see(probe: Probe) -> None:
    """The stranger gets a refusal, or an answer without entries, but not the caller's phone call."""
    probe.token("stranger")
    for place, query in product(foreign_places(probe), ({}, {"fields": "id"})):
        exchange = probe.get(place, principal="stranger", query=query)
        if exchange.status in {200, 204}:
            if entries_of(exchange):
                raise Failed("the stranger got the caller's phone call", exchange)
        else:
            expect.documented_refusal(exchange)


@check("AUTH-011")
def a_stranger_does_not_list(probe: Probe) -> None:
    """No list of the stranger's contains the caller's phone call."""
    probe.token("stranger")
    stranger, caller = probe.target.stranger, probe.target.caller
    own = stranger.extension if stranger else "@self"
    by_id = {"filterBy": "id", "filterValue": str(probe.place.phone_call)}
    attempts = [
        probe.list(Place("@me", "@self"), principal="stranger"),
        probe.list(Place("@me", own), principal="stranger"),
        probe.list(Place("@me", "@self"), principal="stranger", query=by_id),
        probe.list(Place(caller.user_id, caller.extension), principal="stranger"),
        probe.list(Place(caller.user_id, "@self"), principal="stranger"),
        *(probe.list(Place(user, caller.extension), principal="stranger") for user in ("@owner", "@me", "@viewer")),
    ]
    for exchange in attempts:
        if exchange.status not in {200, 204}:
            expect.documented_refusal(exchange)
        elif any(entry.get("id") == probe.place.phone_call for entry in entries_of(exchange)):
            raise Failed("the caller's phone call is in a list of the stranger's", exchange)


def reaches(probe: Probe, principal: str) -> None:
    """Expect that a principal records the caller's phone call, addressed by the caller's identifier."""
    caller = probe.target.caller
    place = Place(caller.user_id, caller.extension, probe.place.phone_call)
    probe.quiet()
    exchange = probe.update(start_body(probe), place, principal=principal)
    call = expect.updated(probe, exchange)
    if call.get("id") != probe.place.phone_call:
        raise Failed("another phone call was updated", exchange)
    if recordings_of(call).get(probe.view) is None:
        raise Failed(f"the start of the {principal} recorded nothing", exchange)


@check("AUTH-012")
def an_organization_reaches_its_users(probe: Probe) -> None:
    """The token of the caller's organization records the caller's phone call (D-28)."""
    reaches(probe, "organization")


@check("AUTH-013")
def the_administrator_reaches_everything(probe: Probe) -> None:
    """The token of the administrator records the caller's phone call (D-28)."""
    reaches(probe, "administrator")


@check("AUTH-014")
def an_organization_does_not_reach_another(probe: Probe) -> None:
    """The token of another organization is refused on the caller's phone call."""
    isolated(probe, "other_organization")
