"""Compares the words: descriptions, summaries, examples, links, and everything else that no judge looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.contract.diff.keywords import ACCESS, JUDGED, SAID
from uapi.contract.diff.model import BOTH, Effect
from uapi.contract.diff.names import quoted
from uapi.contract.diff.security import SCHEME, URLS
from uapi.contract.diff.view import WORDS, canonical
from uapi.contract.grammar import ANY, GRAMMAR
from uapi.contract.register import KEYWORD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uapi.contract.diff.collector import Collector
    from uapi.contract.diff.model import Contract
    from uapi.contract.grammar import Item, Kind
    from uapi.contract.location import Tokens

PARAMETER: Final = frozenset(
    {"name", "in", "required", "deprecated", "style", "explode", "allowReserved", "allowEmptyValue", "x-error-code"}
)
ELSEWHERE: Final[dict[Kind, frozenset[str]]] = {
    "document": frozenset({"security"}),
    "info": frozenset({"version"}),
    "operation": frozenset({"operationId", "deprecated", "security", "x-error-code"}),
    "parameter": PARAMETER,
    "header": PARAMETER,
    "requestBody": frozenset({"required", "x-error-code"}),
    "schema": JUDGED | {*SAID, *ACCESS},
    "securityScheme": frozenset(SCHEME),
    "flow": frozenset({*URLS, "scopes"}),
    "server": frozenset({"url"}),
    "serverVariable": frozenset({"default", "enum"}),
    "discriminator": frozenset({"propertyName", "mapping"}),
    "encoding": frozenset({"contentType", "style", "explode", "allowReserved"}),
}
"""What the judges compare."""
WHOLE: Final[frozenset[Kind]] = frozenset({"example", "link", "externalDocs", "tag", "xml", "contact", "license"})
"""What is documentation as a whole, so that its coming and going is told."""
MODELS: Final = 3
"""The length of the tokens of a component."""


def compare(out: Collector) -> None:
    """Compare what stands at the same place on both sides."""
    before, after = _items(out.old), _items(out.new)
    for key, (item, tokens) in before.items():
        if key not in after:
            _one_side(out, item, tokens, _around(key, before) in after, gone=True)
    for key, (item, tokens) in after.items():
        if key not in before:
            _one_side(out, item, tokens, _around(key, after) in before, gone=False)
        else:
            _keys(out, *before[key], item, tokens)


def _one_side(out: Collector, item: Item, tokens: Tokens, beside: bool, *, gone: bool) -> None:  # noqa: FBT001
    """Tell of what is on one side only: what is documentation as a whole, and the components that name models."""
    text = "is gone" if gone else "is new"
    rule = "removed" if gone else "added"
    at: dict[str, Any] = {"old" if gone else "new": tokens}
    if tokens[:2] == ("components", "schemas") and len(tokens) == MODELS:
        if gone:
            message = f"the schema {tokens[-1]} is gone: generated code names a model by it"
            out.keep("schema-removed", message, BOTH, **at)
        else:
            out.add("schema-added", f"the schema {tokens[-1]} is new", Effect.WORDS, **at)
    elif item.kind in WHOLE and tokens[:1] != ("components",) and beside:
        out.add(f"{item.kind}-{rule}", f"the {item.kind} {quoted(_label(item, tokens))} {text}", Effect.WORDS, **at)


def _around(key: Tokens, items: Mapping[Tokens, object]) -> Tokens:
    """Return the key of the object that another stands in."""
    return next((key[:length] for length in range(len(key) - 1, 0, -1) if key[:length] in items), ())


def _label(item: Item, tokens: Tokens) -> object:
    return item.value.get("name") or item.value.get("url") or tokens[-1]


def _keys(out: Collector, old: Item, before: Tokens, new: Item, after: Tokens) -> None:
    """Compare the words of one object."""
    skipped = ELSEWHERE.get(new.kind, frozenset()) | GRAMMAR[new.kind].keys() | {KEYWORD, "$ref"}
    one, other = old.value, new.value
    if old.reference != new.reference:  # a component that came or went, or another one: what it says counts
        one, other = (
            {**side.bundle.follow(item).value, **item.value} for side, item in ((out.old, old), (out.new, new))
        )
    for key in sorted((one.keys() | other.keys()) - skipped):
        if not key.startswith("x-") and (ANY in GRAMMAR[new.kind] or (new.kind == "schema" and key not in WORDS)):
            continue  # a member, or a keyword that no judge knows and that is taken for the worst
        was, now = one.get(key), other.get(key)
        if canonical(was) != canonical(now):
            text = "is gone" if now is None else "is new" if was is None else "changed"
            message = f"the `{key}` {text}"
            at = {"old": (*before, key), "new": (*after, key)}
            out.add("words-changed", message, Effect.WORDS, was=was, now=now, **at)


def _items(contract: Contract) -> dict[Tokens, tuple[Item, Tokens]]:
    """Return every object by its place, in which a thing of a list goes by its name, since its number may change."""
    return {
        tuple(_stable(contract.bundle.document, item.tokens)): (item, item.tokens) for item in contract.bundle.items
    }


def _stable(document: Any, tokens: Tokens) -> Iterator[str]:  # noqa: ANN401 - JSON
    value = document
    for token in tokens:
        if isinstance(value, list):
            value = value[int(token)]
            names = [str(value[key]) for key in ("$ref", "in", "name", "url", "title") if key in value]
            yield " ".join(names) or token
        else:
            value = value[token]
            yield token
