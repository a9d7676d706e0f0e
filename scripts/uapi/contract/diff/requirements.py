"""Compares the requirements: the rows of every `x-requirements`, by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.contract.diff.model import BOTH, CLIENTS, NOBODY, SERVERS
from uapi.contract.diff.names import quoted
from uapi.contract.location import resolve, to_tokens
from uapi.contract.register import KEYWORD, register

if TYPE_CHECKING:
    from uapi.contract.diff.collector import Collector
    from uapi.contract.diff.model import Contract, Party
    from uapi.contract.location import Tokens

MUST: Final = "MUST"
SCOPE: Final = ("profile", "feature")
"""What says for whom a requirement holds."""
WORDS: Final = ("source", "evidence", "decision", "excluded")


def compare(out: Collector) -> None:
    """Compare the rows."""
    before, after = _rows(out.old), _rows(out.new)
    for name, (row, at) in before.items():
        out.operations = tuple(row["operations"])
        if name not in after:
            breaks = CLIENTS if row["level"] == MUST else NOBODY
            message = f"{name} ({row['level']}) is gone: {row['text']}"
            out.keep("requirement-removed", message, breaks, old=at, was=row["text"])
    for name, (row, at) in after.items():
        out.operations = tuple(row["operations"])
        if name not in before:
            message = f"{name} ({row['level']}) is new: {row['text']}"
            breaks = SERVERS if row["level"] == MUST else NOBODY
            out.keep("requirement-added", message, breaks, new=at, now=row["text"])
        else:
            _row(out, name, before[name], (row, at))
    out.operations = ()


def _row(out: Collector, name: str, old: tuple[dict[str, Any], Tokens], new: tuple[dict[str, Any], Tokens]) -> None:
    (was, before), (now, after) = old, new
    strict = MUST in {was["level"], now["level"]}

    def keep(rule: str, key: str, breaks: frozenset[Party], *, words: bool = False) -> None:
        values = {"was": was.get(key), "now": now.get(key)}
        message = f"the {key} of {name} is {quoted(now.get(key))}, and was {quoted(was.get(key))}"
        out.keep(rule, message, breaks, old=before, new=after, words=words, **values)

    if was["level"] != now["level"]:
        breaks = SERVERS if now["level"] == MUST else CLIENTS if was["level"] == MUST else NOBODY
        keep("requirement-level", "level", breaks)
    for key in SCOPE:
        if was.get(key) != now.get(key):
            keep(f"requirement-{key}", key, BOTH if strict else NOBODY)
    if was["text"] != now["text"]:
        # Whether other words mean something else, no program can tell: not breaking, but more than documentation.
        keep("requirement-text", "text", NOBODY)
    for key in WORDS:
        if was.get(key) != now.get(key):
            keep(f"requirement-{key}", key, NOBODY, words=True)


def _rows(contract: Contract) -> dict[str, tuple[dict[str, Any], Tokens]]:
    """Return the rows by id, and where each stands."""
    found = {}
    for row in register(contract.bundle)["requirements"]:
        owner = to_tokens(row["pointer"])
        found[row["id"]] = (row, (*owner, KEYWORD, str(_index(contract, owner, row["id"]))))
    return found


def _index(contract: Contract, owner: Tokens, name: str) -> int:
    written: Any = resolve(contract.bundle.document, (*owner, KEYWORD))
    return next(index for index, row in enumerate(written) if row["id"] == name)
