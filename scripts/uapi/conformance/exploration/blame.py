"""Finds out why a valid request is refused: one freedom after the other is given up until it is served.

The last one that was given up is what the target does not understand, and has a requirement of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.conformance.exploration.request import GET, LIST, UPDATE, Grounded
from uapi.conformance.reading import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.inquiry import Inquiry
    from uapi.conformance.place import Place
    from uapi.conformance.probe import Probe

SERVED: Final = {UPDATE: frozenset({200}), GET: frozenset({200, 204}), LIST: frozenset({200, 204})}
SETTLED: Final = {UPDATE: "REC-001", GET: "CALL-050", LIST: "CALL-021"}
"""What an operation violates that refuses even the plainest valid request."""
USERS: Final = {"@me": "ADDR-002", "@viewer": "ADDR-003", "@owner": "ADDR-004"}
IDENTIFIER: Final = "ADDR-005"
SELF: Final = "@self"
FORMATS: Final = {None: "REC-009", "wav": "REC-010", "wav49": "REC-011"}
PARAMETERS: Final = {
    "sortOrder": "CALL-040",
    "fields": "CALL-038",
    "startIndex": "CALL-032",
    "count": "CALL-030",
}
DOCUMENTED: Final = frozenset({"action", "format", "phoneCallViewId"})
OTHER_WORDS: Final = {"asc": "ascending", "ascending": "asc", "desc": "descending", "descending": "desc"}
"""The orders in the words of the other generation of the documentation; a server needs to know one (D-31)."""


def blamed(inquiry: Inquiry, grounded: Grounded) -> tuple[str | None, list[Exchange]]:
    """Return the requirement that the refusal of a valid request violates, and the exchanges that show it.

    None where the target may refuse it, and where an answer cannot be read, which has a requirement of its own.
    """
    settled = "REC-030" if grounded.action == "StopRecording" else SETTLED[grounded.operation]
    exchange = inquiry.send(grounded.request(inquiry.probe))
    if exchange.status in SERVED[grounded.operation]:
        return settled, [exchange]  # it is served the next time: no freedom that it takes is to blame
    for requirement, simpler in _simpler(grounded, inquiry.probe.place):
        exchange = inquiry.send(simpler.request(inquiry.probe))
        if not readable(exchange):
            return None, []
        if exchange.status in SERVED[grounded.operation]:
            return requirement, [exchange]
    return settled, [exchange]


def _simpler(grounded: Grounded, plain: Place) -> Iterator[tuple[str | None, Grounded]]:
    """Yield simpler and simpler requests, each with the requirement of what it gives up."""
    order = grounded.query.get("sortOrder")
    if order is not None:
        yield None, grounded.but(query={**grounded.query, "sortOrder": OTHER_WORDS[order]})
    undocumented = set(grounded.members) - DOCUMENTED
    if undocumented:
        yield "REC-018", (grounded := grounded.without(*undocumented))
    for name, requirement in PARAMETERS.items():
        if name in grounded.query:
            yield requirement, (grounded := grounded.without(name))
    spelled = grounded.but(encoded=not grounded.encoded)
    yield ("ADDR-008" if grounded.encoded else "ADDR-007"), spelled
    if grounded.place.user != plain.user:
        yield USERS.get(grounded.place.user, IDENTIFIER), (grounded := _at(grounded, user=plain.user))
    if grounded.place.extension != plain.extension:
        yield "ADDR-006", (grounded := _at(grounded, extension=plain.extension))
    if grounded.action == "StartRecording":
        yield from _formats(grounded)


def alike(grounded: Grounded, probe: Probe) -> Place:
    """Return where the phone call under test is, addressed in the way of a request that may be wrong otherwise."""
    place, plain = grounded.place, probe.place
    user = place.user if place.user in _users(probe) else plain.user
    return type(place)(user, SELF if place.extension == SELF else plain.extension, plain.phone_call)


def otherwise(grounded: Grounded, probe: Probe) -> Iterator[Grounded]:
    """Yield a request with its valid segments in their plainest form, in both spellings; what is wrong stays."""
    place, plain = grounded.place, probe.place
    user = plain.user if place.user in _users(probe) else place.user
    extension = plain.extension if place.extension == SELF else place.extension
    for encoded in (False, True):
        other = grounded.but(place=type(place)(user, extension, place.phone_call), encoded=encoded)
        if other != grounded:
            yield other


def _users(probe: Probe) -> frozenset[str]:
    return frozenset({*USERS, probe.target.caller.user_id})


def _at(grounded: Grounded, *, user: str | None = None, extension: str | None = None) -> Grounded:
    place = grounded.place
    return grounded.but(place=type(place)(user or place.user, extension or place.extension, place.phone_call))


def _formats(grounded: Grounded) -> Iterator[tuple[str, Grounded]]:
    """Yield the same start in the other formats."""
    refused = grounded.members.get("format")
    for other in FORMATS:
        if other != refused:
            yield FORMATS[refused], grounded.without("format") if other is None else grounded.with_members(format=other)
