"""Servers that lack a feature: each request for it is refused, as D-16 lets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mutants.asked import extension, one, several, stops, update
from mutants.messages import Request, Response, error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mutants.mutant import Fault, Serve


def acts(*actions: str) -> Callable[[Request], bool]:
    return lambda request: update(request) and request.action in actions


def places(kind: str) -> Callable[[Request], bool]:
    return lambda request: request.method == "POST" and extension(request) == kind


def hangs_up(request: Request) -> bool:
    return request.method == "DELETE"


TELEPHONY: Final[Mapping[str, Callable[[Request], bool]]] = {
    "create": places("simple"),
    "callback": places("callback"),
    "conference_invite": places("conferenceInvite"),
    "hang_up": hangs_up,
    "hold": acts("OnHold", "OffHold"),
    "pick_up": acts("PickUp"),
    "park": acts("Park", "UnPark"),
    "barge_in": acts("BargeIn"),
    "whisper": acts("Whisper"),
    "monitor": acts("Monitor"),
    "transfer": acts("Transfer"),
    "transfer_to_voicemail": acts("TransferToVoicemail"),
}
ASKED: Final[Mapping[str, Callable[[Request], bool]]] = {
    "list": several,
    "get": one,
    "stop_recording": stops,
    **TELEPHONY,
}
"""What asks for a feature, by the name of its setting."""


def without(features: Mapping[str, bool], fault: Fault) -> Fault:
    """Put a fault before a server that refuses with 501 what asks for a feature that is False."""
    absent = [ASKED[name] for name, offered in features.items() if not offered]

    async def served(request: Request, serve: Serve) -> Response | bytes:
        async def offered(asked: Request) -> Response:
            if any(asks(asked) for asks in absent):
                return error(501, "request_not_implemented")
            return await serve(asked)

        return await fault(request, offered)

    return served
