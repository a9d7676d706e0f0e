"""Serves the sandbox with a fault in front of it, on a socket of its own.

The answer is written by hand, byte for byte: an HTTP server refuses to send some of the faults.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from email.utils import formatdate
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import h11

from mutants.messages import Request, Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
    Fault = Callable[[Request, Callable[[Request], Awaitable[Response]]], Awaitable[Response | bytes]]


async def call(app: Application, request: Request, server: tuple[str, int]) -> Response:
    """Have an ASGI application answer a request."""
    path, _, _ = request.raw_path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path.encode(),
        "query_string": request.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in request.headers],
        "client": ("127.0.0.1", 1),
        "server": server,
    }
    incoming = [{"type": "http.request", "body": request.body, "more_body": False}]
    start: dict[str, Any] = {}
    body = bytearray()

    async def receive() -> dict[str, Any]:
        return incoming.pop() if incoming else await asyncio.Event().wait() or {}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, send)
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"])
    return Response(start["status"], headers, bytes(body))


def _written(response: Response | bytes, *, close: bool) -> bytes:
    if isinstance(response, bytes):
        return response
    head = [f"HTTP/1.1 {response.status} X"]
    if response.header("date") is None:
        head.append(f"Date: {formatdate(usegmt=True)}")
    head += [f"{name}: {value}" for name, value in response.headers]
    if response.header("content-length") is None and response.header("transfer-encoding") is None:
        head.append(f"content-length: {len(response.body)}")
    if close and response.header("connection") is None:
        head.append("Connection: close")
    return "\r\n".join([*head, "", ""]).encode("latin-1") + response.body


class Server:
    """A loop in a thread that serves applications on ports of their own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    @contextmanager
    def serving(self, app: Application, fault: Fault) -> Iterator[str]:
        """Serve an application behind a fault; yield the base URL. What the fault raises is raised."""
        tasks: set[asyncio.Task[None]] = set()
        defects: list[Exception] = []
        numbers = count(1)

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            tasks.add(task := asyncio.current_task())  # type: ignore[arg-type]
            try:
                await _converse(app, fault, reader, writer, next(numbers))
            except (ConnectionError, asyncio.CancelledError, h11.RemoteProtocolError):
                pass  # the client is gone, or the server is being closed
            except Exception as defect:  # noqa: BLE001 - nobody awaits the task: it is raised at the end
                defects.append(defect)
            finally:
                tasks.discard(task)  # type: ignore[arg-type]
                writer.close()

        async def start() -> asyncio.Server:
            return await asyncio.start_server(connected, "127.0.0.1", 0)

        async def stop(server: asyncio.Server) -> None:
            server.close()
            for task in list(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await server.wait_closed()

        server = asyncio.run_coroutine_threadsafe(start(), self.loop).result()
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/uapi"
        finally:
            asyncio.run_coroutine_threadsafe(stop(server), self.loop).result()
        if defects:
            raise defects[0]


async def _converse(
    app: Application, fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
) -> None:
    connection, turns = h11.Connection(h11.SERVER), count(1)
    address = writer.get_extra_info("sockname")
    while True:
        head, body = None, bytearray()
        while not isinstance(event := connection.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                data = await reader.read(65536)
                connection.receive_data(data)
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            else:
                return
        if head is None:
            return
        raw_path, _, query = head.target.decode().partition("?")
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items())
        close = any(name.lower() == "connection" and value.lower() == "close" for name, value in headers)
        request = Request(head.method.decode(), raw_path, query, headers, bytes(body), number, next(turns))
        answer = await fault(request, lambda asked: call(app, asked, address))
        writer.write(_written(answer, close=close))
        await writer.drain()
        if close or isinstance(answer, bytes) or answer.closes:
            return
        connection.send(h11.Response(status_code=200, headers=[("content-length", "0")]))
        connection.send(h11.EndOfMessage())
        connection.start_next_cycle()
