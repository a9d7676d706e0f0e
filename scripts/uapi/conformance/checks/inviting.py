"""Checks of invitations to conferences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.conformance.checks import expect
from uapi.conformance.checks.ordering import REFUSED, refused
from uapi.conformance.checks.placed import dismiss, invitation, placing
from uapi.conformance.checks.registry import check_by_phone
from uapi.conformance.finding import NotExercised
from uapi.conformance.line import OK

if TYPE_CHECKING:
    from uapi.conformance.probe import Probe

KIND = "conferenceInvite"


@check_by_phone("MAKE-050")
def an_invitation_is_placed(probe: Probe) -> None:
    """The destination of the target is invited to the conference of the extension."""
    body = invitation(probe)
    exchange = probe.telephone.create(body, kind=KIND)
    dismiss(probe, exchange, body)
    expect.status(exchange, OK)


@check_by_phone("MAKE-051")
def an_invitation_needs_a_conference_extension(probe: Probe) -> None:
    """No extension, the caller's, which places simple calls, and a Callback one where the target names it."""
    callback = probe.target.callback_extension
    for extension in (None, probe.target.caller.extension, *((callback.extension,) if callback else ())):
        body = invitation(probe, extension=extension)
        refused(probe, probe.telephone.create(body, kind=KIND), body, REFUSED, called="a refusal")


@check_by_phone("MAKE-052")
def an_invitation_names_a_scheduled_conference(probe: Probe) -> None:
    """The number and the PIN of the conference of the target."""
    probe.telephone.role("conference_extension")
    role = probe.target.conference_extension
    if role is None or role.number is None or role.pin is None:
        raise NotExercised("the target names no conference_extension.number and conference_extension.pin")
    body = invitation(probe)
    dismiss(probe, placing(probe, body, kind=KIND), body)
    exchange = probe.telephone.create(body, kind=KIND, query={"number": str(role.number), "pin": role.pin})
    dismiss(probe, exchange, body)
    expect.status(exchange, OK)
