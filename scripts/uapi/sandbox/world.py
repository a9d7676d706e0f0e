"""The world: whose users, extensions, tokens and phone calls the sandbox begins with."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from uapi.sandbox.calls import KeptCall
from uapi.sandbox.errors import WorldError
from uapi.sandbox.mistakes import mistakes
from uapi.sandbox.plans import QUICKLY, Answering
from uapi.sandbox.records import Record, Secret
from uapi.sandbox.roles import Target
from uapi_phonecalls import models

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DEFAULT: Final = "default world"
DEFAULT_FILE: Final = files("uapi.sandbox") / "worlds" / "default.json"
HINT: Final = f"The default world shows how a world is written: {DEFAULT_FILE}"
SHOWN: Final = 80

Name = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9_.:-]+$")]


class Organization(Record):
    """An organization, which owns phone calls."""

    id: models.UserId
    name: Annotated[str, Field(min_length=1, max_length=255)]


class User(Record):
    """A user of an organization."""

    id: models.UserId
    organization: models.UserId


class Conference(Record):
    """A scheduled conference of a Conference extension, by its number and its PIN (D-90)."""

    number: Annotated[int, Field(ge=0, le=2**31 - 1)]
    pin: Annotated[str, Field(min_length=1, max_length=64)]


class Extension(Record):
    """An extension of a user, by its number in the extended form.

    `recording_on_demand`: call recording is enabled for its terminal, and triggered when *1 is pressed (REC-027).
    `answers_after`: how many seconds its terminal rings, or `busy`, or `never`. `caller_id`: what it shows of itself
    where a request says nothing else. `conferences`: those that are scheduled on a Conference extension.
    """

    number: Annotated[models.ExtensionNumber, Field(pattern=r"^[0-9]+\*[0-9]+$")]
    user: models.UserId
    recording_on_demand: bool
    type: Literal["phone_terminal", "callback", "conference"] = "phone_terminal"
    answers_after: Answering = QUICKLY
    caller_id: models.CallerId | None = None
    conferences: tuple[Conference, ...] = ()

    @property
    def short(self) -> str:
        """The short form of the number, unique within the organization."""
        return self.number.partition("*")[2]


class PublicNumber(Record):
    """A number outside the system that behaves in another way than to answer quickly; any number can be called."""

    number: Annotated[models.PhoneNumber, Field(pattern=r"^[0-9+]+$")]
    answers_after: Answering = QUICKLY


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


class World(Record):
    """All that the sandbox begins with. Every reference leads to something, once `load_world` has returned it."""

    organizations: tuple[Organization, ...]
    users: tuple[User, ...]
    extensions: tuple[Extension, ...]
    principals: tuple[Principal, ...]
    apps: tuple[App, ...] = ()
    tokens: tuple[Token, ...] = ()
    public_numbers: tuple[PublicNumber, ...] = ()
    phone_calls: tuple[KeptCall, ...] = ()
    target: Target | None = None

    @cached_property
    def fingerprint(self) -> str:
        """What tells this world from another one."""
        digest = hashlib.sha256(self.model_dump_json(exclude={"phone_calls"}).encode())
        for call in self.phone_calls:
            digest.update(call.document.encode())
        return digest.hexdigest()


def load_world(file: Path | None = None) -> World:
    """Return the world of a JSON file, or the default world.

    Raises WorldError for a file that cannot be read or is no JSON, and for the first mistake in it, by JSON path.
    """
    name = str(file) if file else DEFAULT
    try:
        text = (file or DEFAULT_FILE).read_text(encoding="utf-8")
        json.loads(text, object_pairs_hook=_no_duplicates)
        world = World.model_validate_json(text)
    except OSError as error:
        message = f"the world cannot be read: {error.strerror}"
        raise WorldError(message, where=name, hint="Name a JSON file with --world.") from error
    except ValidationError as error:
        raise _explained(error, json.loads(text), name) from error
    except RecursionError as error:
        raise WorldError("the file is nested too deeply", where=name, hint=HINT) from error
    except ValueError as error:  # What is no UTF-8, or no JSON.
        raise WorldError(f"the file is not JSON in UTF-8: {error}", where=name, hint=HINT) from error
    if mistake := next(mistakes(world), None):
        path, value, problem, hint = mistake
        raise WorldError(f"{_shown(value)} {problem}", where=f"{name}: {json_path(path)}", hint=hint)
    return world


def json_path(path: Sequence[str | int]) -> str:
    """Return a place in a JSON document as `$.phone_calls[3].extension`."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def _no_duplicates(pairs: list[tuple[str, object]]) -> None:
    """Refuse an object with a member twice, of which a model would take the last one; keep nothing of it."""
    if len(dict(pairs)) < len(pairs):
        names = [name for name, _ in pairs]
        message = f"an object has the member {next(name for name in names if names.count(name) > 1)!r} twice"
        raise ValueError(message)


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
