"""Decides a requirement: runs its check, and turns how the check ends into an outcome."""

from __future__ import annotations

import time
import traceback
from typing import TYPE_CHECKING

from uapi.conformance.answers import phone_calls_of
from uapi.conformance.checks.registry import ACTIONS, BY_PHONE, OBSERVATIONS, OTHERWISE
from uapi.conformance.exchange import telling
from uapi.conformance.features import advice
from uapi.conformance.finding import Excluded, Failed, Finding, NotExercised, Unreadable
from uapi.conformance.outcome import Outcome, Result
from uapi.conformance.presence import has_ended
from uapi.conformance.reading import is_noise
from uapi.conformance.redaction import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe
    from uapi.conformance.register import Requirement

OF_EVERY_REQUEST = frozenset({"HTTP-004"})
"""Requirements that speak also of requests that break the rules of HTTP."""
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
    started, first = time.monotonic(), len(probe.session.exchanges)
    try:
        outcome, message, exchanges = _run_twice(requirement, probe)
        violated = False
    except Failed as finding:
        exchanges = finding.exchanges
        reason = _acquits(requirement, finding, probe)
        violated = reason is None
        outcome, message = worded(requirement, finding, probe) if reason is None else (Outcome.NOT_EXERCISED, reason)
    message = shortened(message, probe.session.secrets)
    shown = exchanges or telling(probe.session.exchanges[first:], SHOWN_EXCHANGES)
    return Result(requirement, outcome, message, tuple(shown), time.monotonic() - started, violated)


def _acquits(requirement: Requirement, finding: Finding, probe: Probe) -> str | None:
    """Return why a finding accuses nobody, None where it does.

    What was never sent says nothing of the target, an answer that is no JSON nothing of what it should have said, and
    a phone call that has ended nothing of what should have happened to it; checks that place their own know of them.
    """
    if finding.exchanges and not any(exchange.was_sent for exchange in finding.exchanges):
        return finding.message
    if isinstance(finding, Unreadable) and requirement.id in ACTIONS:
        return f"the answer cannot be read, which is for HTTP-002 and HTTP-013 to say: {finding.message}"
    if requirement.id not in ACTIONS or requirement.id in BY_PHONE:
        return None
    return probe.session.gone if has_ended(probe, finding.exchanges) else None


def _run_twice(requirement: Requirement, probe: Probe) -> tuple[Outcome, str, Sequence[Exchange]]:
    """Run a check, and once more where it failed at an answer that came to nothing, which has a row of its own."""
    try:
        return _run(requirement, probe)
    except Failed as finding:
        if requirement.id not in ACTIONS or not is_noise(finding):
            raise
    return _run(requirement, probe)


def _run(requirement: Requirement, probe: Probe) -> tuple[Outcome, str, Sequence[Exchange]]:
    probe.remarks.clear()
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


def worded(requirement: Requirement, finding: Finding, probe: Probe) -> tuple[Outcome, str]:
    """Return the outcome of a finding, and its message as it reads for the level of the requirement.

    Where the target may simply not have what was asked for, the message says which setting tells so.
    """
    outcome = violation(requirement)
    message = finding.message + advice(finding.exchanges, probe)
    return outcome, message if outcome is not Outcome.PASS else f"not so, which it may: {message}"


def _observed(requirement: Requirement, probe: Probe) -> Sequence[Exchange]:
    """Apply an observing check to every exchange so far; return those that show that the requirement holds."""
    probe.survey()
    observation = OBSERVATIONS[requirement.id]
    sent = [exchange for exchange in probe.session.exchanges if exchange.was_sent]
    # How the API answers is not shown by what may not have reached it; that it is answered is.
    heard = [exchange for exchange in sent if not exchange.request.irregular or requirement.id in OF_EVERY_REQUEST]
    shown = [exchange for exchange in heard if observation(exchange)]
    if shown:
        return shown[:SHOWN_EXCHANGES]
    if probe.session.gone is not None:
        raise NotExercised(probe.session.gone)
    if (reason := OTHERWISE.get(requirement.id)) is not None and any(
        True for exchange in probe.session.exchanges for _ in phone_calls_of(exchange)
    ):
        raise Excluded(reason)
    message = "no exchange of the run was of the kind that it speaks of"
    raise NotExercised(message)
