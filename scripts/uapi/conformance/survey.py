"""One exchange of each ordinary kind, for the requirements that are observed in passing."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from uapi.conformance import rough
from uapi.conformance.finding import NotExercised
from uapi.conformance.line import KIND_OF
from uapi.conformance.place import JSON, UNKNOWN_METHOD, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uapi.conformance.probe import Probe

REPEATED: Final = (
    ("caller", (JSON, ("Content-Type", "text/plain"))),
    (None, (JSON, ("Authorization", "Bearer no-such-token"), ("Authorization", "Bearer none-such"))),
)
"""Headers that no request may repeat, each with whose token it carries besides."""
NOTHING: Final = b"{}"
"""A body that asks for a phone call between nobody and nobody."""


def survey(probe: Probe) -> None:
    """Have one exchange of each ordinary kind."""
    features = probe.target.features
    probe.start()
    if features.get:
        probe.get()
    if features.list:
        probe.list()
        probe.list(Place("@me", "@self"))
    probe.quiet()
    probe.start(format="survey")
    probe.update({"action": "StartRecording", "phoneCallViewId": probe.view}, principal=None)
    probe.update({"action": "NoSuchAction", "phoneCallViewId": probe.view})
    probe.session.send(probe.request(UNKNOWN_METHOD, probe.place, operation=None))
    _odd_updates(probe)
    if probe.session.guard.telephony and features.create:
        _calls_that_are_refused(probe)
        _hang_ups_that_are_refused(probe)


def _odd_updates(probe: Probe) -> None:
    start = json.dumps({"action": "StartRecording", "phoneCallViewId": probe.view}).encode()
    odd: list[tuple[str | None, Sequence[tuple[str, str]], bytes]] = []
    odd += [(principal, headers, start) for principal, headers in REPEATED]
    odd += [("caller", (JSON,), body) for body in rough.bodies(probe.view)]
    odd.append((None, (JSON, ("Authorization", f"Bearer {rough.LONG_TOKEN}")), start))
    for principal, headers, body in odd:
        request = probe.request(
            "PUT", probe.place, operation="updatePhoneCall", principal=principal, headers=headers, body=body
        )
        probe.session.send(replace(request, irregular=True))


def _calls_that_are_refused(probe: Probe) -> None:
    for setting, kind in KIND_OF.items():
        if not getattr(probe.target.features, setting):
            continue
        for principal in (None, *_others(probe)):
            probe.telephone.ask(kind, NOTHING, principal=principal)
        probe.telephone.ask(kind, b" " * rough.LARGE + NOTHING)
        probe.telephone.ask(kind, NOTHING, headers=(("Content-Type", "text/plain"),))
        probe.session.send(probe.request(UNKNOWN_METHOD, Place("@me", kind), operation=None))


def _hang_ups_that_are_refused(probe: Probe) -> None:
    second = probe.target.second_extension
    if not probe.target.features.hang_up or second is None:
        return
    place = Place("@me", second.extension)
    with suppress(NotExercised):  # it has phone calls of others
        for principal in (None, *_others(probe)):
            probe.telephone.ask_to_hang_up(place, principal=principal)
        probe.telephone.ask_to_hang_up(place, query={"fields": "nosuchfield"})


def _others(probe: Probe) -> Sequence[str]:
    """Return a principal who may not reach the caller's phone calls, if the target names one."""
    return [name for name in ("stranger", "other_organization") if name in probe.session.credentials][:1]
