"""Strings with a pattern say all that they allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.contract.lint.rule import Context, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule("pattern-lengths", hint="Write minLength and maxLength beside the pattern: the lengths that it allows.")
def pattern_lengths(context: Context) -> Iterator[Problem]:
    """Demand the lengths beside a pattern: they bound what a server has to match."""
    for item in context.bundle.items:
        if item.kind != "schema" or "pattern" not in item.value:
            continue
        missing = [key for key in ("minLength", "maxLength") if key not in item.value]
        if missing:
            yield Problem((*item.tokens, "pattern"), f"a pattern without {' and '.join(missing)}")


@rule("pattern-anchored", hint="Write ^(?:…)$, or ^…$ where there is no '|' outside parentheses.")
def pattern_anchored(context: Context) -> Iterator[Problem]:
    """Demand that a pattern speaks of the whole string."""
    for item in context.bundle.items:
        pattern = item.value.get("pattern") if item.kind == "schema" else None
        if isinstance(pattern, str) and not _anchored(pattern):
            yield Problem((*item.tokens, "pattern"), f"the pattern {pattern} also matches a part of a string")


def _anchored(pattern: str) -> bool:
    """Tell whether a pattern begins with ^ and ends with $ in each of its alternatives."""
    return all(part.startswith("^") and _ends_with_anchor(part) for part in _alternatives(pattern))


def _ends_with_anchor(part: str) -> bool:
    before = part.removesuffix("$")
    escapes = len(before) - len(before.rstrip("\\"))
    return before != part and escapes % 2 == 0


def _alternatives(pattern: str) -> Iterator[str]:
    """Split a pattern at the '|' that are outside parentheses and character classes."""
    depth, in_class, escaped, start = 0, False, False, 0
    for index, character in enumerate(pattern):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "|" and depth == 0:
            yield pattern[start:index]
            start = index + 1
        else:
            depth += {"(": 1, ")": -1}.get(character, 0)
    yield pattern[start:]
