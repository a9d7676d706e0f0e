"""Run the rules, and order what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.contract.bundle import bundle
from uapi.contract.lint import (  # noqa: F401 - importing a module registers its rules
    descriptions,
    error_codes,
    examples,
    links,
    names,
    operations,
    patterns,
    requirements,
    usage,
    validator,
)
from uapi.contract.lint.redocly import findings as redocly_findings
from uapi.contract.lint.rule import RULES, Context

if TYPE_CHECKING:
    from uapi.contract.lint.rule import Finding
    from uapi.contract.project import Project


def lint(project: Project, *, redocly: bool = True) -> list[Finding]:
    """Return what the rules find in the contract, ordered by place; `redocly` needs Node."""
    context = Context(project, bundle(project))
    found = {finding for rule in RULES for finding in rule.run(context)}
    if redocly:
        found.update(redocly_findings(context))
    return sorted(found, key=lambda finding: (finding.where, finding.rule, finding.message))
