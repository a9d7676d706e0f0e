"""The command `uapi sandbox`."""

from __future__ import annotations

import shlex
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
from uapi.sandbox.tls import given_certificate, make_certificate
from uapi.sandbox.world import World, load_world

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from uapi.sandbox.tls import Tls

EPILOG: Final = """\b
The control interface, with --control, plays the telephones:
  POST   /control/calls               place a call: {"from": "0003*210", "to": "7778888"}
  POST   /control/calls/{id}/answer   answer it
  DELETE /control/calls/{id}          hang up
  POST   /control/clock               advance the time: {"advance": 3600}
  POST   /control/reset               begin again with the world
It asks nobody for a token: use it on a machine of your own only.
"""
EVERYWHERE: Final = {"0.0.0.0", "::"}  # noqa: S104 - they are recognized, not bound
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
@click.option("--tls", "encrypted", is_flag=True, help="Serve HTTPS, with a certificate that is made at each start.")
@click.option(
    "--ca-file",
    type=click.Path(path_type=Path),
    help="With --tls: write the certificate to trust to this file. Otherwise it is in one that is gone at the end.",
)
@click.option(
    "--cert", type=click.Path(path_type=Path), help="Serve HTTPS with the certificate, or the chain, of this PEM file."
)
@click.option("--key", type=click.Path(path_type=Path), help="With --cert: the PEM file of its private key.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="How many processes serve.")
@click.option("--control", is_flag=True, help="Offer the control interface, see below.")
@click.option(
    "--legacy-prefix", is_flag=True, help="Answer below /unifiedapi as below /uapi, for older clients. Links say /uapi."
)
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
    *,
    host: str,
    port: int,
    world_file: Path | None,
    database: Path | None,
    ca_file: Path | None,
    cert: Path | None,
    key: Path | None,
    workers: int,
    public_url: str | None,
    target_file: Path | None,
    log_level: str,
    target_calls: int,
    encrypted: bool,
    control: bool,
    legacy_prefix: bool,
) -> None:
    """Run a stateful reference server of the PhoneCalls service, with made-up users, tokens and phone calls."""
    world, further = crowded(load_world(world_file), target_calls)
    if target_file and not world.target:
        message = "the world has no target, which says which users and calls a conformance run is about"
        raise TargetFileError(message, where=str(world_file), hint="Add one, see the default world.")
    _check_files(ca_file, cert, key, made=encrypted and not cert)
    with stoppable(), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="uapi-sandbox-")))
        bound = stack.enter_context(listen(host, port))
        tls = None
        if cert and key:
            tls = given_certificate(cert, key)
        elif encrypted:
            tls = make_certificate(folder, _names(host, bound, public_url), ca_file)
        settings = Settings(
            world,
            database or folder / "sandbox.sqlite3",
            public_url,
            control=control,
            legacy_prefix=legacy_prefix,
            tls=tls,
        )
        settings.store().close()  # What is wrong with the database is said before anything is announced.
        url = base_url(bound, public_url, scheme="https" if tls else "http")
        if target_file and world.target:
            authority = tls.authority if tls else None
            write_target_file(target_file, target_text(world.target, url, further, ca_file=authority))
        for line in _greeting(world, url, tls):
            click.echo(line)
        serve(settings, bound, workers=workers, log_level=log_level)


def _check_files(ca_file: Path | None, cert: Path | None, key: Path | None, *, made: bool) -> None:
    """Refuse options for files that go with options which were not given."""
    if ca_file and not made:
        message = "--ca-file is of the certificate that the sandbox makes. Give --tls too, and no --cert."
        raise click.UsageError(message)
    if cert and not key:
        raise click.UsageError("--cert needs its private key. Name the file of it with --key.")
    if key and not cert:
        raise click.UsageError("--key is the key of a certificate. Name the file of that with --cert.")


def _names(host: str, bound: socket.socket, public_url: str | None) -> list[str]:
    """Return by what names and addresses clients may ask for the sandbox."""
    addresses = (host, bound.getsockname()[0], urlsplit(public_url or "").hostname)
    names = [address.partition("%")[0] for address in addresses if address]
    return [name for name in names if name not in EVERYWHERE]


def _greeting(world: World, url: str, tls: Tls | None) -> Iterator[str]:
    """Yield the lines that tell where the sandbox is, by which tokens it is entered, and what to try."""
    yield url
    authority = tls.authority if tls else None
    if authority:
        yield f"  CA file: {authority}"
    kinds: dict[str, Any] = {principal.id: principal for principal in world.principals}
    for token in world.tokens:
        principal = kinds[token.principal]
        expired = ", expired" if token.expires_in == 0 else ""
        yield f"  {token.token:<30} {principal.kind}, @me is {principal.user}{expired}"
    if world.tokens:
        trust = f"--cacert {shlex.quote(str(authority))} " if authority else ""
        yield f"curl {trust}-H 'Authorization: Bearer {world.tokens[0].token}' '{url}/phoneCalls/@me/@self'"
