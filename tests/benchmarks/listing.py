"""Measures requests to the sandbox at worlds of different sizes: median and 99th percentile of 200 requests each.

Run it with `python -m benchmarks.listing`, or with the numbers of phone calls as arguments. Every call is of one user,
of one extension, the hub, and of one of twenty other extensions: `@self` and the hub list all calls, the others a
twentieth. The sandbox is a process of its own, and is asked over one connection on loopback.
"""

from __future__ import annotations

import http.client
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZES: Final = (1_000, 10_000, 100_000)
REQUESTS: Final = 200
WARM_UP: Final = 10
LAST_START: Final = 5000
COUNT: Final = 20
TOKEN: Final = "benchmark-token"
HUB: Final = "0003*100"
EXTENSIONS: Final = tuple(f"0003*{200 + index}" for index in range(20))
BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS: Final = "{:<44} {:>6} {:>12} {:>12}"


def call_id(index: int) -> str:
    return f"{random.Random(index).getrandbits(80):020x}"  # noqa: S311 - made-up ids


def published(index: int) -> str:
    return (BEGIN + timedelta(seconds=index)).isoformat()


def call(index: int) -> dict[str, Any]:
    """Return a call from one of the extensions to the hub, in the form of a world file."""
    caller, at = EXTENSIONS[index % len(EXTENSIONS)], published(index)
    common = {"source": [caller], "destination": [HUB], "status": "5", "flow": 2, "answered": at}
    views = [{"id": "00", "extension": HUB, **common}, {"id": "01", "extension": caller, **common}]
    return {"id": call_id(index), "extension": caller, "published": at, "answered": at, "phoneCallView": views}


def world(size: int) -> dict[str, Any]:
    """Return a world of one user with so many phone calls."""
    numbers = [HUB, *EXTENSIONS]
    return {
        "organizations": [{"id": "3", "name": "Benchmark"}],
        "users": [{"id": "12", "organization": "3"}],
        "extensions": [{"number": number, "user": "12", "recording_on_demand": True} for number in numbers],
        "principals": [{"id": "user-12", "kind": "user", "user": "12"}],
        "tokens": [{"token": TOKEN, "principal": "user-12"}],
        "phone_calls": [call(index) for index in range(size)],
    }


@contextmanager
def sandbox(file: Path) -> Iterator[tuple[str, int]]:
    """Run a sandbox of a world; yield its URL and its process id once it listens."""
    command = (sys.executable, "-m", "uapi.cli", "sandbox", "--port", "0", "--world", str(file))
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process.pid
    finally:
        process.terminate()
        process.communicate()


def memory(pid: int, field: str) -> float:
    """Return a figure of the memory of a process, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1]) / 1024


def cases(size: int) -> dict[str, Callable[[int], tuple[str, str, object]]]:
    """Return what is asked, by name: a function from the number of the request to method, path and body."""
    last = min(LAST_START, size - COUNT)
    half = {"filterBy": "published", "filterValue": published(size // 2)}

    def listed(place: str, **query: object) -> Callable[[int], tuple[str, str, object]]:
        return lambda _: ("GET", f"{place}?{urlencode(query)}", None)

    def one(index: int) -> str:
        return call_id(index * 7919 % size)

    def by_id(operation: str, part: slice) -> Callable[[int], tuple[str, str, object]]:
        def ask(index: int) -> tuple[str, str, object]:
            query = {"filterBy": "id", "filterOp": operation, "filterValue": one(index)[part]}
            return "GET", f"@self?{urlencode(query)}", None

        return ask

    start = {"action": "StartRecording", "phoneCallViewId": "01"}
    return {
        "first page, @self": listed("@self"),
        "first page, the hub": listed(HUB),
        "first page, another extension": listed(EXTENSIONS[0]),
        "last page that can be reached": listed("@self", startIndex=last),
        "the same, descending": listed("@self", startIndex=last, sortOrder="descending"),
        "first page, descending": listed("@self", sortOrder="descending"),
        "fields=id,published": listed("@self", fields="id,published"),
        "id equals": by_id("equals", slice(None)),
        "id startsWith, 4 characters": by_id("startsWith", slice(4)),
        "id contains, 4 characters": by_id("contains", slice(8, 12)),
        "id contains, 1 character": by_id("contains", slice(1)),
        "published greaterThan, half of them": listed("@self", filterOp="greaterThan", **half),
        "published lessThan, half of them": listed("@self", filterOp="lessThan", **half),
        "published contains, a minute": listed(
            "@self", **{**half, "filterOp": "contains", "filterValue": "2026-01-01T00:01"}
        ),
        "GET by id": lambda index: ("GET", f"@self/{one(index)}", None),
        "PUT StartRecording": lambda index: ("PUT", f"@self/{one(index)}", start),
    }


def seconds(connection: http.client.HTTPConnection, path: str, method: str, body: object) -> float:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    started = time.perf_counter()
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    content = answer.read()
    taken = time.perf_counter() - started
    if answer.status != http.HTTPStatus.OK:
        sys.exit(f"error: {method} {path} was answered with {answer.status} {content!r}")
    return taken


def measure(size: int, folder: Path) -> None:
    """Print the figures of a world."""
    file = folder / f"{size}.json"
    file.write_text(json.dumps(world(size)), "utf-8")
    started = time.perf_counter()
    with sandbox(file) as (url, pid):
        taken = time.perf_counter() - started
        told = f"{memory(pid, 'VmRSS'):.0f} MiB, at most {memory(pid, 'VmHWM'):.0f} MiB"
        print(f"\n{size} phone calls, {file.stat().st_size >> 20} MiB of JSON: ready after {taken:.1f} s, {told}")  # noqa: T201 - a report
        print(COLUMNS.format("", "n", "median ms", "99th ms"))  # noqa: T201 - a report
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        for name, ask in cases(size).items():
            times = []
            for index in range(-WARM_UP, REQUESTS):
                method, path, body = ask(index)
                times.append(seconds(connection, f"{parts.path}/phoneCalls/@me/{path}", method, body) * 1000)
            kept = times[WARM_UP:]
            median, last = statistics.median(kept), statistics.quantiles(kept, n=100)[-1]
            print(COLUMNS.format(name, len(kept), f"{median:.2f}", f"{last:.2f}"), flush=True)  # noqa: T201 - a report
        connection.close()


def main() -> None:
    """Measure the worlds of the sizes that are given, or of 1,000, 10,000 and 100,000 phone calls."""
    with tempfile.TemporaryDirectory() as folder:
        for size in [int(text) for text in sys.argv[1:]] or SIZES:
            measure(size, Path(folder))


if __name__ == "__main__":
    main()
