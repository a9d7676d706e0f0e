"""Judges the keywords that bear on a value by itself: types, values, bounds, patterns, and what is said beside them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from uapi.contract.diff.model import Effect
from uapi.contract.diff.names import quoted, subject
from uapi.contract.diff.view import WORDS, canonical, expand, homes

if TYPE_CHECKING:
    from uapi.contract.diff.collector import Collector
    from uapi.contract.diff.view import View

LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
LEAST: Final = {"minLength": 0, "minItems": 0, "minProperties": 0}
SETS: Final = ("pattern", "format", "multipleOf", "uniqueItems", "contentEncoding", "contentMediaType")
SCHEMAS: Final = (
    "not",
    "if",
    "then",
    "else",
    "contains",
    "minContains",
    "maxContains",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
)
"""What is compared as a whole: the contract uses none of it, and no judgement finer than this was needed."""
ELSEWHERE: Final = frozenset(
    {"$ref", "allOf", "anyOf", "oneOf", "properties", "required", "additionalProperties", "items", "discriminator"}
)
JUDGED: Final = frozenset({*LOWER, *UPPER, *SETS, *SCHEMAS, *ELSEWHERE, "type", "enum", "const"})
SAID: Final[dict[str, tuple[Effect, Effect, Effect]]] = {
    "default": (Effect.OFFERED, Effect.WITHDRAWN, Effect.DIFFERENT),
    "x-error-code": (Effect.PROMISED, Effect.WITHDRAWN, Effect.DIFFERENT),
    "deprecated": (Effect.NEUTRAL, Effect.NEUTRAL, Effect.NEUTRAL),
}
"""What stands beside the constraints: the effect where it is added, removed, changed."""


def judge(out: Collector, old: View, new: View) -> None:
    """Compare all of it."""
    _types(out, old, new)
    _values(out, old, new)
    _bounds(out, old, new)
    _constraints(out, old, new)
    _said(out, old, new)
    _access(out, old, new)


def _types(out: Collector, old: View, new: View) -> None:
    if old.types == new.types or (old.values is not None and new.values is not None):
        return
    if (old.values is None) != (new.values is None):
        return  # the values tell it
    was, now = shown_types(old), shown_types(new)
    before, after = homes(old, new, "type")
    name, keep = subject(new.contract, after), partial(out.add, old=before, new=after, was=was, now=now)
    if old.types - new.types == {"null"}:
        keep("null-refused", f"{name} may not be null any more", Effect.NARROWER)
    elif new.types - old.types == {"null"}:
        keep("null-allowed", f"{name} may be null", Effect.WIDER)
    else:
        effect = between(old.types >= new.types, new.types >= old.types)
        keep("type-changed", f"the type of {name} is {quoted(now)}, and was {quoted(was)}", effect)


def shown_types(view: View) -> list[str]:
    """Return the types as a contract names them."""
    types = view.types
    named = sorted(types - {"integer", "fraction"})
    if "fraction" in types:
        return [*named, "number"]
    return [*named, "integer"] if "integer" in types else named


def between(narrower: bool, wider: bool) -> Effect:  # noqa: FBT001 - the names of the two say it
    """Return the effect, given whether the new is contained in the old, and the old in the new."""
    return Effect.NARROWER if narrower else Effect.WIDER if wider else Effect.DIFFERENT


def _values(out: Collector, old: View, new: View) -> None:
    before, after = homes(old, new, "enum", "const")
    name, keep = subject(new.contract, after), partial(out.add, old=before, new=after)
    if old.values is None and new.values is None:
        return
    if new.values is None:
        message = f"{name} may be any value, and not only one of a list"
        keep("values-freed", message, Effect.WIDER, was=list((old.values or {}).values()))
    elif old.values is None:
        message = f"{name} has to be one of a list of values"
        keep("values-listed", message, Effect.NARROWER, now=list(new.values.values()))
    else:
        for key in [key for key in old.values if key not in new.values]:
            value = old.values[key]
            keep("value-removed", f"{name} cannot be {quoted(value)} any more", Effect.NARROWER, was=value)
        for key in [key for key in new.values if key not in old.values]:
            value = new.values[key]
            keep("value-added", f"{name} can be {quoted(value)}", Effect.WIDER, now=value)


def _bounds(out: Collector, old: View, new: View) -> None:
    for keyword in (*LOWER, *UPPER):
        was, now = _tightest(old, keyword), _tightest(new, keyword)
        if was == now:
            continue
        tighter = was is None or (now is not None and (now > was if keyword in LOWER else now < was))
        _report(out, keyword, Effect.NARROWER if tighter else Effect.WIDER, old, new, was, now)


def _tightest(view: View, keyword: str) -> float | None:
    values = [value for value, _ in view.all(keyword) if value != LEAST.get(keyword)]
    if not values:
        return None
    tightest: float = max(values) if keyword in LOWER else min(values)
    return tightest


def _constraints(out: Collector, old: View, new: View) -> None:
    for keyword in SETS:
        was, now = ({canonical(value) for value, _ in view.all(keyword) if value is not False} for view in (old, new))
        if was != now:
            _report(out, keyword, between(was <= now, now <= was), old, new, *_both(old, new, keyword))
    for keyword in (*SCHEMAS, *_unknown(old, new)):
        was, now = (
            {canonical(expand(view.contract, {keyword: value}, (at[:-1],))) for value, at in view.all(keyword)}
            for view in (old, new)
        )
        if was != now:
            effect = Effect.DIFFERENT
            if keyword in SCHEMAS and not (was and now):
                effect = Effect.NARROWER if now else Effect.WIDER
            _report(out, keyword, effect, old, new, *_both(old, new, keyword))


def _unknown(old: View, new: View) -> list[str]:
    """Return the keywords that no judge knows: a change of one is taken for the worst."""
    written = {key for view in (old, new) for value, _ in view.parts for key in value}
    return sorted(key for key in written - JUDGED - WORDS - {*SAID, *ACCESS} if not key.startswith("x-"))


def _said(out: Collector, old: View, new: View) -> None:
    for keyword, (added, removed, changed) in SAID.items():
        was, now = _both(old, new, keyword)
        if keyword == "deprecated":
            was, now = was or None, now or None
        if canonical(was) != canonical(now):
            there = (bool(old.all(keyword)), bool(new.all(keyword)))
            effect = added if there == (False, True) else removed if there == (True, False) else changed
            _report(out, keyword, effect, old, new, was, now)


ACCESS: Final = {"readOnly": "request", "writeOnly": "response"}
"""Each takes a property out of one direction."""


def _access(out: Collector, old: View, new: View) -> None:
    for keyword, use in ACCESS.items():
        was, now = (bool(value) for value in _both(old, new, keyword))
        if was != now:
            effect = (Effect.WITHDRAWN if now else Effect.OFFERED) if out.use == use else Effect.NEUTRAL
            _report(out, keyword, effect, old, new, was, now)


def _both(old: View, new: View, keyword: str) -> tuple[Any, Any]:
    return old.first(keyword)[0], new.first(keyword)[0]


def _report(out: Collector, keyword: str, effect: Effect, old: View, new: View, was: object, now: object) -> None:
    """Report a keyword, at its place where it stands and at that of the schema where it does not."""
    before, after = homes(old, new, keyword)
    name = subject(new.contract, after)
    if not new.all(keyword):
        kind, message = "removed", f"{name} has no `{keyword}` any more, which was {quoted(was)}"
    elif not old.all(keyword):
        kind, message = "added", f"{name} has the `{keyword}` {quoted(now)}"
    else:
        kind, message = "changed", f"the `{keyword}` of {name} is {quoted(now)}, and was {quoted(was)}"
    before = (*before, keyword) if old.all(keyword) else before
    after = (*after, keyword) if new.all(keyword) else after
    out.add(f"{keyword}-{kind}", message, effect, old=before, new=after, was=was, now=now)
