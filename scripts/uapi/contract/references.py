"""Follow the references between the files of the contract."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from uapi.contract.errors import BrokenReferenceError
from uapi.contract.grammar import IN_PLACE, Item, Kind
from uapi.contract.location import Location, Tokens, resolve, to_pointer, to_tokens
from uapi.contract.project import ROOT_DOCUMENT, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference of the bundle: where it stands, in the bundle and in the files, and what it leads to."""

    tokens: Tokens
    at: Location
    kind: Kind
    text: str
    target: Tokens


class Resolver:
    """Turns a reference that is written in a file into a pointer of the bundle."""

    def __init__(self, mounts: Mapping[PurePosixPath, Tokens]) -> None:
        """Take the place of each file's content in the bundle."""
        self.mounts: Final = mounts

    def target(self, text: str, at: Location) -> Tokens:
        """Return the tokens in the bundle to which a reference leads; the target itself is not looked at."""
        try:
            parts = urlsplit(text)
            rest = to_tokens(unquote(parts.fragment))
        except ValueError as error:
            hint = "Write the path of a file, and a JSON pointer after '#' if it is a part of the file."
            raise BrokenReferenceError(
                f"the reference {text} is malformed: {error}", where=str(at), hint=hint
            ) from error
        if parts.scheme or parts.netloc or text.startswith("/"):
            message = f"the reference {text} leads out of the contract"
            hint = "References are relative paths to files of openapi/; copy what is needed into a component."
            raise BrokenReferenceError(message, where=str(at), hint=hint)
        file = self.file(unquote(parts.path), at) if parts.path else at.file
        if not parts.path and rest[:1] == ("components",) and file != ROOT_DOCUMENT:
            message = f"the reference {text} is one of the bundle, not of the files"
            raise BrokenReferenceError(message, where=str(at), hint=f"Write {self._suggest(rest, file)}.")
        return self.mounts[file] + rest

    def file(self, name: str, at: Location) -> PurePosixPath:
        """Return the file that a relative path names."""
        path = PurePosixPath(posixpath.normpath(at.file.parent / name))
        if path.parts[:1] != SOURCE.parts:
            message = f"the reference to {name} leads out of {SOURCE}/"
            raise BrokenReferenceError(message, where=str(at), hint=f"Move what is needed into {SOURCE}/components/.")
        if path not in self.mounts:
            message = f"the reference to {name} leads nowhere: {path} is no part of the contract"
            hint = f"Create it as {SOURCE}/components/<kind>/<Name>.yaml, or mend the path."
            raise BrokenReferenceError(message, where=str(at), hint=hint)
        return path

    def _suggest(self, rest: Tokens, file: PurePosixPath) -> str:
        target = SOURCE / "components" / "/".join(rest[1:3])
        return posixpath.relpath(f"{target}.yaml", file.parent)


def check_targets(document: Mapping[str, object], items: Iterable[Item], references: Iterable[Reference]) -> None:
    """Refuse a reference to nothing, or to something of another kind."""
    kinds = {item.tokens: item.kind for item in items}
    for reference in references:
        try:
            value = resolve(document, reference.target)
        except LookupError as error:
            message = f"the reference {reference.text} leads nowhere: there is no {to_pointer(reference.target)}"
            hint = "Mend the reference, or write what it should lead to."
            raise BrokenReferenceError(message, where=str(reference.at), hint=hint) from error
        found = kinds.get(reference.target, "schema" if isinstance(value, bool) else "piece of data")
        if found != reference.kind:
            message = f"the reference {reference.text} leads to a {found} where a {reference.kind} is expected"
            raise BrokenReferenceError(message, where=str(reference.at), hint="Refer to a component of that kind.")


def check_cycles(items: Sequence[Item], references: Sequence[Reference]) -> None:
    """Refuse references that lead back to themselves without ever reaching a value.

    A schema that holds itself in a property ends with the data; one that *is* itself, by `$ref` or by a keyword such
    as `allOf` that applies to the same value, never does.
    """
    steps: dict[Tokens, list[Tokens]] = {}
    for reference in references:
        steps.setdefault(reference.tokens, []).append(reference.target)
    for item in items:
        if item.kind == "schema" and _in_place(item.tokens) is not None:
            steps.setdefault(_in_place(item.tokens) or (), []).append(item.tokens)
    at = {reference.tokens: reference.at for reference in references}
    done: set[Tokens] = set()
    for start in steps:
        trail: dict[Tokens, None] = {}
        stack: list[tuple[Tokens, bool]] = [(start, True)]
        while stack:
            here, entering = stack.pop()
            if not entering:
                trail.pop(here)
                done.add(here)
            elif here in trail:
                circle = [*trail][[*trail].index(here) :]
                where = next(at[tokens] for tokens in circle if tokens in at)
                message = "the reference never ends: " + " → ".join(to_pointer(tokens) for tokens in (*circle, here))
                hint = "Break the circle: one of them must say something of its own."
                raise BrokenReferenceError(message, where=str(where), hint=hint)
            elif here not in done:
                trail[here] = None
                stack.append((here, False))
                stack.extend((step, True) for step in steps.get(here, ()))


def _in_place(tokens: Tokens) -> Tokens | None:
    """Return the schema that applies the one at `tokens` to the same value, if there is one."""
    if tokens[-1] in IN_PLACE:
        return tokens[:-1]
    if len(tokens) > 1 and tokens[-2] in IN_PLACE:
        return tokens[:-2]
    return None
