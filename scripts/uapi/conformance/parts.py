"""What several processes did of one run, put together to the run that one process would have had."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.outcome import Result
    from uapi.conformance.run import Phase, Run

PHASES: Final[tuple[Phase, ...]] = ("check", "coverage", "exploration", "links", "stateful", "life")
"""The order of a run: of two findings that weigh the same, the earlier one is kept."""
LAST: Final = frozenset({"presence", "clean-up"})
NUMBERED: Final = re.compile(r"\bexchange (\d+)\b")


@dataclass(frozen=True, slots=True)
class Part:
    """What one process did of a run."""

    results: Mapping[str, Result]
    phases: Mapping[str, Phase]
    exchanges: Sequence[Exchange]
    dropped: Mapping[str, int]
    warnings: Sequence[str]
    secrets: Mapping[str, str]
    gone: str | None
    ended: bool


def part_of(run: Run) -> Part:
    """Stop what a run started, and return what it did: no more than it decided."""
    decided = list(run.results)
    run.finish()
    session = run.probe.session
    return Part(
        {name: run.results[name] for name in decided},
        dict(run.phases),
        list(session.exchanges),
        dict(run.dropped),
        list(session.warnings),
        dict(session.secrets),
        session.gone,
        run.probe.ended,
    )


def join(run: Run, parts: Sequence[Part]) -> None:
    """Add to a run what other processes did of it, in an order that does not depend on which was the faster."""
    session = run.probe.session
    for part in parts:
        for secret, variable in part.secrets.items():
            session.secrets.setdefault(secret, variable)
    numbers = _renumbered(run, parts)
    found: list[tuple[Result, Phase]] = []
    for part, known in zip(parts, numbers, strict=True):
        for warning in part.warnings:
            session.warn(_told(warning, known))
        run.dropped.update(part.dropped)
        found += [(_result(result, known), part.phases[name]) for name, result in part.results.items()]
    for result, phase in sorted(found, key=lambda each: (PHASES.index(each[1]), _first(each[0]))):
        run.adopt(result, phase)
    run.probe.ended |= any(part.ended for part in parts)
    if parts and all(part.gone is not None for part in parts):
        session.gone = _told(str(parts[0].gone), numbers[0])


def _renumbered(run: Run, parts: Sequence[Part]) -> list[dict[int, Exchange]]:
    """Add the exchanges of all parts to those of a run; return for each part the new ones by their old numbers."""
    session = run.probe.session
    names = [*(f"check {row.id}" for row in run.acting), *(str(exploration) for exploration in run.explorations)]
    ranks = {name: rank for rank, name in enumerate(names)} | dict.fromkeys(LAST, len(names))
    every = [(ranks.get(old.phase, -1), index, old) for index, part in enumerate(parts) for old in part.exchanges]
    found: list[dict[int, Exchange]] = [{} for _ in parts]
    for _, index, old in sorted(every, key=lambda each: (*each[:2], each[2].number)):
        new = replace(old, number=len(session.exchanges) + 1, secrets=session.secrets)
        session.exchanges.append(new)
        found[index][old.number] = new
    return found


def _result(result: Result, known: Mapping[int, Exchange]) -> Result:
    return replace(result, message=_told(result.message, known), exchanges=tuple(_new(result.exchanges, known)))


def _new(exchanges: Iterable[Exchange], known: Mapping[int, Exchange]) -> Iterable[Exchange]:
    return (known[exchange.number] for exchange in exchanges)


def _told(text: str, known: Mapping[int, Exchange]) -> str:
    """Return a text with the numbers that its exchanges have now."""
    return NUMBERED.sub(lambda match: f"exchange {known[int(match[1])].number}", text)


def _first(result: Result) -> int:
    return min((exchange.number for exchange in result.exchanges), default=0)
