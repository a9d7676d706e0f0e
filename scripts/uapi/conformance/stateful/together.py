"""Sends two requests at the same time, and keeps them in the order in which they were given."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from uapi.conformance.exchange import Exchange, Request
    from uapi.conformance.session import Session

TOGETHER: Final = 2


class Together:
    """Two threads on one session, which opens a connection for each."""

    def __init__(self, session: Session) -> None:
        """Send nothing yet."""
        self._session = session
        self._pool = ThreadPoolExecutor(TOGETHER, thread_name_prefix="together")

    def __enter__(self) -> Self:
        """Return the pair itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the threads."""
        self._pool.shutdown()

    def send(self, first: Request, second: Request) -> tuple[Exchange, Exchange]:
        """Send both; return their exchanges, which are kept in this order, whichever was answered first."""
        barrier = Barrier(TOGETHER)

        def sent(request: Request) -> Exchange:
            barrier.wait()
            return self._session.send(request)

        kept = self._session.exchanges
        before = len(kept)
        futures = [self._pool.submit(sent, request) for request in (first, second)]
        ours = [future.result() for future in futures]
        # The same seed has to give the same journal, and the order of two answers is nobody's choice.
        others = [exchange for exchange in kept[before:] if exchange not in ours]
        kept[before:] = [
            replace(exchange, number=before + position) for position, exchange in enumerate([*ours, *others], 1)
        ]
        one, other = kept[before : before + TOGETHER]
        return one, other
