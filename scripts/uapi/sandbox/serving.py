"""Runs the sandbox under uvicorn: on a socket of its own, in one process or several, until it is told to stop."""

from __future__ import annotations

import ipaddress
import json
import signal
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.supervisors import Multiprocess

from uapi.sandbox.addresses import PREFIX
from uapi.sandbox.app import create_sandbox
from uapi.sandbox.errors import AddressError, SandboxError
from uapi.sandbox.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType

    from starlette.types import ASGIApp

    from uapi.sandbox.tls import Tls
    from uapi.sandbox.world import World

BACKLOG: Final = 2048
GRACE: Final = 5
"""How many seconds requests have to end once the sandbox is told to stop."""
STARTUP_FAILURE: Final = 3
"""The exit code of a worker of uvicorn that could not start."""
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Settings:
    """How a sandbox is run. Calling them makes the application, which each worker does for itself."""

    world: World
    database: Path
    public_url: str | None = None
    control: bool = False
    legacy_prefix: bool = False
    tls: Tls | None = None

    def __call__(self) -> ASGIApp:
        """Return the application, on a store that stays open for as long as the process lives."""
        return self.application(self.store())

    def application(self, store: Store) -> ASGIApp:
        """Return the application on a store."""
        return create_sandbox(
            self.world, store, public_url=self.public_url, control=self.control, legacy_prefix=self.legacy_prefix
        )

    def store(self) -> Store:
        """Return a store of the database; it is filled with the world where it is new."""
        return Store(self.database, self.world, system_clock)

    @property
    def uvicorn_options(self) -> dict[str, Any]:
        """The options of uvicorn that these settings are about."""
        return {"ssl_certfile": self.tls.certificate, "ssl_keyfile": self.tls.key} if self.tls else {}


class Stopped(BaseException):
    """The process was told to stop."""


class Supervisor(Multiprocess):
    """Starts workers that do not hear Ctrl-C, which a terminal sends to all processes: the supervisor ends them.

    They would print a traceback each, where they were still being started.
    """

    def init_processes(self) -> None:
        """Start the workers."""
        with _inherited_deafness():
            super().init_processes()

    def handle_signals(self) -> None:
        """Do what signals ask for, which may be to start workers."""
        with _inherited_deafness():
            super().handle_signals()

    def keep_subprocess_alive(self) -> None:
        """Replace workers that died."""
        with _inherited_deafness():
            super().keep_subprocess_alive()


@contextmanager
def _inherited_deafness() -> Iterator[None]:
    """Block SIGINT, for good in the processes that are started meanwhile; here it waits for the end of the context."""
    resource_tracker.ensure_running()  # where the first worker has to start it, it unblocks SIGINT
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Protocol(H11Protocol):
    """HTTP/1.1 of uvicorn, which answers what is no HTTP at all with the error body, too (ERR-001, ERR-004).

    At the end it leaves idle TLS connections at once: clients that keep one open do not answer the goodbye, for which
    asyncio would wait half a minute.
    """

    def shutdown(self) -> None:
        """End the connection, after the answer that is being sent if there is one."""
        super().shutdown()
        if self.scheme == "https" and self.transport.is_closing() and not self.transport.get_write_buffer_size():
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Answer a request that cannot be read, and close the connection."""
        error = {"code": "request_malformed", "message": f"{msg} Send HTTP/1.1."}
        body = json.dumps({"error": error}).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        for event in (h11.Response(status_code=400, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def system_clock() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; port 0 is any free one. Raises AddressError."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        # Named in full: asyncio disables Nagle's algorithm, which delays each answer by 40 ms, only where it sees TCP.
        bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "the name is malformed"
        hint = "Name an address of this machine with --host."
        raise AddressError(f"there is no address of this name: {reason}", where=repr(host), hint=hint) from error
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        message = f"cannot listen there: {error.strerror}"
        hint = "Name another address with --host and --port; port 0 is any free one."
        raise AddressError(message, where=f"{host}:{port}", hint=hint) from error
    bound.set_inheritable(True)
    return bound


def base_url(bound: socket.socket, public_url: str | None = None, *, scheme: str = "http") -> str:
    """Return the URL that the service is reached at; a client of this machine reaches every address by loopback."""
    if public_url:
        return public_url.rstrip("/") + PREFIX
    host, port = bound.getsockname()[:2]
    address = ipaddress.ip_address(host.partition("%")[0])
    if address.is_unspecified:
        address = ipaddress.ip_address("::1" if address.version == 6 else "127.0.0.1")  # noqa: PLR2004 - IPv6
    return f"{scheme}://{f'[{address}]' if address.version == 6 else address}:{port}{PREFIX}"  # noqa: PLR2004 - IPv6


def serve(settings: Settings, bound: socket.socket, *, workers: int = 1, log_level: str = "warning") -> None:
    """Serve until the process is told to stop, see `stoppable`. Raises SandboxError where no worker can start."""
    if workers > 1:
        _serve_many(settings, bound, workers, log_level)
    else:
        with settings.store() as store:
            options = {"log_config": logging_config(log_level), **settings.uvicorn_options}
            config = uvicorn_config(settings.application(store), **options)
            uvicorn.Server(config).run(sockets=[bound])


def uvicorn_config(app: ASGIApp | Settings, **options: Any) -> uvicorn.Config:  # noqa: ANN401 - those of uvicorn
    """Return how uvicorn serves the sandbox: without its access log, which would tell tokens in queries."""
    return uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
        backlog=BACKLOG,
        **{"log_config": None, **options},
    )


def logging_config(level: str) -> dict[str, Any]:
    """Return the logging of a process: to standard error, from a level on."""
    loggers = {name: {"level": level.upper(), "handlers": ["standard_error"]} for name in ("uvicorn", "uapi.sandbox")}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {
            "standard_error": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}
        },
        "loggers": loggers,
    }


@contextmanager
def stoppable() -> Iterator[None]:
    """End the block, and nothing more, when the process is told to stop by SIGINT or SIGTERM.

    uvicorn ends what it does and then raises the signal once more, for whoever had a handler before it: this.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Stopped

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield
    except Stopped:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _serve_many(settings: Settings, bound: socket.socket, workers: int, log_level: str) -> None:
    options = {"log_config": logging_config(log_level), "factory": True, "workers": workers}
    supervisor = Supervisor(uvicorn_config(settings, **options, **settings.uvicorn_options), [bound])
    supervisor.run()
    if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
        message = "a worker could not start"
        raise SandboxError(message, hint="The log above says why; --log-level info tells more.")
