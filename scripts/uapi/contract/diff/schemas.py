"""Compares two schemas, and those in them, as they are used: in a request or in a response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.contract.diff import alternatives, keywords
from uapi.contract.diff.model import BREAKS, CLIENTS, NOBODY, SERVERS, Effect
from uapi.contract.diff.names import subject
from uapi.contract.diff.view import View, homes

if TYPE_CHECKING:
    from uapi.contract.diff.collector import Collector
    from uapi.contract.diff.view import Places

NONE, SOME, ANY = range(3)


class SchemaComparer:
    """Compares schemas in one use; a pair that was begun is not begun again, so that a circle ends."""

    def __init__(self, out: Collector) -> None:
        """Report to a collector, whose `use` says in which direction the values travel."""
        self.out: Final = out
        self.begun: Final[set[tuple[Places, Places]]] = set()

    def compare(self, old: Places, new: Places) -> None:
        """Compare the schemas at some places of the old contract with those of the new one."""
        if (old, new) in self.begun:
            return
        self.begun.add((old, new))
        before, after = View(self.out.old, old), View(self.out.new, new)
        self.out.reached.update(before.schemas, after.schemas)
        if alternatives.lifted(self, before, after):
            return
        keywords.judge(self.out, before, after)
        self._properties(before, after)
        self._required(before, after)
        self._additional(before, after)
        self._items(before, after)
        alternatives.judge(self, before, after)

    def _properties(self, old: View, new: View) -> None:
        use = self.out.use or "request"
        for name, places in old.properties.items():
            if name in new.properties:
                self.compare(places, new.properties[name])
                continue
            breaks = BREAKS[Effect.WITHDRAWN][use]
            if use == "request" and name in old.required:
                breaks |= SERVERS
            if use == "response" and new.closed:
                breaks |= SERVERS
            title = subject(self.out.old, places[0])
            self.out.keep("property-removed", f"{title} is gone", breaks, old=places[0])
        for name, places in new.properties.items():
            if name in old.properties:
                continue
            title = subject(self.out.new, places[0])
            demanded = name in new.required
            breaks = BREAKS[Effect.DEMANDED if demanded else Effect.OFFERED][use]
            breaks |= CLIENTS if use == "response" and old.closed else NOBODY
            message = f"{title} is new, and required" if demanded else f"{title} is new, and optional"
            self.out.keep("property-added", message, breaks, new=places[0])

    def _required(self, old: View, new: View) -> None:
        """Compare what has to be there; a property that comes or goes tells it itself."""
        moved = set(old.properties) ^ set(new.properties)
        before, after = homes(old, new, "required")
        title = subject(self.out.new, after)
        for name in sorted((old.required.keys() ^ new.required.keys()) - moved):
            now = name in new.required
            self.out.add(
                "property-required" if now else "property-optional",
                f"{title}.{name} is {'required' if now else 'optional'} now",
                Effect.NARROWER if now else Effect.WIDER,
                old=old.properties.get(name, (before,))[0],
                new=new.properties.get(name, (after,))[0],
            )

    def _additional(self, old: View, new: View) -> None:
        states = [_openness(view) for view in (old, new)]
        if states[0] == states[1]:
            if states[0] == SOME:
                self.compare(old.children("additionalProperties"), new.children("additionalProperties"))
            return
        effect = Effect.WIDER if states[1] > states[0] else Effect.NARROWER
        before, after = homes(old, new, "additionalProperties")
        words = ("no other properties", "other properties of one schema", "any other property")
        message = f"{subject(self.out.new, after)} may have {words[states[1]]}, and before {words[states[0]]}"
        self.out.add("additional-properties-changed", message, effect, old=before, new=after)

    def _items(self, old: View, new: View) -> None:
        before, after = old.children("items"), new.children("items")
        if before and after:
            self.compare(before, after)
        elif before or after:
            homes_ = homes(old, new, "items")
            text = "have a schema" if after else "have no schema any more"
            message = f"the items of {subject(self.out.new, homes_[1])} {text}"
            effect = Effect.NARROWER if after else Effect.WIDER
            self.out.add("items-added" if after else "items-removed", message, effect, old=homes_[0], new=homes_[1])


def compare_unused(out: Collector) -> None:
    """Compare the components that no operation of either contract uses; their changes break nobody."""
    before, after = (
        contract.bundle.document.get("components", {}).get("schemas") or {} for contract in (out.old, out.new)
    )
    out.judged = False
    for name in before:
        place = ("components", "schemas", name)
        if name in after and place not in out.reached:
            SchemaComparer(out).compare((place,), (place,))
    out.judged = True


def _openness(view: View) -> int:
    """Return whether no, some or any further properties are allowed."""
    states = [
        NONE if value is False else ANY if value is True or value == {} else SOME
        for value, _ in view.all("additionalProperties")
    ]
    return min(states, default=ANY)
