"""The `uapi` command: it hands over to the rooms, renders their errors and chooses the exit code."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from uapi.errors import UapiError

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOMS: Final = {
    "contract": ("uapi.contract.commands", "contract", "Read, lint, bundle and generate from openapi/."),
    "docs": ("uapi.docs.commands", "docs", "Build the published documentation."),
    "sandbox": ("uapi.sandbox.commands", "sandbox", "Run the stateful reference server."),
    "conformance": ("uapi.conformance.commands", "conformance", "Test any server against the contract."),
}


@contextmanager
def _extra(room: str) -> Iterator[None]:
    """Say which extra to install where a library of a room is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] in {"uapi", "uapi_phonecalls"}:
            raise
        message = f"'uapi {room}' needs the package {error.name!r}, which is not installed"
        raise UapiError(message, hint=f"Install it with: pip install 'voipnow-phonecalls[{room}]'") from error


class RoomGroup(click.Group):
    """A group whose commands are imported when they are used, so that an install with few extras still works."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the rooms in the order of the flow."""
        return list(ROOMS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Import a room's command."""
        if cmd_name not in ROOMS:
            return None
        module, attribute, _ = ROOMS[cmd_name]
        with _extra(cmd_name):
            command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - what ROOMS promises
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a room's command, which may import its libraries only then."""
        with _extra(str(ctx.invoked_subcommand or "")):
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """List the rooms without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in ROOMS.items()])


@click.command(cls=RoomGroup)
@click.version_option(package_name="voipnow-phonecalls")
def uapi() -> None:
    """Contract, sandbox and conformance kit of the VoipNow UnifiedAPI PhoneCalls service."""


def main() -> None:
    """Run the command line; the one place that turns an error into text and an exit code."""
    try:
        sys.exit(uapi.main(standalone_mode=False))
    except UapiError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)


if __name__ == "__main__":
    main()
