"""Says what is known of a requirement: its text, where it comes from, and how it is checked."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from uapi.conformance.checks import ACTIONS, OBSERVATIONS
from uapi.conformance.errors import ConformanceError
from uapi.conformance.proof import CHECKS, proof
from uapi.conformance.register import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.register import Requirement


def listed() -> str:
    """Return all requirements, a line each."""
    return "\n".join(f"{row.id}  {row.level:<6}  {row.text}" for row in register().values())


def explained(requirement: str) -> str:
    """Return what is known of a requirement. Raises ConformanceError for an id that is none."""
    if requirement not in register():
        hint = "'uapi conformance explain' without an id lists all requirements."
        raise ConformanceError(f"there is no requirement {requirement!r}", where="explain", hint=hint)
    return "\n".join(_lines(register()[requirement]))


def _lines(row: Requirement) -> Iterator[str]:
    yield f"{row.id} ({row.level}, profile {row.profile})"
    yield f"  {row.text}"
    yield ""
    yield f"source    {row.source} ({row.evidence})"
    if row.decision:
        yield f"decision  {row.decision}, in openapi/decisions.md"
    yield f"contract  {row.file}:{row.line}"
    yield f"pointer   {row.pointer}"
    if row.feature:
        yield f"feature   {row.feature}: a target without it is not held to this"
    if row.excluded:
        yield f"excluded  {row.excluded}"
        return
    check = ACTIONS.get(row.id) or OBSERVATIONS[row.id]
    kind = "sends requests" if row.id in ACTIONS else "looks at every exchange of the run"
    yield f"check     {getattr(check, '__name__', 'unnamed')}: {inspect.getdoc(check)}"
    yield f"          It {kind}."
    yield from _proof(row)


def _proof(row: Requirement) -> Iterator[str]:
    faults = proof().get(row.id, ())
    found = [fault for fault in faults if fault.limit is None]
    servers = "faulty server" if len(found) == 1 else "faulty servers"
    yield f"proof     It finds what is wrong with {len(found)} {servers}:"
    for fault in found:
        generated = f" (by generated requests, budget {fault.budget})" if fault.budget != CHECKS else ""
        yield f"          {fault.name}{generated}"
        yield f"            {fault.fault}"
    for fault in faults:
        if fault.limit is not None:
            yield f"limit     It does not find {fault.name}"
            yield f"            {fault.fault}"
            yield f"            {fault.limit}"
