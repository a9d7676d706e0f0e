"""The world: whose users, extensions, tokens and phone calls the sandbox begins with."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from uapi.sandbox.calls import Call
from uapi.sandbox.errors import WorldError
from uapi_phonecalls import models

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

DEFAULT: Final = "default world"
DEFAULT_FILE: Final = files("uapi.sandbox") / "worlds" / "default.json"
HINT: Final = f"The default world shows how a world is written: {DEFAULT_FILE}"
SHOWN: Final = 80

Secret = Annotated[str, Field(min_length=8, max_length=255, pattern=r"^[\x21-\x7e]+$")]
Name = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9_.:-]+$")]
Mistake = tuple[tuple[str | int, ...], object, str, str]
"""A path, the value there, what is wrong with it and the way out."""


class Record(BaseModel):
    """A part of the world; a member that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Organization(Record):
    """An organization, which owns phone calls."""

    id: models.UserId
    name: Annotated[str, Field(min_length=1, max_length=255)]


class User(Record):
    """A user of an organization."""

    id: models.UserId
    organization: models.UserId


class Extension(Record):
    """An extension of a user, by its number in the extended form.

    `recording_on_demand`: call recording is enabled for its terminal, and triggered when *1 is pressed (REC-027).
    """

    number: Annotated[models.ExtensionNumber, Field(pattern=r"^[0-9]+\*[0-9]+$")]
    user: models.UserId
    recording_on_demand: bool

    @property
    def short(self) -> str:
        """The short form of the number, unique within the organization."""
        return self.number.partition("*")[2]


class Principal(Record):
    """Who a token stands for: the `kind` of account, and the user who is `@me` and `@viewer` (D-28)."""

    id: Name
    kind: Literal["user", "organization", "administrator"]
    user: models.UserId


class App(Record):
    """A trusted App, which gets tokens of its principal for its own credentials (D-04)."""

    client_id: Name
    client_secret: Secret
    principal: Name


class Token(Record):
    """An access token that exists from the beginning.

    `expires_in`: seconds after the world begins; 0 has expired already, and without it the token does not expire.
    """

    token: Secret
    principal: Name
    expires_in: Annotated[int, Field(ge=0, le=10**9)] | None = None


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


class World(Record):
    """All that the sandbox begins with. Every reference leads to something, once `load_world` has returned it."""

    organizations: tuple[Organization, ...]
    users: tuple[User, ...]
    extensions: tuple[Extension, ...]
    principals: tuple[Principal, ...]
    apps: tuple[App, ...] = ()
    tokens: tuple[Token, ...] = ()
    phone_calls: tuple[Call, ...] = ()
    target: Target | None = None

    @cached_property
    def fingerprint(self) -> str:
        """What tells this world from another one."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def load_world(file: Path | None = None) -> World:
    """Return the world of a JSON file, or the default world.

    Raises WorldError for a file that cannot be read or is no JSON, and for the first mistake in it, by JSON path.
    """
    name = str(file) if file else DEFAULT
    try:
        text = (file or DEFAULT_FILE).read_text(encoding="utf-8")
        document = json.loads(text, object_pairs_hook=_without_duplicates)
        world = World.model_validate_json(text)
    except OSError as error:
        message = f"the world cannot be read: {error.strerror}"
        raise WorldError(message, where=name, hint="Name a JSON file with --world.") from error
    except ValidationError as error:
        raise _explained(error, document, name) from error
    except RecursionError as error:
        raise WorldError("the file is nested too deeply", where=name, hint=HINT) from error
    except ValueError as error:  # What is no UTF-8, or no JSON.
        raise WorldError(f"the file is not JSON in UTF-8: {error}", where=name, hint=HINT) from error
    if mistake := next(_mistakes(world), None):
        path, value, problem, hint = mistake
        raise WorldError(f"{_shown(value)} {problem}", where=f"{name}: {json_path(path)}", hint=hint)
    return world


def json_path(path: Sequence[str | int]) -> str:
    """Return a place in a JSON document as `$.phone_calls[3].extension`."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        message = f"an object has the member {next(name for name in names if names.count(name) > 1)!r} twice"
        raise ValueError(message)
    return found


def _explained(error: ValidationError, document: object, name: str) -> WorldError:
    """Name the first mistake by its place; the model's path also has parts that are no members, such as types."""
    first = error.errors(include_url=False)[0]
    place: list[str | int] = []
    value: Any = document
    for part in first["loc"]:
        if not (part in value if isinstance(value, dict) else isinstance(value, list) and isinstance(part, int)):
            break
        value = value[part]
        place.append(part)
    reason = first["msg"].removeprefix("Value error, ")
    if first["type"] in {"missing", "extra_forbidden"}:
        message = f"{first['loc'][-1]!r} is {'missing' if first['type'] == 'missing' else 'not known here'}"
    else:
        message = f"{_shown(value)} is invalid: {reason}"
    return WorldError(message, where=f"{name}: {json_path(place)}", hint=HINT)


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _mistakes(world: World) -> Iterator[Mistake]:
    """Yield what the models cannot see."""
    yield from _duplicates(world)
    yield from _references(world)
    if world.target:
        yield from _roles(world, world.target)


def _duplicates(world: World) -> Iterator[Mistake]:
    keys = (
        ("organizations", "id"),
        ("users", "id"),
        ("extensions", "number"),
        ("principals", "id"),
        ("apps", "client_id"),
        ("tokens", "token"),
        ("phone_calls", "id"),
    )
    for member, key in keys:
        seen = set()
        for index, item in enumerate(getattr(world, member)):
            if (value := getattr(item, key)) in seen:
                yield (member, index, key), value, "is there twice", f"Give each of the {member} a {key} of its own."
            seen.add(value)
    organizations = {user.id: user.organization for user in world.users}
    short = set()
    for index, extension in enumerate(world.extensions):
        number = organizations.get(extension.user), extension.short
        if number in short:
            problem = f"has the short form {extension.short} of another extension of its organization"
            hint = "A short form is unique within an organization: give it another number."
            yield ("extensions", index, "number"), extension.number, problem, hint
        short.add(number)


def _references(world: World) -> Iterator[Mistake]:
    known = {
        "organizations": {organization.id for organization in world.organizations},
        "users": {user.id for user in world.users},
        "extensions": {extension.number for extension in world.extensions},
        "principals": {principal.id for principal in world.principals},
    }
    references = (
        ("users", "organization", "organizations"),
        ("extensions", "user", "users"),
        ("principals", "user", "users"),
        ("apps", "principal", "principals"),
        ("tokens", "principal", "principals"),
        ("phone_calls", "extension", "extensions"),
    )
    for member, key, there in references:
        for index, item in enumerate(getattr(world, member)):
            if (value := getattr(item, key)) not in known[there]:
                yield (member, index, key), value, f"is not among the {there}", f"Add it to the {there}, or mend it."


def _roles(world: World, target: Target) -> Iterator[Mistake]:
    tokens = {token.token for token in world.tokens}
    owners = {extension.number: extension.user for extension in world.extensions}
    calls = {call.id: call for call in world.phone_calls}
    for role in Target.model_fields:
        found: Mapping[str, Any] = dict(getattr(target, role) or {})
        if (token := found.get("token", next(iter(tokens), None))) not in tokens:
            yield ("target", role, "token"), token, "is not among the tokens", "Name a token of the world."
        number = found.get("extension")
        if number is not None and number not in owners:
            yield ("target", role, "extension"), number, "is not among the extensions", "Name one of the world."
        if (user := found.get("user_id")) is not None and owners.get(number or "") != user:
            yield ("target", role, "user_id"), user, f"does not own the extension {number}", "Name its owner."
        if (call_id := found.get("id")) is not None:
            if (call := calls.get(call_id)) is None or (number is not None and number not in call.parties):
                hint = "Name a phone call of the extension."
                yield ("target", role, "id"), call_id, "is not among the phone calls of the extension", hint
            elif call.view(found["view_id"]) is None:
                yield ("target", role, "view_id"), found["view_id"], "is no view of the call", "Name one of its views."
