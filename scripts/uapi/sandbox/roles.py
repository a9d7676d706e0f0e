"""The roles of a world: which parts of it a conformance run is about."""

from __future__ import annotations

from uapi.sandbox.records import Record, Secret
from uapi_phonecalls import models


class TargetToken(Record):
    """A role that is known by its token."""

    token: Secret


class TargetUser(TargetToken):
    """A role that is a user with an extension."""

    user_id: models.UserId
    extension: models.ExtensionNumber


class TargetView(Record):
    """A role that is a view of a phone call."""

    id: models.PhoneCallId
    view_id: models.PhoneCallViewId


class TargetCall(TargetView):
    """A role that is a view of a phone call of an extension."""

    extension: models.ExtensionNumber


class TargetExtension(Record):
    """A role that is an extension."""

    extension: models.ExtensionNumber


class TargetPair(Record):
    """A role that is two numbers between which phone calls are placed."""

    source: models.PhoneNumber
    destination: models.PhoneNumber


class TargetCreate(TargetPair):
    """A role that is how phone calls are placed, and for how long those last whose end is waited for."""

    limit_seconds: int | None = None


class TargetNumber(Record):
    """A role that is a public number."""

    number: models.PhoneNumber


class TargetCallback(TargetPair):
    """A role that is a Callback extension, with two public numbers to connect."""

    extension: models.ExtensionNumber


class TargetConference(TargetExtension):
    """A role that is a Conference extension, with a scheduled conference."""

    number: int
    pin: str


class Target(Record):
    """Which part of the world plays which role in a conformance run, in the terms of its target configuration."""

    caller: TargetUser
    phone_call: TargetView
    stranger: TargetUser | None = None
    expired: TargetToken | None = None
    organization: TargetToken | None = None
    other_organization: TargetToken | None = None
    administrator: TargetToken | None = None
    idle: TargetExtension | None = None
    unrecordable_call: TargetCall | None = None
    ending_call: TargetCall | None = None
    create: TargetCreate | None = None
    second_extension: TargetExtension | None = None
    unanswered: TargetExtension | None = None
    foreign_extension: TargetExtension | None = None
    public_number: TargetNumber | None = None
    callback_extension: TargetCallback | None = None
    conference_extension: TargetConference | None = None
