"""What the documentation is made from: the bundle, the requirement register and the decisions."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from uapi.contract.project import DECISIONS, SOURCE
from uapi.docs.decisions import Decision, introduction, parse
from uapi.docs.errors import DocsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from uapi.contract.project import Project

    Node = dict[str, Any]

COMPONENTS: Final = "#/components/"
TITLE: Final = re.compile(r"\A(?:<!--[^>]*-->\s*)?# .*\n")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the requirement register. `pointer` is the JSON pointer of what it speaks of."""

    id: str
    level: str
    text: str
    source: str
    evidence: str
    profile: str
    pointer: str
    decision: str | None
    feature: str | None
    excluded: str | None


@dataclass(frozen=True, slots=True)
class Contract:
    """The contract as the documentation reads it."""

    document: Node
    rows: tuple[Row, ...]
    decisions: tuple[Decision, ...]
    preface: str
    """What stands before the decisions, as Markdown."""
    changes: str | None
    """What changed from one version to the next, as Markdown; None where that is not there."""
    generated: Path
    samples: Path

    def resolve(self, node: Node) -> Node:
        """Return what a reference leads to, with the keywords beside it in the place of those that stand there."""
        while "$ref" in node:
            beside = {key: value for key, value in node.items() if key != "$ref"}
            node = self.at(node["$ref"].removeprefix("#")) | beside
        return node

    def at(self, pointer: str) -> Node:
        """Return the object at a JSON pointer."""
        found: Any = self.document
        for part in pointer.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            found = found[int(key)] if isinstance(found, list) else found[key]
        node: Node = found
        return node

    def rows_at(self, pointer: str) -> list[Row]:
        """Return the rows that stand at a pointer itself."""
        return [row for row in self.rows if row.pointer == pointer]

    def rows_below(self, pointer: str) -> list[Row]:
        """Return the rows that stand at a pointer or below it."""
        return [row for row in self.rows if row.pointer == pointer or row.pointer.startswith(f"{pointer}/")]

    def reach(self, node: object) -> Iterator[str]:
        """Yield the pointers of the components that a part of the document refers to, each once, in its order."""
        seen: set[str] = set()

        def walk(part: object) -> Iterator[str]:
            if isinstance(part, list):
                for item in part:
                    yield from walk(item)
            elif isinstance(part, dict):
                reference = part.get("$ref")
                if isinstance(reference, str) and reference not in seen:
                    seen.add(reference)
                    yield reference.removeprefix("#")
                    yield from walk(self.at(reference.removeprefix("#")))
                for key, value in part.items():
                    # Examples are data, and what a link leads to is another operation.
                    if key not in {"$ref", "example", "examples", "links", "discriminator"}:
                        yield from walk(value)

        yield from walk(node)


def load(project: Project) -> Contract:
    """Read the contract of a project; raises DocsError where generated/ is missing or is no contract."""
    register = _json(project.generated / "requirements.json")["requirements"]
    fields = Row.__slots__
    decisions = _text(project.path(DECISIONS))
    changes = project.generated / "contract-changelog.md"
    return Contract(
        document=_json(project.generated / "openapi.json"),
        rows=tuple(Row(**{name: row.get(name) for name in fields}) for row in register),
        decisions=parse(decisions),
        preface=introduction(decisions),
        changes=TITLE.sub("", _text(changes)) if changes.exists() else None,
        generated=project.generated,
        samples=project.path(SOURCE) / "samples",
    )


def name_of(node: Node) -> str | None:
    """Return the name of the component that a node refers to, None where it is no reference."""
    reference: str | None = node.get("$ref")
    return reference.rpartition("/")[2] if reference else None


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot be read: {error}"
        raise DocsError(message, where=str(file), hint="Make it with: uapi contract generate") from error


def _json(file: Path) -> Node:
    try:
        document: Node = json.loads(_text(file))
    except ValueError as error:
        message = f"is not JSON: {error}"
        raise DocsError(message, where=str(file), hint="Make it with: uapi contract generate") from error
    return document
