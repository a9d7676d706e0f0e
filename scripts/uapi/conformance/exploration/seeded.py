"""Has Hypothesis draw the same values from the same seed, wherever it runs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def seeded() -> Iterator[None]:
    """Have values drawn from the seed alone.

    Hypothesis draws some from the constants in the modules of the project that it is used in. Which modules are loaded
    is another matter in the user's pytest session, in a worker, and on the command line. It has no setting for that.
    """
    providers.CONSTANTS_CACHE.cache.clear()
    with mock.patch.object(providers, "_get_local_constants", Constants):
        try:
            yield
        finally:
            providers.CONSTANTS_CACHE.cache.clear()
