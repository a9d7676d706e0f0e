"""Redocly's recommended rules, by its command line, which needs Node."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from uapi.contract import emit
from uapi.contract.errors import ToolError
from uapi.contract.lint.rule import Context, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uapi.contract.bundle import Bundle

CLI: Final = Path("node_modules", "@redocly", "cli")
OLDEST_NODE: Final = (20, 19)
TIMEOUT: Final = 120.0
INSTALL_TIMEOUT: Final = 300.0
WITHOUT: Final = "or lint without it, with --no-redocly"
QUIET: Final = {
    "CI": "true",
    "NO_COLOR": "1",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    "REDOCLY_TELEMETRY": "off",
}
"""Nothing is sent or asked, and nothing is drawn for a person."""


def findings(context: Context) -> Iterator[Finding]:
    """Yield what redocly finds in the bundle."""
    node = _node()
    _install(context.project.node)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "openapi.yaml").write_text(
            emit.to_yaml(context.bundle.document), encoding="utf-8", newline="\n"
        )
        # The caches that it keeps in the home folder and in the temporary folder go away with the bundle.
        private = dict.fromkeys(("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "TMPDIR", "TEMP", "TMP"), folder)
        command = [
            node,
            str(context.project.node / CLI / "bin" / "cli.js"),
            "lint",
            "openapi.yaml",
            "--config",
            str(context.project.node / "redocly.yaml"),
            "--format=json",
            "--max-problems=1000",
        ]
        environment = {"PATH": os.environ.get("PATH", "")} | QUIET | private
        result = _run(command, Path(folder), environment, TIMEOUT)
    try:
        report = json.loads(result.stdout)
    except ValueError as error:
        message = f"redocly ended with {result.returncode} and no report: {_tail(result.stderr)}"
        raise ToolError(message, hint=f"Run `npm ci` in scripts/node, {WITHOUT}.") from error
    yield from translate(report, context.bundle)


def translate(report: Mapping[str, Any], bundle: Bundle) -> Iterator[Finding]:
    """Turn the report of redocly into findings in the files of the contract."""
    for problem in report["problems"]:
        pointer = problem["location"][0].get("pointer", "#") if problem["location"] else "#"
        suggestions = [str(suggestion) for suggestion in problem.get("suggest", ())]
        hint = f"Perhaps {' or '.join(suggestions)} is meant. " if suggestions else ""
        hint += f"See {problem['reference']}" if "reference" in problem else "See the OpenAPI 3.1 specification."
        at = bundle.locate_pointer(pointer.removeprefix("#"))
        yield Finding(f"redocly-{problem['ruleId']}", at, problem["message"], hint)


def _node() -> str:
    """Return the path of a Node that redocly runs on."""
    oldest = ".".join(map(str, OLDEST_NODE))
    hint = f"Install Node {oldest} or newer, {WITHOUT}."
    node = shutil.which("node")
    if node is None:
        raise ToolError("redocly needs Node, which is not installed", hint=hint)
    text = _run([node, "--version"], Path.cwd(), os.environ, TIMEOUT).stdout.strip()
    version = re.match(r"v(\d+)\.(\d+)", text)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_NODE:
        raise ToolError(f"redocly needs Node {oldest} or newer; {node} is {text or 'of an unknown version'}", hint=hint)
    return node


def _install(folder: Path) -> None:
    """Install redocly in the version that `package.json` names, if it is not there."""
    try:
        wanted = json.loads((folder / "package.json").read_text(encoding="utf-8"))["devDependencies"]["@redocly/cli"]
    except (OSError, ValueError, LookupError) as error:
        message = f"{folder} names no version of @redocly/cli in its package.json"
        raise ToolError(message, hint=f"Restore scripts/node from the project's repository, {WITHOUT}.") from error
    try:
        installed = json.loads((folder / CLI / "package.json").read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, LookupError):
        installed = None
    if installed == wanted:
        return
    hint = f"Connect to the network once, {WITHOUT}."
    npm = shutil.which("npm")
    if npm is None:
        raise ToolError("redocly is not installed, and npm is not there to install it", hint=hint)
    result = _run([npm, "ci"], folder, os.environ, INSTALL_TIMEOUT)
    if result.returncode:
        raise ToolError(f"npm could not install redocly: {_tail(result.stderr)}", hint=hint)


def _run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - a program that was looked up, and arguments of our own
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"{Path(command[0]).name} could not be run: {error}", hint=f"Mend it, {WITHOUT}.") from error


def _tail(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-3:]) or "it said nothing"
