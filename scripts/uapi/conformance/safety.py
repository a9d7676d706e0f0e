"""Does no harm: asks for permission, looks before it starts, and stops what it started, however a run ends."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from uapi.conformance.answers import entries_of, recordings_of, views_of
from uapi.conformance.errors import TargetError, UnreachableError
from uapi.conformance.features import find_out_reading, find_out_stopping, find_out_telephony
from uapi.conformance.finding import Failed
from uapi.conformance.interruption import interruptible, undisturbed
from uapi.conformance.place import Place
from uapi.conformance.probe import REFUSED
from uapi.conformance.target.settings import environment_name, option_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from uapi.conformance.interruption import Interruption
    from uapi.conformance.probe import Probe
    from uapi.conformance.target import Target

LOOK: Final = "look"
"""The phase of the requests that are sent before anything is started."""
PERMISSION: Final = ("recording_is_permitted",)
PLACING: Final = ("placing_is_permitted",)


def confirm(target: Target, *, places_calls: bool = False) -> None:
    """Raise TargetError for a target on another machine where nobody permitted what the run does to people."""
    if target.is_loopback:
        return
    if places_calls and not target.placing_is_permitted:
        numbers = ", ".join(sorted(target.numbers()))
        message = f"a run places real phone calls on this target, between the numbers that it names: {numbers}"
        hint = (
            f"If nobody is disturbed by that, say so: {option_name(PLACING)}, {environment_name(PLACING)}=true, or "
            f"{PLACING[0]} = true in the target file. With --dry-run you see what would be sent."
        )
        raise TargetError(message, where=target.base_url, hint=hint)
    if target.recording_is_permitted:
        return
    message = (
        "a run starts recordings of real phone calls on this target. In many countries it is an offence to record "
        "people without their knowledge and consent"
    )
    hint = (
        f"Once everybody on these calls agreed, say so: {option_name(PERMISSION)}, {environment_name(PERMISSION)}=true,"
        f" or {PERMISSION[0]} = true in the target file. With --dry-run you see what would be sent."
    )
    raise TargetError(message, where=target.base_url, hint=hint)


@contextmanager
def restored(probe: Probe) -> Iterator[Interruption]:
    """Leave the phone calls as they were found: afterwards, what the kit started is stopped, and nothing else.

    This holds for Ctrl-C, SIGTERM, a closed terminal, and any exception. How to look and how to stop depends on what
    the target offers; where that is left open, it is found out. Raises TargetError where the view under test is being
    recorded already, or the phone call is not there.
    """
    find_out_reading(probe)
    look(probe)
    with interruptible() as interruption:
        try:
            find_out_stopping(probe)
            if probe.session.guard.telephony:
                find_out_telephony(probe)
            yield interruption
        finally:
            with undisturbed():
                phase, probe.session.phase = probe.session.phase, "clean-up"
                try:
                    probe.clean_up()
                finally:
                    probe.session.phase = phase


def look(probe: Probe) -> None:
    """Note which views of the target's phone calls others are recording.

    Raises TargetError where the one under test is recorded already or not there, and UnreachableError where the target
    shows phone calls in a way that nobody can read.
    """
    guard, phase = probe.session.guard, probe.session.phase
    probe.session.phase = LOOK
    try:
        for call, extension in probe.target.calls().items():
            entry = _shown(probe, Place("@me", extension, call))
            if call == probe.target.phone_call.id:
                _testable(probe, entry)
            recordings = recordings_of(entry) if entry is not None else {}
            guard.foreign.update((call, view) for view, value in recordings.items() if value is not None)
    finally:
        probe.session.phase = phase


def _shown(probe: Probe, place: Place) -> dict[str, Any] | None:
    """Return a phone call as the target shows it, by GET or in a list; None where it shows it in neither."""
    features = probe.target.features
    if features.get and (entries := _entries(probe, place)):
        return entries[0]
    if features.list:
        for entry in _entries(probe, Place(place.user, place.extension)):
            if entry.get("id") == place.phone_call:
                return entry
    return None


def _entries(probe: Probe, place: Place) -> list[dict[str, Any]]:
    try:
        return entries_of(probe.list(place) if place.phone_call is None else probe.get(place))
    except Failed:
        return []  # what is wrong with the answer is for the checks to say


def _unreadable(probe: Probe) -> str | None:
    """Return what is wrong with all the answers of the look; None where one is as it should be, or a refusal."""
    reason = None
    for exchange in probe.session.exchanges:
        if exchange.phase == LOOK:
            if exchange.status in REFUSED:
                return None
            try:
                entries_of(exchange)
            except Failed as finding:
                reason = finding.message
            else:
                return None
    return reason


def _testable(probe: Probe, call: dict[str, Any] | None) -> None:
    """Raise TargetError where the phone call under test is not fit for it."""
    features, wanted = probe.target.features, probe.target.phone_call
    extension = probe.target.caller.extension
    if call is None:
        if (reason := _unreadable(probe)) is not None:
            hint = "It must answer GET or List as the API does, for the kit to see what is recorded before it starts."
            raise UnreachableError(f"the target shows no phone calls: {reason}", where=probe.target.base_url, hint=hint)
        if features.get or features.list:
            message = f"the target shows no phone call {wanted.id} on the extension {extension}"
            hint = (
                "It may have ended: place one, and name it. If the target cannot show it, set features.get and "
                "features.list to false."
            )
            raise TargetError(message, where="phone_call.id", hint=hint)
        probe.session.warn(f"nobody can see whether the view {wanted.view_id} was being recorded before the run")
        return
    ids = [view.get("id") for view in views_of(call)]
    if ids and all(isinstance(view, str) for view in ids) and wanted.view_id not in ids:
        message = f"the phone call {wanted.id} has no view {wanted.view_id}"
        raise TargetError(message, where="phone_call.view_id", hint=f"Its views are: {', '.join(map(str, ids))}.")
    if recordings_of(call).get(wanted.view_id) is not None:
        message = f"the view {wanted.view_id} of the phone call {wanted.id} is being recorded already"
        hint = (
            "The kit would have to stop that recording, which is not its own. Choose another view or phone call, or "
            "stop the recording yourself if it is a left-over."
        )
        raise TargetError(message, where="phone_call.view_id", hint=hint)
