"""Decides a requirement: runs its check, and turns how the check ends into an outcome."""

from __future__ import annotations

import time
import traceback
from typing import TYPE_CHECKING

from uapi.conformance.answers import phone_calls_of
from uapi.conformance.checks.registry import ACTIONS, OBSERVATIONS, OTHERWISE
from uapi.conformance.finding import Excluded, Failed, Finding, NotExercised
from uapi.conformance.outcome import Outcome, Result
from uapi.conformance.redaction import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe
    from uapi.conformance.register import Requirement

SHOWN_EXCHANGES = 6
"""How many exchanges of a check are kept as evidence of a pass."""


def violation(requirement: Requirement) -> Outcome:
    """Return what a violation of a requirement amounts to: a MAY is reported, never held against a target (D-38)."""
    return {"MUST": Outcome.FAIL, "SHOULD": Outcome.WARN, "MAY": Outcome.PASS}[requirement.level]


def decide(requirement: Requirement, probe: Probe) -> Result:
    """Run the check of a requirement on a target, and return its outcome with the evidence.

    An exception that is no finding is a defect of the kit: the outcome is `error`, and the message says where.
    """
    if requirement.excluded is not None:
        return Result(requirement, Outcome.EXCLUDED, requirement.excluded)
    if not probe.target.features.offers(requirement.feature):
        setting = f"features.{requirement.feature}".replace("-", "_")
        return Result(requirement, Outcome.EXCLUDED, f"the target does not offer it ({setting} = false)")
    if probe.session.gone is not None and requirement.id in ACTIONS:
        return Result(requirement, Outcome.NOT_EXERCISED, probe.session.gone)
    probe.remarks.clear()
    started, first = time.monotonic(), len(probe.session.exchanges)
    try:
        outcome, message, exchanges = _run(requirement, probe)
        violated = False
    except Failed as finding:
        # What was never sent, because the target is gone, accuses nobody.
        violated = not finding.exchanges or any(exchange.was_sent for exchange in finding.exchanges)
        outcome, message = worded(requirement, finding) if violated else (Outcome.NOT_EXERCISED, finding.message)
        exchanges = finding.exchanges
    message = shortened(message, probe.session.secrets)
    shown = exchanges or probe.session.exchanges[first:][-SHOWN_EXCHANGES:]
    return Result(requirement, outcome, message, tuple(shown), time.monotonic() - started, violated)


def _run(requirement: Requirement, probe: Probe) -> tuple[Outcome, str, Sequence[Exchange]]:
    try:
        if (action := ACTIONS.get(requirement.id)) is not None:
            action(probe)
            shown: Sequence[Exchange] = ()
        else:
            shown = _observed(requirement, probe)
    except Failed:
        raise
    except NotExercised as finding:
        return Outcome.NOT_EXERCISED, finding.message, finding.exchanges
    except Excluded as finding:
        return Outcome.EXCLUDED, finding.message, finding.exchanges
    except Exception as error:  # noqa: BLE001 - the one place where a defect of the kit becomes an outcome
        place = traceback.extract_tb(error.__traceback__)[-1]
        message = f"defect of the kit: {type(error).__name__}: {error} ({place.name}, line {place.lineno})"
        return Outcome.ERROR, message, ()
    if probe.remarks:
        return Outcome.WARN, "; ".join(dict.fromkeys(probe.remarks)), shown
    return Outcome.PASS, "", shown


def worded(requirement: Requirement, finding: Finding) -> tuple[Outcome, str]:
    """Return the outcome of a finding, and its message as it reads for the level of the requirement."""
    outcome = violation(requirement)
    return outcome, finding.message if outcome is not Outcome.PASS else f"not so, which it may: {finding.message}"


def _observed(requirement: Requirement, probe: Probe) -> Sequence[Exchange]:
    """Apply an observing check to every exchange so far; return those that show that the requirement holds."""
    probe.survey()
    observation = OBSERVATIONS[requirement.id]
    shown = [exchange for exchange in probe.session.exchanges if exchange.was_sent and observation(exchange)]
    if shown:
        return shown[:SHOWN_EXCHANGES]
    if (reason := OTHERWISE.get(requirement.id)) is not None and any(
        True for exchange in probe.session.exchanges for _ in phone_calls_of(exchange)
    ):
        raise Excluded(reason)
    message = "no exchange of the run was of the kind that it speaks of"
    raise NotExercised(message)
