"""`uapi contract`: bundle, generate, check, lint, diff and release."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from uapi.contract import emit, package, project
from uapi.contract.bundle import bundle as make_bundle
from uapi.contract.check import check as run_check
from uapi.contract.errors import ContractError
from uapi.contract.generate import generate as run_generate

if TYPE_CHECKING:
    from collections.abc import Sized

    from uapi.contract.project import Project


def _project(_context: click.Context, _parameter: click.Parameter, root: Path | None) -> Project:
    return project.find(Path.cwd()) if root is None else project.at(root)


root_option = click.option(
    "--root",
    "chosen",
    type=click.Path(file_okay=False, path_type=Path),
    callback=_project,
    help="The project's folder, which holds openapi/.  [default: the one that the current folder is in]",
)


@click.group()
def contract() -> None:
    """Read, lint, bundle and generate from openapi/."""


@contract.command()
@root_option
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file.  [default: standard output]")
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), help="[default: as --output ends, or yaml]")
def bundle(chosen: Project, output: Path | None, form: str | None) -> None:
    """Write the contract as one OpenAPI document."""
    document = make_bundle(chosen).document
    as_json = form == "json" if form else output is not None and output.suffix == ".json"
    text = emit.to_json(document) if as_json else emit.to_yaml(document, header=package.NOTICE)
    if output is None:
        click.echo(text.encode(), nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise ContractError(message, where=str(output), hint="Name a file that you may write to.") from error


@contract.command()
@root_option
def generate(chosen: Project) -> None:
    """Write generated/ anew: the contract in its other forms, requirements, models, server and client."""
    count = run_generate(chosen)
    click.echo(f"generated/ holds {count} files")


@contract.command()
@root_option
@click.pass_context
def check(context: click.Context, chosen: Project) -> None:
    """Tell whether generated/ is what the contract yields, and the version enough since the last release."""
    differences = run_check(chosen)
    for difference in differences:
        click.echo(str(difference))
    if differences:
        click.echo(f"generated/ is stale in {len(differences)} {_plural('place', differences)}. Run: make generate")
        context.exit(1)
    click.echo("generated/ is what the contract yields")
    from uapi.contract.diff.release import problem  # noqa: PLC0415 - as in the commands below

    too_small = problem(chosen)
    if too_small:
        click.echo(too_small)
        context.exit(1)


@contract.command()
@root_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--redocly/--no-redocly", default=True, help="Apply redocly's rules too; they need Node.  [default: yes]")
@click.pass_context
def lint(context: click.Context, chosen: Project, form: str, *, redocly: bool) -> None:
    """Look for what is wrong with the contract; ends with 1 if anything is."""
    from uapi.contract.lint.runner import lint as run_lint  # noqa: PLC0415 - half a second that only lint has to wait

    findings = run_lint(chosen, redocly=redocly)
    if form == "json":
        rows = [asdict(finding) | {"where": str(finding.where)} for finding in findings]
        click.echo(json.dumps({"findings": rows}, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(str(finding))
        click.echo(f"{len(findings) or 'no'} {_plural('finding', findings)}")
    context.exit(1 if findings else 0)


@contract.command()
@root_option
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@click.option(
    "--fail-on",
    type=click.Choice(["clients", "servers", "breaking", "change"]),
    help="End with 1 if anything breaks clients, servers, either of them, or if anything changed at all.",
)
@click.option("--documentation", is_flag=True, help="List the changes of documentation too, as text.")
@click.pass_context
def diff(
    context: click.Context,
    chosen: Project,
    old: str | None,
    new: str | None,
    form: str,
    fail_on: str | None,
    *,
    documentation: bool,
) -> None:
    """Tell what changed from OLD to NEW, whom it breaks, and which version it demands.

    Each is the file of a bundle, a released version such as 0.1.0, or - for the working tree. Without OLD it is
    the last release, without NEW the working tree. Ends with 1 if the version of NEW is not enough.
    """
    from uapi.contract.diff.commands import run  # noqa: PLC0415 - half a second that bundling need not wait

    text, failed = run(chosen, old, new, form=form, fail_on=fail_on, documentation=documentation)
    click.echo(text, nl=False)
    context.exit(1 if failed else 0)


@contract.command()
@root_option
def release(chosen: Project) -> None:
    """Keep the contract as a release in openapi/released/, and write generated/ anew."""
    from uapi.contract.diff.release import release as run_release  # noqa: PLC0415 - as above

    path = run_release(chosen)
    run_generate(chosen)
    click.echo(f"{path.relative_to(chosen.root).as_posix()} is the contract from now on: commit and tag it")


def _plural(noun: str, items: Sized) -> str:
    return noun if len(items) == 1 else f"{noun}s"
