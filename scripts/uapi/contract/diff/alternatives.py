"""Compares `oneOf` and `anyOf`: which alternatives are the same ones, and which came and went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from uapi.contract.diff.model import Effect
from uapi.contract.diff.names import quoted, subject
from uapi.contract.diff.view import WORDS, View, homes, reference
from uapi.contract.location import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from uapi.contract.diff.collector import Collector
    from uapi.contract.diff.schemas import SchemaComparer
    from uapi.contract.location import Tokens

KEYWORDS: Final = ("oneOf", "anyOf")
Group: TypeAlias = "list[View]"


def lifted(comparer: SchemaComparer, old: View, new: View) -> bool:
    """Compare a plain schema with alternatives, as if it were the only one; return False where neither is so."""
    before, after = _only(old), _only(new)
    if (before is None) == (after is None):
        return False
    sides = ([old] if before is None else before, [new] if after is None else after)
    pairs, _, _ = _pair(*sides)
    if not pairs:
        return False
    _compare(comparer, *sides, homes(old, new, *KEYWORDS))
    return True


def judge(comparer: SchemaComparer, old: View, new: View) -> None:
    """Compare the alternatives of two schemas."""
    for keyword in KEYWORDS:
        before, after = _groups(old, keyword), _groups(new, keyword)
        while before and after:
            _compare(comparer, before.pop(0), after.pop(0), homes(old, new, keyword))
        for _ in before:
            _group(comparer.out, keyword, old, new, added=False)
        for _ in after:
            _group(comparer.out, keyword, old, new, added=True)
    _discriminator(comparer.out, old, new)


def _group(out: Collector, keyword: str, old: View, new: View, *, added: bool) -> None:
    before, after = homes(old, new, keyword)
    title = subject(out.new, after)
    text = "has to satisfy" if added else "need not satisfy"
    message = f"{title} {text} a `{keyword}`" + ("" if added else " any more")
    effect = Effect.NARROWER if added else Effect.WIDER
    out.add(f"{keyword}-{'added' if added else 'removed'}", message, effect, old=before, new=after)


def _only(view: View) -> Group | None:
    """Return the alternatives of a schema that is nothing but alternatives."""
    groups = [group for keyword in KEYWORDS for group in _groups(view, keyword)]
    beside = {key for value, _ in view.parts for key in value if not key.startswith("x-")}
    if len(groups) != 1 or beside - WORDS - {*KEYWORDS, "$ref", "allOf", "discriminator", "default"}:
        return None
    return groups[0]


def _groups(view: View, keyword: str) -> list[Group]:
    return [
        [View(view.contract, ((*tokens, str(index)),)) for index in range(len(value))]
        for value, tokens in view.all(keyword)
    ]


def _compare(comparer: SchemaComparer, old: Group, new: Group, at: tuple[Tokens, Tokens]) -> None:
    out, (before, after) = comparer.out, at
    pairs, gone, came = _pair(old, new)
    for one, other in pairs:
        comparer.compare(one.places, other.places)
    for view in gone:
        message = f"{subject(out.new, after)} cannot be {_name(view)} any more"
        out.add("alternative-removed", message, Effect.NARROWER, old=view.place, new=after)
    for view in came:
        message = f"{subject(out.new, after)} can be {_name(view)}"
        out.add("alternative-added", message, Effect.WIDER, old=before, new=view.place)


def _pair(old: Group, new: Group) -> tuple[list[tuple[View, View]], Group, Group]:
    """Return the alternatives that are the same ones on both sides, and those that are on one side only.

    The same are, in this order: those of the same component, of the same meaning, of the same constant, of the same
    title, of the same types; and what is left alone on both sides.
    """
    keys: list[Callable[[View], Hashable]] = [_component, lambda view: view.meaning, _constants, _title, _types]
    pairs: list[tuple[View, View]] = []
    gone, came = list(old), list(new)
    for key in keys:
        for view in list(gone):
            name = key(view)
            same = [other for other in came if name is not None and key(other) == name]
            if len(same) == 1 and sum(key(other) == name for other in gone) == 1:
                pairs.append((view, same[0]))
                gone.remove(view)
                came.remove(same[0])
    if len(gone) == len(came) == 1 and len(old) == len(new):
        pairs.append((gone.pop(), came.pop()))
    return pairs, gone, came


def _component(view: View) -> Hashable:
    return reference(resolve(view.contract.bundle.document, view.place))


def _constants(view: View) -> Hashable:
    """Return the properties that can have one value only: a client tells the alternatives apart by them."""
    inner = {name: View(view.contract, places) for name, places in view.properties.items()}
    found = {name: tuple(one.values) for name, one in inner.items() if one.values is not None and len(one.values) == 1}
    return tuple(sorted(found.items())) or None


def _title(view: View) -> Hashable:
    title, _ = view.first("title")
    return title if isinstance(title, str) else None


def _types(view: View) -> Hashable:
    return view.types


def _name(view: View) -> str:
    target = reference(resolve(view.contract.bundle.document, view.place))
    if target is not None:
        return target[-1]
    title = _title(view)
    return str(title) if title is not None else f"the alternative {view.place[-1]}"


def _discriminator(out: Collector, old: View, new: View) -> None:
    """Compare what tells the alternatives apart; the alternatives themselves are compared above."""
    (was, before), (now, after) = old.first("discriminator"), new.first("discriminator")
    title = subject(out.new, homes(old, new, "discriminator")[1])
    names = [value.get("propertyName") if isinstance(value, dict) else None for value in (was, now)]
    if names[0] != names[1]:
        effect = Effect.NARROWER if was is None else Effect.WIDER if now is None else Effect.DIFFERENT
        message = f"the alternatives of {title} are told apart by `{names[1]}`, and before by `{names[0]}`"
        out.add("discriminator-changed", message, effect, old=before, new=after, was=names[0], now=names[1])
    if not (isinstance(was, dict) and isinstance(now, dict)):
        return
    mappings = [value.get("mapping") or {} for value in (was, now)]
    known = [_components(view) for view in (old, new)]
    for key in sorted({*mappings[0], *mappings[1]}):
        one, other = (mapping.get(key) for mapping in mappings)
        if one == other or (one is None and other not in known[0]) or (other is None and one not in known[1]):
            continue  # the same, or told by the alternative that came or went
        effect = Effect.WIDER if one is None else Effect.NARROWER if other is None else Effect.DIFFERENT
        message = f"`{key}` as the `{names[1]}` of {title} means {quoted(other)}, and before {quoted(one)}"
        out.add("mapping-changed", message, effect, old=before, new=after, was=one, now=other)


def _components(view: View) -> set[str]:
    """Return the references that the alternatives of a schema are."""
    return {
        str(one["$ref"])
        for keyword in KEYWORDS
        for written, _ in view.all(keyword)
        for one in written
        if reference(one)
    }
