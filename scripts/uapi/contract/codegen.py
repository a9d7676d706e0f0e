"""Run datamodel-codegen on the bundle, with the options and jobs of `pyproject.toml`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Final

from uapi.contract.errors import CodegenError

if TYPE_CHECKING:
    from pathlib import Path

    from uapi.contract.project import Project

TABLE: Final = "datamodel-codegen"
PASSED_ON: Final = ("PATH", "PYTHONPATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "VIRTUAL_ENV")
"""What a Python process needs of the environment; anything else could change the output."""
FIXED: Final = {
    "LC_ALL": "C.UTF-8",
    "NO_COLOR": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
}
TIMEOUT: Final = 300.0
SHOWN: Final = 15


def generate(project: Project, stage: Path) -> None:
    """Generate the models, the server and the client into `stage`, which holds `generated/openapi.json`.

    The jobs name their files relative to `pyproject.toml`. A copy of it in the stage keeps them there, and keeps the
    generator, which looks for the file in the folders above, from finding another one.
    """
    _check_options(project)
    shutil.copyfile(project.pyproject, stage / "pyproject.toml")
    command = [sys.executable, "-P", "-m", "datamodel_code_generator", "--all-jobs"]
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | FIXED
    try:
        result = subprocess.run(  # noqa: S603 - our own interpreter and fixed arguments
            command,
            cwd=stage,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"datamodel-codegen did not end within {TIMEOUT:.0f} seconds"
        raise CodegenError(message, where="generated/openapi.json", hint="Try it once more.") from error
    if result.returncode:
        lines = (result.stderr or result.stdout).strip().splitlines()
        message = "datamodel-codegen failed:\n    " + "\n    ".join(lines[-SHOWN:])
        hint = f"Mend what it names in the contract, or its options under [tool.{TABLE}] in pyproject.toml."
        raise CodegenError(message, where="generated/openapi.json", hint=hint)


def _check_options(project: Project) -> None:
    """Refuse a project without jobs in its `pyproject.toml`, before the generator says so in its own words."""
    try:
        options = tomllib.loads(project.pyproject.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = "there is no pyproject.toml, which holds the options of the code generator"
        raise CodegenError(message, where="pyproject.toml", hint="Copy it from the project's repository.") from error
    except (OSError, ValueError) as error:
        raise CodegenError(f"cannot be read: {error}", where="pyproject.toml", hint="Mend it as TOML.") from error
    if not options.get("tool", {}).get(TABLE, {}).get("jobs"):
        message = f"there is no [tool.{TABLE}.jobs], which say what is generated"
        raise CodegenError(message, where="pyproject.toml", hint="Copy them from the project's repository.")
