"""The command `uapi sandbox`."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click

from uapi.sandbox.crowd import crowded
from uapi.sandbox.errors import TargetFileError
from uapi.sandbox.serving import Settings, base_url, listen, serve, stoppable
from uapi.sandbox.target_file import target_text, write_target_file
from uapi.sandbox.world import World, load_world

if TYPE_CHECKING:
    from collections.abc import Iterator

EPILOG: Final = """\b
The control interface, with --control, plays the telephones:
  POST   /control/calls               place a call: {"from": "0003*210", "to": "7778888"}
  POST   /control/calls/{id}/answer   answer it
  DELETE /control/calls/{id}          hang up
  POST   /control/clock               advance the time: {"advance": 3600}
  POST   /control/reset               begin again with the world
It asks nobody for a token: use it on a machine of your own only.
"""
LEVELS: Final = ("critical", "error", "warning", "info", "debug")


def _public_url(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or " " in value:
        message = f"{value!r} is no absolute http or https URL. Give one such as https://sandbox.example."
        raise click.BadParameter(message)
    return value.rstrip("/").removesuffix("/uapi")


@click.command(epilog=EPILOG)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="The port; 0 is any free one."
)
@click.option("--world", "world_file", type=click.Path(path_type=Path), help="The world to begin with, a JSON file.")
@click.option(
    "--database",
    type=click.Path(path_type=Path),
    help="Keep the state in this SQLite file; a new one is filled with the world. Otherwise it is gone at the end.",
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="How many processes serve.")
@click.option("--control", is_flag=True, help="Offer the control interface, see below.")
@click.option(
    "--public-url", callback=_public_url, help="The URL in answers, without /uapi, where it is not that of the request."
)
@click.option(
    "--target-file",
    type=click.Path(path_type=Path),
    help="Write a target configuration for 'uapi conformance --target' to this file, once the sandbox can be reached.",
)
@click.option(
    "--target-calls",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many phone calls the target configuration names, for as many workers of 'uapi conformance'.",
)
@click.option(
    "--log-level",
    type=click.Choice(LEVELS),
    default="warning",
    show_default=True,
    help="What is written to standard error; info has a line for every request.",
)
def sandbox(  # noqa: PLR0913 - the options
    host: str,
    port: int,
    world_file: Path | None,
    database: Path | None,
    workers: int,
    public_url: str | None,
    target_file: Path | None,
    log_level: str,
    *,
    target_calls: int,
    control: bool,
) -> None:
    """Run a stateful reference server of the PhoneCalls service, with made-up users, tokens and phone calls."""
    world, further = crowded(load_world(world_file), target_calls)
    if target_file and not world.target:
        message = "the world has no target, which says which users and calls a conformance run is about"
        raise TargetFileError(message, where=str(world_file), hint="Add one, see the default world.")
    with stoppable(), ExitStack() as stack:
        if database is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="uapi-sandbox-"))
            database = Path(folder) / "sandbox.sqlite3"
        bound = stack.enter_context(listen(host, port))
        settings = Settings(world, database, public_url, control)
        settings.store().close()  # What is wrong with the database is said before anything is announced.
        url = base_url(bound, public_url)
        if target_file and world.target:
            write_target_file(target_file, target_text(world.target, url, further))
        for line in _greeting(world, url):
            click.echo(line)
        serve(settings, bound, workers=workers, log_level=log_level)


def _greeting(world: World, url: str) -> Iterator[str]:
    """Yield the lines that tell where the sandbox is, by which tokens it is entered, and what to try."""
    yield url
    kinds: dict[str, Any] = {principal.id: principal for principal in world.principals}
    for token in world.tokens:
        principal = kinds[token.principal]
        expired = ", expired" if token.expires_in == 0 else ""
        yield f"  {token.token:<30} {principal.kind}, @me is {principal.user}{expired}"
    if world.tokens:
        yield f"curl -H 'Authorization: Bearer {world.tokens[0].token}' '{url}/phoneCalls/@me/@self'"
