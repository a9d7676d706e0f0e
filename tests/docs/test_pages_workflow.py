"""The workflow that publishes the site builds it by the commands of the project, from actions that cannot change."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml import YAML

from docs.conftest import ROOT

WORKFLOW: dict[str, Any] = YAML(typ="safe").load(ROOT / ".github/workflows/pages.yml")
STEPS: list[dict[str, Any]] = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]


def test_its_commands_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    commands = [step["run"] for step in STEPS if "run" in step]
    targets = [target for command in commands for target in re.findall(r"\bmake ([a-z]+)", command)]
    assert targets == ["conformance", "docs"]
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_its_actions_are_pinned_by_hash() -> None:
    actions = [step["uses"] for step in STEPS if "uses" in step]
    assert len(actions) == 4
    assert [action for action in actions if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action)] == []


def test_only_the_job_that_publishes_may() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    allowed = {name: job.get("permissions") for name, job in WORKFLOW["jobs"].items()}
    assert allowed == {"build": None, "publish": {"pages": "write", "id-token": "write"}}
