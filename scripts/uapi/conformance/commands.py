"""`uapi conformance`: run the kit against a target."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import click

import uapi_phonecalls
from uapi.conformance.embedded import sandbox as embedded_sandbox
from uapi.conformance.errors import ConformanceError
from uapi.conformance.plugin import run_suite
from uapi.conformance.probe import Probe
from uapi.conformance.register import PROFILES, profile
from uapi.conformance.report.document import document
from uapi.conformance.report.files import write
from uapi.conformance.report.terminal import Progress
from uapi.conformance.run import Run
from uapi.conformance.session import Session, preflight
from uapi.conformance.target import (
    Path_,
    environment_name,
    load_target,
    option_name,
    settings,
)

SETTING: Final = "setting__"


def _with_settings(command: click.Command) -> click.Command:
    """Add an option for each setting of a target."""
    for path, description in settings():
        text = f"{description[:1].upper()}{description[1:]}. [{environment_name(path)}]"
        command.params.append(click.Option([option_name(path), SETTING + "__".join(path)], help=text, metavar="VALUE"))
    return command


@click.command()
@click.option("--target", "target_file", type=click.Path(path_type=Path), help="TOML file that describes the target.")
@click.option("--sandbox", "use_sandbox", is_flag=True, help="Start the embedded sandbox on a free port and test it.")
@click.option(
    "--profile", "profile_name", default="recording", show_default=True, help=f"One of: {', '.join(PROFILES)}."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of the generated requests."
)
@click.option(
    "--examples",
    type=click.IntRange(min=0, max=10_000),
    default=30,
    show_default=True,
    help="Generated requests for each operation, valid ones and again invalid ones; 0 for none.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports"),
    show_default=True,
    help="Folder for report.html and report.json.",
)
def conformance(
    *,
    target_file: Path | None,
    use_sandbox: bool,
    profile_name: str,
    seed: int,
    examples: int,
    output: Path,
    **values: Any,  # noqa: ANN401 - the settings, text or None
) -> int:
    """Test a server against the contract, requirement by requirement.

    The server is described by a target file, by environment variables and by options; the later is the stronger.
    Recordings are started and stopped on the phone call that the target names, and on no other.

    Exit codes: 0 conformant, 1 not conformant, 2 usage or configuration, 3 target unreachable, 4 incomplete.
    """
    options: dict[Path_, str] = {
        tuple(name.removeprefix(SETTING).split("__")): value
        for name, value in values.items()
        if name.startswith(SETTING) and value is not None
    }
    with ExitStack() as stack:
        if use_sandbox:
            if target_file is not None:
                hint = "Leave one of them out."
                raise ConformanceError("--sandbox and --target exclude each other", where="--sandbox", hint=hint)
            target_file = stack.enter_context(embedded_sandbox())
        environment: dict[str, str] = {} if use_sandbox else dict(os.environ)
        target = load_target(target_file, environment, options)
        session = stack.enter_context(Session(target))
        probe = Probe(session)
        run = Run(probe, profile_name, profile(profile_name), seed, examples)
        preflight(session, probe.first_request())
        progress = Progress()
        info = uapi_phonecalls.load_contract()["info"]
        progress.begin(run, f"{info['title']} {info['version']}")
        complete = run_suite(run, progress)
        judged = run.finish()
        report = document(run, judged)
        progress.end(report, write(report, output))
        if not complete:
            raise ConformanceError("the suite did not run to its end", hint="The reports tell what was looked at.")
        return judged.exit_code


_with_settings(conformance)
