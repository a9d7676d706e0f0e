"""Read the YAML files of `openapi/`, and keep the line of every node.

The files are YAML, but mean what the same JSON would mean: what YAML readers disagree on (dates, octal numbers, `yes`,
anchors, merge keys, duplicate keys) is either a plain string or refused, so that no reader sees another contract.
"""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from uapi.contract.errors import SourceError
from uapi.contract.location import Location, Tokens
from uapi.contract.project import BESIDE, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.contract.project import Project

TAG: Final = "tag:yaml.org,2002:"
INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")
DEEPEST: Final = 64
LONGEST_NUMBER: Final = 40
LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
LITERALS: Final = {"null": None, "true": True, "false": False}
NOT_JSON: Final = frozenset({f"{TAG}{name}" for name in ("null", "bool", "int", "float", "merge", "value")})
QUOTE: Final = "Put it in quotes if it is a string; write it as JSON does if it is not."


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file: its data, and the line of every node in it."""

    path: PurePosixPath
    data: object
    lines: dict[Tokens, int] = field(repr=False)

    def locate(self, tokens: Tokens) -> Location:
        """Return the line of a node, or of the nearest node around it."""
        while tokens not in self.lines:
            tokens = tokens[:-1]
        return Location(self.path, self.lines[tokens])


def files(project: Project) -> Iterator[PurePosixPath]:
    """Yield every file of the contract, in the order of the alphabet; hidden files are the business of other tools."""
    found: list[PurePosixPath] = []
    for folder, folders, names in os.walk(project.path(SOURCE)):
        relative = PurePosixPath(os.path.relpath(folder, project.root).replace(os.sep, "/"))
        folders[:] = [name for name in folders if not name.startswith(".") and relative / name not in BESIDE]
        found.extend(relative / name for name in names if not name.startswith("."))
    yield from sorted(found)


def read(project: Project, path: PurePosixPath) -> SourceFile:
    """Read one file."""
    try:
        data = project.path(path).read_bytes()
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=str(path), hint="Make it readable.") from error
    return parse(path, decode(path, data))


def decode(path: PurePosixPath, data: bytes) -> str:
    """Return the text of a file that is UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start)
        hint = "Save the file as UTF-8."
        raise _error(path, line, f"not UTF-8: the byte 0x{data[error.start]:02x}", hint) from error


def parse(path: PurePosixPath, text: str) -> SourceFile:
    """Parse the text of one file."""
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        context = f" ({error.context})" if error.context else ""
        raise _error(path, mark.line if mark else 0, f"not YAML: {error.problem}{context}", _way_out(error)) from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position)
        raise _error(path, line, "not YAML: a control character", "Remove it.") from error
    except YAMLError as error:
        raise _error(path, 0, f"not YAML: {error}", "Mend the file.") from error
    except RecursionError:
        raise _too_deep(path, 0) from None
    if node is None:
        raise _error(path, 0, "empty", "Write what the file is for, or delete it.")
    builder = _Builder(path)
    return SourceFile(path, builder.build(node), builder.lines)


def _way_out(error: MarkedYAMLError) -> str:
    if error.problem and "\\t" in error.problem:
        return "YAML is indented with spaces."
    return "Mend it here, or on the lines before."


def _too_deep(path: PurePosixPath, line: int) -> SourceError:
    return _error(path, line, "nested too deeply to be read", "A contract needs tens of levels, not hundreds.")


def _error(path: PurePosixPath, line: int, message: str, hint: str) -> SourceError:
    """Return an error at a line that is counted from 0, as the marks of the YAML reader are."""
    return SourceError(message, where=str(Location(path, line + 1)), hint=hint)


class _Builder:
    """Turns the nodes of one document into data; refuses what JSON has no form for."""

    def __init__(self, path: PurePosixPath) -> None:
        self.path: Final = path
        self.lines: Final[dict[Tokens, int]] = {}
        self.seen: Final[set[int]] = set()

    def build(self, node: Node, tokens: Tokens = (), line: int | None = None) -> object:
        """Return the data of a node; `line` is that of the key where the node is a value."""
        start: int = node.start_mark.line
        self.lines[tokens] = (start if line is None else line) + 1
        if len(tokens) > DEEPEST:
            raise _too_deep(self.path, start)
        if node.anchor is not None or id(node) in self.seen:
            raise _error(self.path, start, "an anchor or an alias", "Make it a component, and refer to it with $ref.")
        self.seen.add(id(node))
        match node:
            case MappingNode():
                return self._mapping(node, tokens)
            case SequenceNode():
                return [self.build(item, (*tokens, str(index))) for index, item in enumerate(node.value)]
            case ScalarNode():
                return self._scalar(node, self.lines[tokens] - 1)
        raise _error(self.path, start, f"a node of an unknown kind, {node.tag}", "Write a mapping, a list or a scalar.")

    def _mapping(self, node: MappingNode, tokens: Tokens) -> dict[str, object]:
        if node.tag != f"{TAG}map":
            raise _error(self.path, node.start_mark.line, f"the tag {node.tag}", "Remove the tag.")
        data: dict[str, object] = {}
        first: dict[str, int] = {}
        for key_node, value in node.value:
            line = key_node.start_mark.line
            key = self._scalar(key_node, line) if isinstance(key_node, ScalarNode) else None
            if not isinstance(key, str):
                raise _error(self.path, line, "a key that is not a string", "Put the key in quotes.")
            if key in data:
                message = f"the key {key!r} is there already, on line {first[key] + 1}"
                raise _error(self.path, line, message, "Remove one of the two.")
            first[key] = line
            data[key] = self.build(value, (*tokens, key), line)
        return data

    def _scalar(self, node: ScalarNode, line: int) -> str | float | bool | None:
        text: str = node.value
        if node.tag in {f"{TAG}str", f"{TAG}timestamp"}:
            if LONE_SURROGATE.search(text):
                raise _error(self.path, line, "half a surrogate pair", "Write the character itself.")
            return text
        if node.tag not in NOT_JSON:
            raise _error(self.path, line, f"the tag {node.tag}", "Remove the tag.")
        if text in LITERALS:
            return LITERALS[text]
        if len(text) <= LONGEST_NUMBER and INTEGER.match(text):
            return int(text)
        if len(text) <= LONGEST_NUMBER and NUMBER.match(text) and math.isfinite(number := float(text)):
            return number
        if not text:
            raise _error(self.path, line, "a value is missing", 'Write the value, "" or null.')
        message = f"{text[:LONGEST_NUMBER]} is a string to one YAML reader and not to another"
        raise _error(self.path, line, message, QUOTE)
