from __future__ import annotations

import pytest

from uapi.conformance.errors import ConformanceError
from uapi.conformance.explain import explained, listed
from uapi.conformance.register import register


@pytest.mark.parametrize("requirement", list(register()))
def test_each_requirement_is_explained(requirement: str) -> None:
    row = register()[requirement]
    text = explained(requirement)
    assert all(part in text for part in (row.id, row.text, row.source, f"{row.file}:{row.line}"))
    assert ("check" in text) == (row.excluded is None)


def test_all_are_listed() -> None:
    assert len(listed().splitlines()) == len(register())


def test_an_unknown_one_is_an_error() -> None:
    with pytest.raises(ConformanceError, match="no requirement 'REC-999'"):
        explained("REC-999")
