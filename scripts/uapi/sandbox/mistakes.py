"""What can be wrong with a world beside the form of its parts: what is there twice, and what leads nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uapi.sandbox.roles import Target
    from uapi.sandbox.world import World

Mistake = tuple[tuple[str | int, ...], object, str, str]
"""A path, the value there, what is wrong with it and the way out."""


def mistakes(world: World) -> Iterator[Mistake]:
    """Yield the mistakes of a world that its models cannot see."""
    yield from _duplicates(world)
    yield from _conferences(world)
    yield from _references(world)
    if world.target:
        yield from _roles(world, world.target)
        yield from _numbers(world, world.target)


def _duplicates(world: World) -> Iterator[Mistake]:
    keys = (
        ("organizations", "id"),
        ("users", "id"),
        ("extensions", "number"),
        ("principals", "id"),
        ("apps", "client_id"),
        ("tokens", "token"),
        ("public_numbers", "number"),
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


def _conferences(world: World) -> Iterator[Mistake]:
    for index, extension in enumerate(world.extensions):
        if extension.conferences and extension.type != "conference":
            problem = f"has conferences, and is of type {extension.type}"
            hint = "Give it the type conference, or take the conferences away."
            yield ("extensions", index, "conferences"), extension.number, problem, hint


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
    for role in type(target).model_fields:
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
            elif call.call.view(found["view_id"]) is None:
                yield ("target", role, "view_id"), found["view_id"], "is no view of the call", "Name one of its views."


def _numbers(world: World, target: Target) -> Iterator[Mistake]:
    """Yield what is wrong with the roles by which phone calls are placed, and with whom."""
    extensions = {extension.number: extension for extension in world.extensions}
    if target.create:
        for name, number in (("source", target.create.source), ("destination", target.create.destination)):
            if number not in extensions:
                yield ("target", "create", name), number, "is not among the extensions", "Name one of the world."
    types = {
        "second_extension": "phone_terminal",
        "unanswered": "phone_terminal",
        "foreign_extension": "phone_terminal",
        "callback_extension": "callback",
        "conference_extension": "conference",
    }
    for role, kind in types.items():
        found = getattr(target, role)
        if found and (extension := extensions.get(found.extension)) and extension.type != kind:
            hint = f"Name an extension of the type {kind}."
            yield ("target", role, "extension"), found.extension, f"is of type {extension.type}", hint
    if (conference := target.conference_extension) and (extension := extensions.get(conference.extension)):
        pins = {each.number: each.pin for each in extension.conferences}
        if pins.get(conference.number) != conference.pin:
            problem = f"is no conference of {conference.extension} with the PIN {conference.pin}"
            hint = "Name one that is scheduled there."
            yield ("target", "conference_extension", "number"), conference.number, problem, hint
