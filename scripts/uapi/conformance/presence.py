"""Notices that the phone call under test ended in the middle of a run: what follows accuses the target of nothing.

A phone call has ended where nothing shows it any more that did show it before: neither GET nor the list, and where
these say so, no update finds it either. A target that fails to show a phone call in one of these ways, while another
still does, has lost nothing but that way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.conformance.answers import entries_of, error_code, shown_ids
from uapi.conformance.finding import Failed
from uapi.conformance.place import ALL
from uapi.conformance.probe import NO_SUCH_VIEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

LIST, GET, UPDATE = "listPhoneCalls", "getPhoneCall", "updatePhoneCall"
GONE: Final = frozenset({204, 404, 410})
"""Statuses that say of an update that there is no such phone call; 204 says so by the documentation."""
NO_CALL: Final = "pc_phonecall_invalid"


def last_shown(probe: Probe) -> int:
    """Return the number of the last exchange whose answer shows the phone call under test, 0 where none does."""
    return next((exchange.number for exchange in reversed(probe.session.exchanges) if _shows(exchange, probe)), 0)


def has_ended(probe: Probe, evidence: Iterable[Exchange] = ()) -> bool:
    """Tell whether the phone call under test had ended, for all that is known, when some evidence was gathered.

    Where it was seen after the evidence, it had not. Where it has ended, nothing is sent to the target any more, and
    the reader is told why.
    """
    if probe.ended:
        return True
    shown, session = last_shown(probe), probe.session
    numbers = [exchange.number for exchange in evidence]
    if not shown or session.gone is not None or (numbers and max(numbers) <= shown):
        return False
    phase, session.phase = session.phase, "presence"
    try:
        if not all(_is_gone(exchange, probe) for exchange in _looks(probe)):
            return False
    finally:
        session.phase = phase
    probe.ended = True
    session.gone = f"the phone call {probe.place.phone_call} ended during the run, after exchange {shown}"
    session.warn(session.gone)
    return True


def _shows(exchange: Exchange, probe: Probe) -> bool:
    call, response = str(probe.place.phone_call), exchange.response
    return response is not None and call.encode() in response.body and call in shown_ids(exchange)


def _looks(probe: Probe) -> Iterator[Exchange]:
    """Look at the phone call in each way that has shown it before; updates come last, since they may change it."""
    own = [exchange for exchange in probe.session.exchanges if exchange.request.principal == "caller"]
    ways = {exchange.request.operation for exchange in own if _shows(exchange, probe)}
    if GET in ways and probe.target.features.get:
        yield probe.get()
    if LIST in ways and probe.target.features.list:
        yield probe.list(query=ALL)
    if UPDATE in ways:
        # The first starts nothing; the second is sent to a phone call that all else says has ended.
        yield probe.start(view=NO_SUCH_VIEW)
        yield probe.start()


def _is_gone(exchange: Exchange, probe: Probe) -> bool:
    """Tell whether an answer says that there is no such phone call: not so where it cannot be understood."""
    if error_code(exchange) == NO_CALL:
        return True
    if exchange.request.operation == UPDATE:
        return exchange.status in GONE
    try:
        entries = entries_of(exchange)
    except Failed:
        return exchange.status in GONE
    if exchange.request.operation == GET:
        return not entries
    return all(entry.get("id") != probe.place.phone_call for entry in entries)
