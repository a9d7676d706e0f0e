"""The report as data, from which every other form of it is rendered."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.bundle import contract
from uapi.conformance.outcome import Outcome

if TYPE_CHECKING:
    from uapi.conformance.exchange import Exchange
    from uapi.conformance.outcome import Result, Verdict
    from uapi.conformance.run import Run

SCHEMA_VERSION: Final = 1


def document(run: Run, judged: Verdict) -> dict[str, Any]:
    """Return the report of a finished run: JSON values only, and no secret in any of them."""
    results = [run.results[row.id] for row in run.requirements]
    evidence = {exchange.number: exchange for result in results for exchange in result.exchanges}
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "uapi conformance", "version": version("voipnow-phonecalls")},
        "contract": {"title": contract()["info"]["title"], "version": contract()["info"]["version"]},
        "target": {"base_url": run.probe.target.base_url, "features": run.probe.target.features.model_dump()},
        "profile": run.profile,
        "seed": run.seed,
        "started": run.started.isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 3),
        "verdict": judged.value,
        "counts": counts(results),
        "left_out": left_out(results),
        "exchanges_in_all": len(run.probe.session.exchanges),
        "results": [_row(result) for result in results],
        "exchanges": [exchange.as_json() for _, exchange in sorted(evidence.items())],
    }


def counts(results: list[Result]) -> dict[str, int]:
    """Return how many requirements have each outcome."""
    return {outcome.value: sum(result.outcome is outcome for result in results) for outcome in Outcome}


def left_out(results: list[Result]) -> list[dict[str, str]]:
    """Return what the verdict does not speak of, with the reasons: never to be taken for fine."""
    silent = {Outcome.EXCLUDED, Outcome.NOT_EXERCISED, Outcome.ERROR}
    return [
        {"id": result.requirement.id, "outcome": result.outcome.value, "reason": result.message}
        for result in results
        if result.outcome in silent
    ]


def _row(result: Result) -> dict[str, Any]:
    row = result.requirement
    return {
        "id": row.id,
        "level": row.level,
        "text": row.text,
        "source": row.source,
        "evidence": row.evidence,
        "decision": row.decision,
        "pointer": row.pointer,
        "file": row.file,
        "line": row.line,
        "outcome": result.outcome.value,
        "message": _redacted(result),
        "milliseconds": round(result.seconds * 1000, 1),
        "exchanges": [exchange.number for exchange in result.exchanges],
    }


def _redacted(result: Result) -> str:
    exchanges: tuple[Exchange, ...] = tuple(result.exchanges)
    return exchanges[0].redact(result.message) if exchanges else result.message
