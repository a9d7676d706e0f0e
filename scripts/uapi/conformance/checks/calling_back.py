"""Checks of callbacks: phone calls that a Callback extension places between two public numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.conformance.checks import expect
from uapi.conformance.checks.ordering import BAD_REQUEST, REFUSED, refused
from uapi.conformance.checks.placed import callback, dismiss
from uapi.conformance.checks.registry import check_by_phone
from uapi.conformance.line import OK

if TYPE_CHECKING:
    from uapi.conformance.probe import Probe


@check_by_phone("MAKE-040")
def a_callback_is_placed(probe: Probe) -> None:
    """A callback between the two public numbers of the target."""
    body = callback(probe)
    exchange = probe.telephone.create(body, kind="callback")
    dismiss(probe, exchange, body)
    expect.status(exchange, OK)


@check_by_phone("MAKE-041")
def a_callback_needs_its_extension(probe: Probe) -> None:
    """No extension, and `@self`, for the user `@me` and for the identifier of the caller."""
    for user in ("@me", probe.target.caller.user_id):
        for extension in (None, "@self"):
            body = callback(probe, extension=extension)
            refused(probe, probe.telephone.create(body, kind="callback", user=user), body, BAD_REQUEST)


@check_by_phone("MAKE-042")
def a_callback_needs_a_callback_extension(probe: Probe) -> None:
    """The caller's extension, which places simple calls, and a Conference extension where the target names one."""
    conference = probe.target.conference_extension
    for extension in (probe.target.caller.extension, *((conference.extension,) if conference else ())):
        body = callback(probe, extension=extension)
        refused(probe, probe.telephone.create(body, kind="callback"), body, REFUSED, called="a refusal")
