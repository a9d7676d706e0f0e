"""Compares two contracts as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.contract.diff import documentation, operations, requirements, security
from uapi.contract.diff.collector import Collector
from uapi.contract.diff.model import BOTH, Diff, Effect
from uapi.contract.diff.schemas import compare_unused
from uapi.contract.diff.view import canonical

if TYPE_CHECKING:
    from uapi.contract.diff.model import Contract


def compare(old: Contract, new: Contract) -> Diff:
    """Return what changed from one contract to another.

    Two contracts without a change between them say the same; they differ in their version at most.
    """
    out = Collector(old, new)
    operations.compare(out)
    compare_unused(out)
    security.compare_schemes(out)
    requirements.compare(out)
    documentation.compare(out)
    _webhooks(out)
    if not out.changes() and _without_version(old) != _without_version(new):
        message = "it is written in another way, and says the same"
        out.add("rewritten", message, Effect.WORDS, old=(), new=())
    return Diff(old, new, out.changes())


def _webhooks(out: Collector) -> None:
    was, now = (contract.bundle.document.get("webhooks") or {} for contract in (out.old, out.new))
    if canonical(was) != canonical(now):
        out.keep("webhooks-changed", "the webhooks are others", BOTH, old=("webhooks",), new=("webhooks",))


def _without_version(contract: Contract) -> str:
    document = contract.bundle.document
    info = {key: value for key, value in document["info"].items() if key != "version"}
    return canonical({**document, "info": info})
