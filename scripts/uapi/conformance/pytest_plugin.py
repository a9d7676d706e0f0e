"""The options of the kit for pytest. Every pytest session of its user loads this module, so that it imports nothing.

It does something only where the suite is asked for: `pytest --pyargs uapi.conformance.suite --uapi-target target.toml`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

SUITE = "uapi.conformance.suite"
FOLDER = Path(__file__).with_name("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; `uapi conformance` has the same ones, and the settings of the target besides."""
    group = parser.getgroup("uapi conformance", f"VoipNow UnifiedAPI: --pyargs {SUITE}")
    group.addoption("--uapi-target", metavar="FILE", help="TOML file of the target; UAPI_… variables are stronger.")
    group.addoption("--uapi-sandbox", action="store_true", help="Start the embedded sandbox and test it.")
    group.addoption("--uapi-profile", metavar="NAME", default="recording", help="Profile to test (default: recording).")
    group.addoption(
        "--uapi-budget", metavar="NAME", default="standard", help="quick, standard or deep (default: standard)."
    )
    group.addoption("--uapi-seed", metavar="NUMBER", type=int, default=1, help="Seed of generated requests.")
    group.addoption("--uapi-output", metavar="FOLDER", help="Write the reports of the kit into this folder.")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare a run, where the session is asked for one."""
    if any(_names_the_suite(argument, config.invocation_params.dir) for argument in config.args):
        try:
            from uapi.conformance.plain import configure  # noqa: PLC0415 - other sessions are not to wait for it
        except ModuleNotFoundError as error:
            hint = "pip install 'voipnow-phonecalls[conformance]'"
            raise pytest.UsageError(f"the suite needs the package {error.name!r}, which comes with: {hint}") from error
        configure(config)


def _names_the_suite(argument: str, folder: Path) -> bool:
    place = argument.partition("::")[0]
    return place == SUITE or place.startswith(f"{SUITE}.") or (folder / place).is_relative_to(FOLDER)
