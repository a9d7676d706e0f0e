"""Lets happen what was to happen to the phone calls of a store, whenever somebody is about to look at them.

Nothing runs by itself: no thread has to be stopped, several processes agree, and a test moves the clock instead of
waiting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from uapi.sandbox.calls import microseconds
from uapi.sandbox.telephony.events import advanced

if TYPE_CHECKING:
    from uapi.sandbox.calls import Call
    from uapi.sandbox.store import Store


def catch_up(store: Store) -> None:
    """Bring all phone calls to the present. A look into an index tells whether there is anything to do."""
    if store.is_due():
        with store.writing():
            catch_up_writing(store)


def catch_up_writing(store: Store) -> None:
    """Bring all phone calls to the present, within a block that is writing."""
    for call in store.due():
        replace(store, call, advanced(call, moment(store)))


def replace(store: Store, call: Call, changed: Call | None) -> None:
    """Keep a phone call as it is now; None is one that has ended."""
    if changed is None:
        store.delete(call.id)
    else:
        store.save(changed)


def moment(store: Store) -> int:
    """Return the time of the sandbox in microseconds."""
    return microseconds(store.now())
