"""Checks of ADDR: how a phone call is addressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.conformance.checks import expect
from uapi.conformance.checks.registry import check
from uapi.conformance.finding import Failed, NotExercised
from uapi.conformance.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

NO_USERS = ("nosuchuser", "@nobody", "@ME")
NO_CALLS = ("nosuchphonecall", "00000000000000000000")
NO_CALL_IDS = ("no-such-call", "call!", "call 1", "\u00e9")


def reached(probe: Probe, place: Place, *, path: str | None = None) -> None:
    """Expect that an update and, where it is offered, a GET at a place are about the phone call under test."""
    probe.quiet()
    exchange = probe.update(
        {"action": "StartRecording", "phoneCallViewId": probe.view, "format": "wav"}, place, path=path
    )
    call = expect.updated(probe, exchange)
    if call.get("id") != probe.place.phone_call:
        message = f"the update at {place.path()} was about the phone call {call.get('id')!r}"
        raise Failed(message, exchange)
    if path is None and probe.target.features.get:
        expect.only_entry(probe.get(place), str(probe.place.phone_call))


def everywhere(probe: Probe, place: Place) -> Iterator[Exchange]:
    """Yield the exchanges of each offered operation at a place."""
    yield probe.start(place)
    if probe.target.features.get:
        yield probe.get(place)
    if probe.target.features.list:
        yield probe.list(Place(place.user, place.extension))


@check("ADDR-001")
def updates_at_the_documented_path(probe: Probe) -> None:
    """The path is the plural one, and the method is PUT (D-01)."""
    probe.quiet()
    expect.carried_out(probe, probe.start())


@check("ADDR-002")
def me_is_the_authenticated_user(probe: Probe) -> None:
    """`@me` reaches the caller's phone call."""
    reached(probe, Place("@me", probe.place.extension, probe.place.phone_call))


@check("ADDR-003")
def viewer_is_the_authenticated_user(probe: Probe) -> None:
    """`@viewer` reaches the caller's phone call."""
    reached(probe, Place("@viewer", probe.place.extension, probe.place.phone_call))


@check("ADDR-004")
def owner_is_the_owner_of_the_extension(probe: Probe) -> None:
    """`@owner` reaches the phone call of the extension's owner."""
    reached(probe, Place("@owner", probe.place.extension, probe.place.phone_call))


@check("ADDR-005")
def a_user_is_addressed_by_identifier(probe: Probe) -> None:
    """The identifier of the caller reaches the caller's phone call."""
    reached(probe, Place(probe.target.caller.user_id, probe.place.extension, probe.place.phone_call))


@check("ADDR-006")
def self_and_the_id_identify_the_call(probe: Probe) -> None:
    """`@self` stands for the extension, for `@me` and for the user's identifier."""
    reached(probe, Place("@me", "@self", probe.place.phone_call))
    reached(probe, Place(probe.target.caller.user_id, "@self", probe.place.phone_call))


@check("ADDR-007")
def reserved_characters_stand_as_they_are(probe: Probe) -> None:
    """`@` and `*` are sent raw, as every client of the vendor does."""
    reached(probe, probe.place, path=probe.place.path())
    reached(probe, probe.place, path=Place("@me", "@self", probe.place.phone_call).path())


@check("ADDR-008")
def reserved_characters_are_decoded(probe: Probe) -> None:
    """`@` and `*` are sent as %40 and %2A, as OpenAPI clients do, and in small letters (RFC 3986, section 2.1)."""
    reached(probe, probe.place, path=probe.place.path(safe=""))
    reached(probe, probe.place, path=probe.place.path(safe="").replace("%2A", "%2a"))
    reached(probe, probe.place, path=Place("@me", "@self", probe.place.phone_call).path(safe=""))


@check("ADDR-009")
def a_slash_at_the_end_is_ignored(probe: Probe) -> None:
    """The path with a slash at its end reaches the phone call."""
    reached(probe, probe.place, path=probe.place.path() + "/")


@check("ADDR-010")
def an_unknown_user_is_refused(probe: Probe) -> None:
    """Users that do not exist, and reserved values that are none."""
    for user in NO_USERS:
        place = Place(user, probe.place.extension, probe.place.phone_call)
        expect.refused_with(everywhere(probe, place), "user_invalid")


@check("ADDR-011")
def an_unknown_extension_is_refused(probe: Probe) -> None:
    """Extensions that do not exist, that are no number, and a reserved value that is none."""
    organization = probe.place.extension.rpartition("*")[0]
    for extension in (f"{organization}*999999999999" if organization else "999999999999", "abc", "@other"):
        place = Place("@me", extension, probe.place.phone_call)
        expect.refused_with(everywhere(probe, place), "extension_invalid")


@check("ADDR-012")
def an_unknown_call_is_refused(probe: Probe) -> None:
    """Ids that are well-formed and name no phone call, on an extension and on `@self`."""
    for phone_call in NO_CALLS:
        for extension in (probe.place.extension, "@self"):
            expect.refusal(probe.start(Place("@me", extension, phone_call)), {400}, "pc_phonecall_invalid")


@check("ADDR-013")
def a_call_id_that_is_not_alphanumeric_is_refused(probe: Probe) -> None:
    """Ids with a hyphen, an exclamation mark, a space, a letter outside of ASCII."""
    for phone_call in NO_CALL_IDS:
        expect.refusal(probe.start(Place("@me", probe.place.extension, phone_call)), {400}, "pc_phonecall_invalid")


@check("ADDR-014")
def a_user_who_does_not_own_the_extension_is_refused(probe: Probe) -> None:
    """The stranger's identifier with the caller's extension."""
    if probe.target.stranger is None:
        raise NotExercised("the target names no stranger (stranger.user_id)")
    place = Place(probe.target.stranger.user_id, probe.place.extension, probe.place.phone_call)
    expect.documented_refusal(probe.start(place))
