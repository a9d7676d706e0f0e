"""`uapi conformance`: run the kit against a target, and what belongs to that."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

import uapi_phonecalls
from uapi.conformance.baseline import load_expectations
from uapi.conformance.budget import BUDGETS
from uapi.conformance.conduct import conduct
from uapi.conformance.embedded import sandbox as embedded_sandbox
from uapi.conformance.errors import ConformanceError
from uapi.conformance.explain import explained, listed
from uapi.conformance.order import Order
from uapi.conformance.plan import plan
from uapi.conformance.register import PROFILES
from uapi.conformance.replay import exchanges_of, replay_and_restore
from uapi.conformance.report.files import report_schema
from uapi.conformance.report.terminal import Progress
from uapi.conformance.safety import confirm
from uapi.conformance.session import Session
from uapi.conformance.target import (
    SCHEMA_FILE,
    Path_,
    environment_name,
    is_flag,
    load_target,
    option_name,
    settings,
    target_schema,
    target_template,
)
from uapi.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from uapi.conformance.target import Target

LAYOUT: Final = "\t\n"
"""What a terminal may obey in an answer."""
SETTING: Final = "setting__"


def with_target(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the target file, and an option for each setting of a target."""
    for path, description in reversed(list(settings())):
        text = f"{description[:1].upper()}{description[1:]}. [{environment_name(path)}]"
        flag: dict[str, Any] = {"is_flag": False, "flag_value": "true"} if is_flag(path) else {}
        option = click.option(option_name(path), SETTING + "__".join(path), help=text, metavar="VALUE", **flag)
        command = option(command)
    file = click.option("--target", "target_file", type=click.Path(path_type=Path), help="TOML file of the target.")
    return file(command)


def _settings_of(values: dict[str, Any]) -> dict[Path_, str]:
    return {
        tuple(name.removeprefix(SETTING).split("__")): value
        for name, value in values.items()
        if name.startswith(SETTING) and value is not None
    }


def _target(
    stack: ExitStack, file: Path | None, values: dict[str, Any], *, use_sandbox: bool, calls: int = 1
) -> Target:
    environment = dict(os.environ)
    if use_sandbox:
        if file is not None:
            hint = "Leave one of them out."
            raise ConformanceError("--sandbox and --target exclude each other", where="--sandbox", hint=hint)
        file = stack.enter_context(embedded_sandbox(calls))
        # What describes another server must not reach this one.
        environment = {name: value for name, value in environment.items() if not name.startswith("UAPI_")}
    return load_target(file, environment, _settings_of(values))


@click.group(invoke_without_command=True)
@with_target
@click.option("--sandbox", "use_sandbox", is_flag=True, help="Start the embedded sandbox on a free port and test it.")
@click.option("--profile", type=click.Choice(sorted(PROFILES)), default="recording", show_default=True)
@click.option("--only", multiple=True, metavar="ID", help="Look at this requirement only; may be repeated.")
@click.option(
    "--budget",
    type=click.Choice(list(BUDGETS)),
    default="standard",
    show_default=True,
    help="How much to spend on generated requests.",
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of what is generated.")
@click.option(
    "-n",
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many processes share the tests; each needs a phone call of its own.",
)
@click.option(
    "--expected-failures",
    "expectations",
    type=click.Path(path_type=Path),
    help="TOML file of failures that are known: the run fails on others, and on those that are mended.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports"),
    show_default=True,
    help="Folder for the reports: HTML, JSON, JUnit, Markdown, SARIF, badge.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@click.pass_context
def conformance(
    context: click.Context,
    /,
    *,
    target_file: Path | None,
    use_sandbox: bool,
    expectations: Path | None,
    output: Path,
    dry_run: bool,
    **values: Any,  # noqa: ANN401 - the settings, and the rest of the order
) -> int:
    """Test a server against the contract, requirement by requirement.

    The server is described by a target file, by environment variables and by options; the later is the stronger.
    Recordings are started and stopped on the phone call that the target names, and on no other.

    Exit codes: 0 conformant, 1 not conformant, 2 usage or configuration, 3 target unreachable, 4 incomplete.
    """
    if context.invoked_subcommand is not None:
        return 0
    order = Order(
        values["profile"],
        BUDGETS[values["budget"]],
        values["seed"],
        values["only"],
        load_expectations(expectations) if expectations else None,
        values["workers"],
    )
    requirements = order.requirements
    with ExitStack() as stack:
        target = _target(stack, target_file, values, use_sandbox=use_sandbox, calls=order.workers)
        if dry_run:
            click.echo("\n".join(plan(target, requirements, order.workers)))
            return 0
        info = uapi_phonecalls.load_contract()["info"]
        return conduct(target, order, output, Progress(), f"{info['title']} {info['version']}")


@conformance.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=Path("target.toml"))
def init(file: Path) -> None:
    """Write a commented target file, by default target.toml, and beside it the JSON Schema that editors know it by."""
    schema_file = file.with_name(SCHEMA_FILE)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(target_template())
        if not schema_file.exists():
            schema_file.write_text(_target_schema(), "utf-8")
    except FileExistsError as error:
        raise ConformanceError("the file exists already", where=str(file), hint="Name another one.") from error
    except OSError as error:
        raise ConformanceError(f"the file cannot be written: {error.strerror}", where=str(file)) from error
    click.echo(f"{file}: fill it in, then run: uapi conformance --target {file}")


@conformance.command()
@click.argument("requirement", required=False)
def explain(requirement: str | None) -> None:
    """Say what is known of a requirement; without an id, list all of them."""
    click.echo(explained(requirement) if requirement else listed())


@conformance.command()
@click.argument("which", type=click.Choice(["target", "report"]))
def schema(which: str) -> None:
    """Print the JSON Schema of the target file or of report.json."""
    click.echo(_target_schema() if which == "target" else report_schema(), nl=False)


def _target_schema() -> str:
    return json.dumps(target_schema(), indent=2) + "\n"


@conformance.command("replay")
@click.argument("report", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("requirement")
@with_target
def replay_(report: Path, requirement: str, target_file: Path | None, **values: Any) -> int:  # noqa: ANN401 - settings
    """Send the exchanges of a requirement in a report.json again."""
    kept = exchanges_of(report, requirement)
    with ExitStack() as stack:
        target = _target(stack, target_file, values, use_sandbox=False)
        places_calls = target.create is not None
        confirm(target, places_calls=places_calls)
        session = stack.enter_context(Session(target, telephony=places_calls))
        for replayed in replay_and_restore(session, kept):
            now = replayed.now
            if now is None:
                click.echo(f"exchange {replayed.number}: was {replayed.before}, is not sent again: {replayed.unsafe}")
                continue
            answer = now.status if now.response else f"no answer: {now.fault}"
            click.echo(f"exchange {replayed.number}: was {replayed.before}, is {answer}")
            click.echo(f"  {now.curl}")
            if now.response:
                body = now.redact(now.response.body.decode("utf-8", "backslashreplace"))
                click.echo(f"  {printable(body, keep=LAYOUT)}")
        for warning in session.warnings:
            click.echo(f"warning: {warning}", err=True)
    return 0
