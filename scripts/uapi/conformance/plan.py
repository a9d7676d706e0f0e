"""Says in words what a run would do to a target, without sending anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uapi.conformance.register import Requirement
    from uapi.conformance.target import Target

OPERATIONS: Final = {"listPhoneCalls": "list", "getPhoneCall": "get", "updatePhoneCall": None}
"""The operations in the order of their weight, each with the feature that offers it."""
ASKED: Final = {"list": "a list", "get": "a GET of the phone call", "stop_recording": "a StopRecording"}
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
    operations = [name for name, feature in OPERATIONS.items() if features.offers(feature)]
    actions = "StartRecording and StopRecording" if features.stop_recording else "StartRecording"
    lines = [f"target {target.base_url}, {len(requirements)} requirements; nothing is sent now"]
    lines += _calls(target, workers)
    if features.unknown:
        asked = ", ".join(ASKED[name] for name in features.unknown)
        view = ", of a view that does not exist" if "stop_recording" in features.unknown else ""
        lines.append(f"first, the caller finds out what the target offers: {asked}{view}")
    sent = ", ".join(operations)
    for name in target.principals():
        lines.append(f"{_named(name)}, {ROLES[name]}: sends {sent}")
    lines.append(f"without a token, and with one that does not exist: {sent}; each must be refused")
    if features.lacking:
        asked = ", ".join(ASKED[name] for name in features.lacking)
        lines.append(f"the caller, for what the target does not offer: sends {asked}; each must be refused")
    lines.append(f"updated by {actions}, valid requests and invalid ones:")
    lines += [f"  {line}" for line in _updated(target, workers)]
    lines += _never(target)
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
        case _:
            pass


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


def _never(target: Target) -> Iterator[str]:
    yield "never: another phone call, another action, POST (places calls), DELETE (hangs up)"
    if target.features.stop_recording:
        yield "at the end, also after Ctrl-C: what the kit started is stopped; what others record is left alone"


def _named(principal: str) -> str:
    return principal.replace("_", " ")
