"""Gathers changes; one that shows in several places becomes one change that names them all."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from uapi.contract.diff.model import BREAKS, NOBODY, Change, Effect

if TYPE_CHECKING:
    from uapi.contract.diff.model import Contract, Party, Use
    from uapi.contract.location import Tokens

ORDER: Final[tuple[Use, ...]] = ("request", "response")


class Collector:
    """Holds what was found so far; `operations` and `use` say what is being looked at."""

    def __init__(self, old: Contract, new: Contract) -> None:
        """Begin with nothing found."""
        self.old: Final = old
        self.new: Final = new
        self.operations: tuple[str, ...] = ()
        self.use: Use | None = None
        self.reached: Final[set[Tokens]] = set()
        """The schemas that were compared, on either side."""
        self.judged = True
        """Whether a change can break anybody; where it stands in no operation, it cannot."""
        self._found: Final[dict[tuple[str | None, ...], Change]] = {}

    def add(
        self,
        rule: str,
        message: str,
        effect: Effect,
        *,
        old: Tokens | None = None,
        new: Tokens | None = None,
        was: object = None,
        now: object = None,
    ) -> None:
        """Keep a change, whom it breaks as it is judged in the present use."""
        use: Use = self.use or "request"
        self.keep(rule, message, BREAKS[effect][use], old=old, new=new, was=was, now=now, words=effect is Effect.WORDS)

    def keep(
        self,
        rule: str,
        message: str,
        breaks: frozenset[Party],
        *,
        old: Tokens | None = None,
        new: Tokens | None = None,
        was: object = None,
        now: object = None,
        words: bool = False,
    ) -> None:
        """Keep a change of which is known whom it breaks."""
        before = None if old is None else self.old.side(old, was)
        after = None if new is None else self.new.side(new, now)
        change = Change(
            rule=rule,
            message=message,
            old=before,
            new=after,
            breaks=breaks if self.judged else NOBODY,
            words=words,
            uses=() if self.use is None else (self.use,),
            operations=self.operations,
        )
        pointers = [None if side is None else side.pointer for side in (before, after)]
        key = (rule, message, *pointers, json.dumps([was, now]))
        known = self._found.get(key)
        self._found[key] = change if known is None else _merged(known, change)

    def changes(self) -> tuple[Change, ...]:
        """Return what was found, ordered by place."""
        return tuple(sorted(self._found.values(), key=_order))


def _merged(one: Change, other: Change) -> Change:
    return replace(
        one,
        breaks=one.breaks | other.breaks,
        uses=tuple(use for use in ORDER if use in {*one.uses, *other.uses}),
        operations=tuple(dict.fromkeys((*one.operations, *other.operations))),
    )


def _order(change: Change) -> tuple[list[tuple[int, str]], str, str]:
    """Order by place, in which the tenth of a list comes after the second."""
    steps = [(int(step) if step.isdecimal() else -1, step) for step in change.side.pointer.split("/")]
    return steps, change.rule, change.message
