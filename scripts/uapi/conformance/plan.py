"""Says in words what a run would do to a target, without sending anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.conformance.line import ACTIONS_OF, KIND_OF
from uapi.conformance.register import TELEPHONY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uapi.conformance.register import Requirement
    from uapi.conformance.target import Target

OPERATIONS: Final = {"listPhoneCalls": "list", "getPhoneCall": "get", "updatePhoneCall": None}
"""The operations in the order of their weight, each with the feature that offers it."""
ASKED: Final = {
    "list": "a list",
    "get": "a GET of the phone call",
    "stop_recording": "a StopRecording",
    "hang_up": "a hang-up",
    **{name: f"a POST to /{kind} with an empty object" for name, kind in KIND_OF.items()},
    **{name: " and ".join(actions) for name, actions in ACTIONS_OF.items()},
}
"""What is asked of each feature, by its setting."""
ROLES: Final = {
    "caller": "whose phone call it is",
    "stranger": "who must be refused on it",
    "expired": "which must be refused",
    "organization": "which reaches it",
    "other_organization": "which must be refused on it",
    "administrator": "who reaches it",
}


def plan(target: Target, requirements: Sequence[Requirement], workers: int = 1) -> list[str]:
    """Return what a run on some requirements would send, at most: a line for each principal, then what is updated."""
    features = target.features
    telephony = target.create is not None and any(row.profile == TELEPHONY for row in requirements)
    places = telephony or target.phone_call.source == "create"
    unknown, lacking = features.unknown(telephony=telephony), features.lacking(telephony=telephony)
    operations = [name for name, feature in OPERATIONS.items() if features.offers(feature)]
    actions = "StartRecording and StopRecording" if features.stop_recording else "StartRecording"
    lines = [f"target {target.base_url}, {len(requirements)} requirements; nothing is sent now"]
    lines += _calls(target, workers)
    if unknown:
        asked = ", ".join(ASKED[name] for name in unknown)
        view = ", of a view that does not exist" if "stop_recording" in unknown else ""
        lines.append(f"first, the caller finds out what the target offers: {asked}{view}")
    sent = ", ".join(operations)
    for name in target.principals():
        lines.append(f"{_named(name)}, {ROLES[name]}: sends {sent}")
    lines.append(f"without a token, and with one that does not exist: {sent}; each must be refused")
    if lacking:
        asked = ", ".join(ASKED[name] for name in lacking)
        lines.append(f"the caller, for what the target does not offer: sends {asked}; each must be refused")
    lines.append(f"updated by {actions}, valid requests and invalid ones:")
    lines += [f"  {line}" for line in _updated(target, workers)]
    if telephony:
        lines += _placed(target)
    lines += _never(target, places=places)
    lines += [f"warning: {warning}" for warning in target.warnings()]
    absent = [name for name in ROLES if name not in target.principals()]
    if absent:
        lines.append(f"not looked at, for the target names none: {', '.join(map(_named, absent))}")
    if target.max_requests_per_second:
        lines.append(f"at most {target.max_requests_per_second:g} requests in a second")
    return lines


def _calls(target: Target, workers: int) -> Iterator[str]:
    call = target.phone_call
    times = "" if workers == 1 else f", {workers} times, once for each worker"
    match call.source:
        case "discover":
            extension = call.extension or target.caller.extension
            yield f"first, the caller lists the phone calls of the extension {extension} and takes {_number(workers)}"
        case "command" if call.place:
            yield f"first, {call.place[0]} places a phone call{times}" + (
                f"; at the end, {call.hang_up[0]} hangs it up" if call.hang_up else ""
            )
        case "create" if target.create:
            numbers = target.create
            yield f"first, the caller places a phone call from {numbers.source} to {numbers.destination}{times}"
        case _:
            pass


def _placed(target: Target) -> Iterator[str]:
    if target.create is None:
        return
    numbers = target.create
    yield f"placed by the caller: phone calls from {numbers.source} to {numbers.destination}, one after the other"
    roles = {
        "unanswered": target.unanswered,
        "second_extension": target.second_extension,
        "callback_extension": target.callback_extension,
        "conference_extension": target.conference_extension,
        "public_number": target.public_number,
    }
    named = [name for name, section in roles.items() if section is not None]
    if named:
        yield f"also called: {', '.join(sorted(target.numbers()))} ({', '.join(named)})"
    if missing := [name for name in roles if name not in named]:
        yield f"not looked at, for the target names none: {', '.join(missing)}"
    acted = [action for name, actions in ACTIONS_OF.items() if getattr(target.features, name) for action in actions]
    yield f"sent to these phone calls: {', '.join(acted)}, and hang-ups"


def _number(workers: int) -> str:
    return "one that fits" if workers == 1 else f"{workers} that fit, one for each worker"


def _updated(target: Target, workers: int) -> Iterator[str]:
    call, caller = target.phone_call, target.caller
    name = f"the phone call {call.id}, above all its view {call.view_id}" if call.known else "that phone call"
    yield f"{name}, on the extension {caller.extension} of the user {caller.user_id}"
    for further in call.further[: workers - 1]:
        yield f"the phone call {further.id}, above all its view {further.view_id}, on the extension {further.extension}"
    if (other := target.unrecordable_call) is not None:
        yield f"the phone call {other.id}, view {other.view_id}, on the extension {other.extension}: must be refused"
    if (other := target.ending_call) is not None:
        yield f"the phone call {other.id}, view {other.view_id}, on the extension {other.extension}: it ends meanwhile"
    yield "ids that are made up, such as nosuchphonecall: must be refused"


def _never(target: Target, *, places: bool) -> Iterator[str]:
    if places:
        yield "never: another phone call, a number that is not named, a hang-up of what the kit did not place"
        if target.features.hang_up:
            yield "at the end, also after Ctrl-C: every phone call that the kit placed is hung up"
    else:
        yield "never: another phone call, another action, POST (places calls), DELETE (hangs up)"
    if target.features.stop_recording:
        yield "at the end, also after Ctrl-C: what the kit started is stopped; what others record is left alone"


def _named(principal: str) -> str:
    return principal.replace("_", " ")
