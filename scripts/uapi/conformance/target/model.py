"""What a target configuration says, as frozen models. A setting that is not shown by `repr` is a secret."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from uapi.conformance.target.values import (
    UNKNOWN,
    BaseUrl,
    Command,
    File,
    Headers,
    Offered,
    ProxyUrl,
    Segment,
    Several,
    Text,
    Token,
    TokenUrl,
)

OF_RECORDING: Final = frozenset({"list", "get", "stop_recording"})
"""The features for which no phone call is placed."""
SHORTEST_SECRET: Final = 4
"""A header's value that is shorter, such as `1`, hides nothing, and to redact it would garble every report."""


def contradiction(setting: str, message: str) -> PydanticCustomError:
    """Return the error of settings that do not go together; `setting` is the one to mend."""
    return PydanticCustomError("contradiction", "{message}", {"message": message, "setting": setting})


class Section(BaseModel):
    """A part of the configuration; a setting that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OAuth(Section):
    """An App that is trusted: it gets tokens for its own credentials."""

    token_url: TokenUrl = Field(description="where tokens are requested, usually https://HOST/oauth/token.php")
    client_id: Text = Field(description="the App Key")
    client_secret: Text = Field(repr=False, description="the App Secret")
    type: str = Field(default="unifiedapi", description="the `type` that the request carries; empty for none")
    redirect_uri: Text | None = Field(default=None, description="the `redirect_uri`, where the App has one")
    scope: Text | None = Field(default=None, description="the `scope` to ask for")


class Expired(Section):
    """A token that was valid once. It is not renewed."""

    token: Token | None = Field(default=None, repr=False, description="an expired access token")
    token_command: Command | None = Field(
        default=None, repr=False, description="a program whose first line of output is that token"
    )

    @model_validator(mode="after")
    def _one_kind_of_credentials(self) -> Self:
        kinds = [name for name in ("token", "token_command", "oauth") if getattr(self, name, None) is not None]
        if not kinds:
            raise contradiction("token", "it is required")
        if len(kinds) > 1:
            raise contradiction(kinds[1], f"{' and '.join(kinds)} exclude each other")
        return self


class Account(Expired):
    """A principal of whom only a token is needed: given, printed by a program, or got from a token endpoint."""

    token: Token | None = Field(default=None, repr=False, description="an access token; or token_command, or oauth")
    token_command: Command | None = Field(
        default=None, repr=False, description="a program whose first line of output is an access token"
    )
    oauth: OAuth | None = Field(default=None, description="OAuth client credentials")


class User(Account):
    """A principal that is a user, with an extension of its own."""

    user_id: Segment = Field(description="the user's identifier")
    extension: Segment = Field(description="an extension of the user, in its extended form")


class OtherPhoneCall(Section):
    """A phone call of the caller, on an extension of its own."""

    id: Segment = Field(description="the id of the phone call")
    view_id: Segment = Field(description="the id of its view")
    extension: Segment = Field(description="the extension of the call")

    def __str__(self) -> str:
        """Return the phone call as a setting of text has it."""
        return f"{self.extension}/{self.id}/{self.view_id}"


class PhoneCall(Section):
    """The phone call in progress whose view is recorded: given by its ids, or how to come by one."""

    source: Literal["given", "discover", "command", "create"] = Field(
        default="given",
        description="`given` by id and view_id, `discover` by List, `command` by a program, `create` through the API",
    )
    id: Segment = Field(default="", description="given: the id of a phone call in progress")
    view_id: Segment = Field(default="", description="given: the id of the view to record, best one of two")
    further: Several[OtherPhoneCall] = Field(
        default=(), description="given: EXTENSION/ID/VIEW_ID of one more phone call for each further worker"
    )
    extension: Segment | None = Field(default=None, description="discover: on which extension, if not the caller's")
    minimum_views: int = Field(default=2, ge=1, le=100, description="discover: how many views the call has at least")
    place: Command | None = Field(
        default=None, description='command: a program that places a call and prints {"id": …, "view_id": …}'
    )
    hang_up: Command | None = Field(
        default=None, description="command: a program that ends the call; it gets the id as its last argument"
    )
    command_timeout_seconds: float = Field(
        default=30.0, gt=0, le=600, description="command: how long each program may take, in seconds"
    )

    @property
    def known(self) -> bool:
        """Whether the ids are known; they are not before a call was discovered or placed."""
        return bool(self.id and self.view_id)

    @model_validator(mode="after")
    def _belongs_to_its_source(self) -> Self:
        needs: dict[str, tuple[str, ...]] = {"given": ("id", "view_id"), "command": ("place",)}
        for name in needs.get(self.source, ()):
            if not getattr(self, name):
                raise contradiction(name, "it is required")
        speaks = {
            "given": {"id", "view_id", "further"},
            "discover": {"extension", "minimum_views"},
            "command": {"place", "hang_up", "command_timeout_seconds"},
            "create": set(),
        }
        for name in type(self).model_fields:
            if name in self.model_fields_set - speaks[self.source] - {"source"}:
                raise contradiction(name, f'it says nothing of a phone call whose source is "{self.source}"')
        ids = [self.id, *(call.id for call in self.further)]
        if len(set(ids)) < len(ids):
            raise contradiction("further", "it names a phone call twice, and each worker needs one of its own")
        return self

    def found(self, phone_call: str, view: str, further: tuple[OtherPhoneCall, ...] = ()) -> PhoneCall:
        """Return the phone call with the ids that were discovered or placed, and with those of further workers."""
        return self.model_copy(update={"id": phone_call, "view_id": view, "further": further})


class Extension(Section):
    """An extension that plays a role in a run."""

    extension: Segment = Field(description="the extension, in its extended form")


class Numbers(Section):
    """Two numbers between which phone calls are placed."""

    source: Segment = Field(description="the number that is called first")
    destination: Segment = Field(description="the number that it is then connected with; it answers by itself")


class Create(Numbers):
    """How phone calls are placed: by the caller, on the caller's extension, between two extensions of the caller."""

    answer_timeout_seconds: float = Field(
        default=15.0, gt=0, le=600, description="how long an answer may take that is called for, in seconds"
    )
    limit_seconds: int = Field(
        default=10,
        ge=1,
        le=3600,
        description="waitForPickup, callDuration and maxInParking where the kit waits for their end, in seconds",
    )


class PublicNumber(Section):
    """A number outside of the system."""

    number: Segment = Field(description="a public number that answers")


class CallbackExtension(Numbers):
    """An extension of type Callback, with two public numbers to connect."""

    extension: Segment = Field(description="an extension of the caller, of type Callback")


class ConferenceExtension(Section):
    """An extension of type Conference, with a conference that is scheduled on it."""

    extension: Segment = Field(description="an extension of the caller, of type Conference")
    number: int | None = Field(default=None, ge=0, description="the number of a scheduled conference")
    pin: Text | None = Field(default=None, description="the PIN of that conference; it stands in the reports")


class Features(Section):
    """What the server offers. A feature that it lacks leaves its requirements out of the verdict (D-16).

    One that is `unknown` is taken for offered until the kit has found out.
    """

    list: Offered = Field(default=True, description="whether the server lists phone calls: true, false or unknown")
    get: Offered = Field(default=True, description="whether the server returns one phone call: true, false or unknown")
    stop_recording: Offered = Field(
        default=True, description="whether the server stops recordings: true, false or unknown"
    )
    create: Offered = Field(default=True, description="whether the server places simple calls: true, false or unknown")
    callback: Offered = Field(default=True, description="whether the server places callbacks: true, false or unknown")
    conference_invite: Offered = Field(
        default=True, description="whether the server invites to conferences: true, false or unknown"
    )
    hang_up: Offered = Field(default=True, description="whether the server hangs up: true, false or unknown")
    hold: Offered = Field(default=True, description="whether it has OnHold and OffHold: true, false or unknown")
    pick_up: Offered = Field(default=True, description="whether it has PickUp: true, false or unknown")
    barge_in: Offered = Field(default=True, description="whether it has BargeIn: true, false or unknown")
    park: Offered = Field(default=True, description="whether it has Park and UnPark: true, false or unknown")
    whisper: Offered = Field(default=True, description="whether it has Whisper: true, false or unknown")
    monitor: Offered = Field(default=True, description="whether it has Monitor: true, false or unknown")
    transfer: Offered = Field(default=True, description="whether it has Transfer: true, false or unknown")
    transfer_to_voicemail: Offered = Field(
        default=True, description="whether it has TransferToVoicemail: true, false or unknown"
    )

    def offers(self, feature: str | None) -> bool:
        """Tell whether a feature of the register, such as `stop-recording`, is offered."""
        return feature is None or getattr(self, feature.replace("-", "_")) is not False

    def unknown(self, *, telephony: bool = False) -> tuple[str, ...]:
        """Return the settings of the features of which nobody has said yet whether the server has them.

        With `telephony`, it is also about those for which phone calls are placed.
        """
        return tuple(name for name in self._asked_for(telephony) if getattr(self, name) == UNKNOWN)

    def lacking(self, *, telephony: bool = False) -> tuple[str, ...]:
        """Return the settings of the features that the server does not have, the same."""
        return tuple(name for name in self._asked_for(telephony) if getattr(self, name) is False)

    def _asked_for(self, telephony: bool) -> tuple[str, ...]:  # noqa: FBT001 - named by its callers
        return tuple(name for name in type(self).model_fields if telephony or name in OF_RECORDING)


class Tls(Section):
    """How the server is recognized, and how the kit makes itself known."""

    ca_file: File | None = Field(default=None, description="certificates to trust instead of the system's, in PEM")
    client_certificate: File | None = Field(default=None, description="the kit's own certificate, in PEM")
    client_key: File | None = Field(default=None, description="the certificate's key, where another file has it")
    verify: bool = Field(default=True, description="false accepts any certificate, also one of an eavesdropper")

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if self.client_key and not self.client_certificate:
            raise contradiction("client_certificate", "tls.client_key is of no use without it")
        if self.ca_file and not self.verify:
            raise contradiction("ca_file", "it is of no use with tls.verify = false")
        return self


class Target(Section):
    """A server under test."""

    base_url: BaseUrl = Field(description="URL of the API with its base path /uapi")
    recording_is_permitted: bool = Field(
        default=False, description="whether everybody on the calls agreed to be recorded; needed unless on loopback"
    )
    placing_is_permitted: bool = Field(
        default=False,
        description="whether the kit may place calls between the numbers here; needed unless on loopback",
    )
    timeout_seconds: float = Field(
        default=10.0, gt=0, le=600, description="how long a whole answer may take, in seconds"
    )
    connect_timeout_seconds: float = Field(
        default=3.0, gt=0, le=600, description="how long a connection may take, in seconds"
    )
    max_requests_per_second: float | None = Field(
        default=None,
        gt=0,
        le=100_000,
        description="how many requests are sent in a second at most; no limit by default",
    )
    proxy: ProxyUrl | None = Field(default=None, repr=False, description="the http URL of a proxy to go through")
    headers: Headers = Field(
        default_factory=dict, repr=False, description="further headers of every request, one 'Name: value' on a line"
    )
    tls: Tls = Field(default_factory=Tls, description="TLS")
    caller: User = Field(description="the user whose phone call is recorded")
    phone_call: PhoneCall = Field(description="the phone call to record")
    stranger: User | None = Field(default=None, description="another user; without one, isolation is not exercised")
    expired: Expired | None = Field(default=None, description="an expired token; without one, expiry is not exercised")
    organization: Account | None = Field(default=None, description="the caller's organization")
    other_organization: Account | None = Field(default=None, description="another organization")
    administrator: Account | None = Field(default=None, description="the administrator")
    idle: Extension | None = Field(default=None, description="an extension of the caller without phone calls")
    create: Create | None = Field(
        default=None,
        description="how calls are placed; without it, what needs a call of the kit's own is not exercised",
    )
    second_extension: Extension | None = Field(
        default=None, description="a further extension of the caller that answers, without phone calls"
    )
    unanswered: Extension | None = Field(
        default=None, description="an extension of the caller that rings and that nobody answers"
    )
    foreign_extension: Extension | None = Field(default=None, description="an extension of another organization")
    public_number: PublicNumber | None = Field(default=None, description="a public number")
    callback_extension: CallbackExtension | None = Field(default=None, description="a Callback extension")
    conference_extension: ConferenceExtension | None = Field(default=None, description="a Conference extension")
    unrecordable_call: OtherPhoneCall | None = Field(
        default=None, description="a phone call on a terminal that is not set up for recording"
    )
    ending_call: OtherPhoneCall | None = Field(default=None, description="a phone call that ends while it is updated")
    features: Features = Field(default_factory=Features, description="what the server offers")

    @model_validator(mode="after")
    def _can_place_calls(self) -> Self:
        if self.phone_call.source == "create" and self.create is None:
            raise contradiction("create", 'phone_call.source = "create" needs create.source and create.destination')
        return self

    def numbers(self) -> frozenset[str]:
        """Return every number that the kit may have called: those that the configuration names for it."""
        roles = (self.create, self.second_extension, self.unanswered, self.foreign_extension, self.public_number)
        named = {self.caller.extension} | ({self.stranger.extension} if self.stranger else set())
        for role in (*roles, self.callback_extension, self.conference_extension):
            shown = role.model_dump(include={"extension", "source", "destination"}) if role is not None else {}
            named |= {str(value) for value in shown.values()}
        return frozenset(named | ({self.public_number.number} if self.public_number else set()))

    def principals(self) -> dict[str, Expired]:
        """Return the principals that are configured, by name."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: section for name, section in found.items() if isinstance(section, Expired)}

    def calls(self) -> dict[str, str]:
        """Return the extension of each phone call that may be updated, by the id of the call."""
        others = [call for call in (self.unrecordable_call, self.ending_call) if call is not None]
        found = {call.id: call.extension for call in (*others, *self.phone_call.further)}
        return found | ({self.phone_call.id: self.caller.extension} if self.phone_call.id else {})

    def secrets(self) -> dict[str, str]:
        """Return each secret of the configuration with the shell variable that stands for it in a report."""
        found: dict[str, str] = {}
        for name, section in self.principals().items():
            if section.token is not None:
                found.setdefault(section.token, f"$UAPI_{name.upper()}_TOKEN")
            oauth: OAuth | None = getattr(section, "oauth", None)
            if oauth is not None:
                found.setdefault(oauth.client_secret, f"$UAPI_{name.upper()}_OAUTH_CLIENT_SECRET")
        for name, value in self.headers.items():
            if len(value) >= SHORTEST_SECRET:
                found.setdefault(value, f"$UAPI_HEADERS_{''.join(c if c.isalnum() else '_' for c in name).upper()}")
        if self.proxy and (password := urlsplit(self.proxy).password):
            found.setdefault(unquote(password), "$UAPI_PROXY_PASSWORD")
        return found

    @property
    def is_loopback(self) -> bool:
        """Whether the server is this machine for sure: by its address or as localhost, and not through a proxy."""
        return self.proxy is None and is_loopback(self.base_url)

    def warnings(self) -> list[str]:
        """Return what a reader of the report has to know of the configuration."""
        found = []
        if not self.tls.verify:
            found.append("tls.verify is false: nobody knows who answered, and who read the tokens on the way")
        urls = [self.base_url]
        urls += [o.token_url for s in self.principals().values() if (o := getattr(s, "oauth", None)) is not None]
        if plain := sorted({url for url in urls if url.startswith("http:") and not is_loopback(url)}):
            found.append(f"tokens travel unencrypted to {', '.join(plain)}: use https")
        if not self.features.stop_recording:
            found.append("features.stop_recording is false: what the kit starts to record goes on until the call ends")
        return found


def is_loopback(url: str) -> bool:
    """Tell whether a URL names this machine: an address of 127.0.0.0/8, ::1, or localhost."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
