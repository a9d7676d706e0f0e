"""Shows a comparison: as text, as JSON, as Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from uapi.contract import emit
from uapi.contract.diff.verdict import judge
from uapi.printable import printable

if TYPE_CHECKING:
    from uapi.contract.diff.model import Change, Contract, Diff, Side

SCHEMA_FILE: Final = "contract-diff.schema.json"
CODE: Final = re.compile(r"(`[^`]*`)")
SPECIAL: Final = re.compile(r"([\\*_<>\[\]])")


def to_text(diff: Diff, *, words: bool) -> str:
    """Return the comparison for a terminal; `words` lists the changes of documentation too."""
    lines = [f"{_name(diff.old)} -> {_name(diff.new)}: {count(len(diff.changes), 'change')}"]
    for title, changes in groups(diff):
        lines += ["", f"{title}: {len(changes)}", *(line(change) for change in changes)]
    if diff.words:
        lines += ["", f"documentation: {len(diff.words)}" + ("" if words else " (--documentation lists them)")]
        lines += [line(change) for change in diff.words] if words else []
    lines += ["", str(judge(diff))]
    return printable("\n".join(lines) + "\n", keep="\n")


def groups(diff: Diff) -> list[tuple[str, list[Change]]]:
    """Return the changes that are more than words, by whom they break; one that breaks both is in both groups."""
    named = (
        ("breaks clients", diff.breaking("clients")),
        ("breaks servers", diff.breaking("servers")),
        ("breaks nobody", diff.compatible),
    )
    return [(title, changes) for title, changes in named if changes]


def line(change: Change) -> str:
    """Return a change as `file:line: what`, and where on a line of its own."""
    seen = f" in {', '.join(change.operations)}" if change.operations else ""
    return f"  {change.side.where}: {flat(change.message)}\n    {change.rule} {change.side.pointer}{seen}"


def to_json(diff: Diff) -> str:
    """Return the comparison as JSON, which `contract-diff.schema.json` describes."""
    verdict = judge(diff)
    return emit.to_json(
        {
            "$schema": SCHEMA_FILE,
            "old": _described(diff.old),
            "new": _described(diff.new),
            "demanded": str(verdict.bump),
            "least_version": str(verdict.least),
            "enough": verdict.enough,
            "counts": {
                "changes": len(diff.changes),
                "clients": len(diff.breaking("clients")),
                "servers": len(diff.breaking("servers")),
                "documentation": len(diff.words),
            },
            "changes": [_change(change) for change in diff.changes],
        }
    )


def _described(contract: Contract) -> dict[str, str]:
    return {"name": contract.name, "version": contract.version}


def _change(change: Change) -> dict[str, Any]:
    return {
        "rule": change.rule,
        "message": change.message,
        "breaks": sorted(change.breaks),
        "bump": str(change.bump),
        "documentation": change.words,
        "uses": list(change.uses),
        "operations": list(change.operations),
        "old": _side(change.old),
        "new": _side(change.new),
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    return None if side is None else {"pointer": side.pointer, "where": side.where, "value": side.value}


def to_markdown(diff: Diff, *, title: str | None = None, level: int = 1) -> str:
    """Return the comparison as Markdown, which begins with a heading of a level."""
    verdict = judge(diff)
    mark = "#" * level
    parts = [f"{mark} {title or f'From {_name(diff.old)} to {_name(diff.new)}'}"]
    if not diff.changes:
        parts.append("Nothing changed.")
    else:
        parts.append(f"A {verdict.bump} version after {verdict.old}: {_summary(diff)}.")
    for name, changes in groups(diff):
        rows = [f"- {escape(_sentence(change.message))}{_shown_in(change)}" for change in sorted(changes, key=_rank)]
        parts.append(f"{mark}# {name.capitalize()}\n\n" + "\n".join(rows))
    if level == 1 and not verdict.enough:
        parts.append(f"**{verdict}**")
    return "\n\n".join(parts) + "\n"


def _rank(change: Change) -> tuple[int, str]:
    """Order for a reader: operations first, requirements last and by their ids."""
    if change.rule.startswith("requirement-"):
        return 2, change.message
    return (0, "") if change.rule.startswith("operation-") else (1, "")


def _summary(diff: Diff) -> str:
    counts = [
        f"{count(len(changes), 'change')} that {title if len(changes) == 1 else title.replace('breaks', 'break', 1)}"
        for title, changes in groups(diff)
    ]
    return ", ".join([*counts, f"{count(len(diff.words), 'change')} of documentation"] if diff.words else counts)


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:]


def _shown_in(change: Change) -> str:
    return f" ({', '.join(f'`{name}`' for name in change.operations)})" if change.operations else ""


def escape(text: str) -> str:
    """Return a text that Markdown shows as it is, but for its `code`."""
    parts = CODE.split(flat(text))
    return "".join(part if index % 2 else SPECIAL.sub(r"\\\1", part) for index, part in enumerate(parts))


def flat(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


def count(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _name(contract: Contract) -> str:
    return f"{contract.version} ({contract.name})"
