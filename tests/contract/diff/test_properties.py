"""What holds for any two contracts."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uapi.contract.diff.compare import compare
from uapi.contract.diff.model import Bump
from uapi.contract.errors import ContractError

from .documents import BASE, contract, difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.contract.diff.model import Diff
    from uapi.contract.location import Tokens

VALUES: Final = st.sampled_from(
    [None, True, False, 0, 7, "", "other", [], {}, ["string"], {"type": "null"}, {"$ref": "#/components/schemas/Id"}]
)


def _places(value: object, tokens: Tokens = ()) -> Iterator[Tokens]:
    if tokens:
        yield tokens
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in pairs:
        yield from _places(child, (*tokens, str(key)))


PLACES: Final = [tokens for tokens in _places(BASE) if tokens != ("info", "version")]


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Return the contract with a few of its places removed, or replaced by anything."""
    document = copy.deepcopy(BASE)
    for tokens in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=3)):
        target: Any = document
        for token in tokens[:-1]:
            if isinstance(target, list) and token.isdecimal() and int(token) < len(target):
                target = target[int(token)]
            else:
                target = target.get(token) if isinstance(target, dict) else None
        if isinstance(target, dict) and tokens[-1] in target:
            if draw(st.booleans()):
                del target[tokens[-1]]
            else:
                target[tokens[-1]] = draw(VALUES)
    return document


def _compared(document: dict[str, Any]) -> tuple[Diff, Diff] | ContractError:
    try:
        other = contract(document)
        assert compare(other, contract(document)).changes == ()
        return compare(contract(BASE), other), compare(other, contract(BASE))
    except ContractError as error:
        return error


@given(documents())
def test_any_contract_is_compared_or_refused(document: dict[str, Any]) -> None:
    """No document ends in a traceback; what differs has a change, and what does not has none, seen from both sides."""
    result = _compared(document)
    if isinstance(result, ContractError):
        assert (result.where or "").startswith("contract.yaml:")
        return
    forth, back = result
    assert bool(forth.changes) == bool(back.changes) == (document != BASE)


def test_the_contract_itself_is_like_itself() -> None:
    diff = difference(BASE, BASE)
    assert (diff.changes, diff.bump) == ((), Bump.NONE)


@pytest.mark.parametrize("party", ["clients", "servers"])
def test_nothing_breaks_nobody(party: Any) -> None:
    assert difference(BASE, BASE).breaking(party) == []
