"""The report as data, from which every other form of it is rendered. Its schema is `report.schema.json`."""

from __future__ import annotations

import platform
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.bundle import contract
from uapi.conformance.exchange import telling
from uapi.conformance.outcome import Outcome
from uapi.conformance.redaction import redact
from uapi.conformance.register import operations
from uapi.conformance.report.matrix import examples, matrix
from uapi.conformance.report.timings import timings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uapi.conformance.baseline import Comparison
    from uapi.conformance.outcome import Result, Verdict
    from uapi.conformance.run import Run

SCHEMA_FILE: Final = "report.schema.json"
"""The schema of a report: a file of this package, and one beside each report."""
SCHEMA_VERSION: Final = 1
LIBRARIES: Final = ("h11", "hypothesis", "jsonschema-rs", "pytest", "schemathesis")
"""What else decides what is sent and how it is judged."""
SHOWN_OF_A_PASS: Final = 3
"""How many exchanges a report keeps as evidence of a pass; of everything else it keeps what the check names."""


def document(run: Run, judged: Verdict, comparison: Comparison | None = None) -> dict[str, Any]:
    """Return the report of a finished run: JSON values only, and no secret in any of them.

    `comparison` is there where the run was held against expected failures.
    """
    results = [run.results[row.id] for row in run.requirements]
    session = run.probe.session
    target, exchanges, secrets = session.target, session.exchanges, session.secrets
    rows = [_row(result, run.phases[result.requirement.id], secrets) for result in results]
    evidence = {exchange.number: exchange for result in results for exchange in result.exchanges}
    shown = {number for row in rows for number in row["exchanges"]}
    seen = matrix(exchanges, target, operations(run.requirements), shown)
    evidence |= {exchange.number: exchange for exchange in exchanges if exchange.number in examples(seen)}
    return {
        "$schema": SCHEMA_FILE,
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "uapi conformance", "version": version("voipnow-phonecalls")},
        "contract": {"title": contract()["info"]["title"], "version": contract()["info"]["version"]},
        "environment": environment(),
        "target": {"base_url": target.base_url, "features": target.features.model_dump(mode="json")},
        "profile": run.profile,
        "seed": run.seed,
        "workers": 1 + len(target.phone_call.further),
        "budget": asdict(run.budget),
        "started": run.started.isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 3),
        "verdict": judged.value,
        "counts": counts(results),
        "expected_failures": None if comparison is None else asdict(comparison),
        "warnings": [redact(warning, secrets) for warning in session.warnings],
        "left_out": left_out(rows),
        "dropped": [
            {"reason": redact(reason, secrets), "count": number} for reason, number in sorted(run.dropped.items())
        ],
        "matrix": seen,
        "timings": timings(exchanges),
        "exchanges_in_all": len(exchanges),
        "results": rows,
        "exchanges": [evidence[number].as_json() for number in sorted(shown | examples(seen))],
    }


def environment() -> dict[str, Any]:
    """Return what the kit ran on: versions, and nothing that tells one machine from another."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def counts(results: list[Result]) -> dict[str, int]:
    """Return how many requirements have each outcome."""
    return {outcome.value: sum(result.outcome is outcome for result in results) for outcome in Outcome}


def left_out(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return what the verdict does not speak of, with the reasons: never to be taken for fine."""
    silent = {Outcome.EXCLUDED, Outcome.NOT_EXERCISED, Outcome.ERROR}
    return [
        {"id": row["id"], "outcome": row["outcome"], "reason": row["message"]}
        for row in rows
        if row["outcome"] in silent
    ]


def _row(result: Result, phase: str, secrets: Mapping[str, str]) -> dict[str, Any]:
    row = result.requirement
    passed = result.outcome is Outcome.PASS and not result.violated
    shown = telling(result.exchanges, SHOWN_OF_A_PASS) if passed else result.exchanges
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
        "phase": phase,
        "violated": result.violated,
        "message": redact(result.message, secrets),
        "milliseconds": round(result.seconds * 1000, 1),
        "exchanges": [exchange.number for exchange in shown],
    }
