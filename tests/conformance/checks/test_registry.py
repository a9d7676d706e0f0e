from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from uapi.conformance.checks import ACTIONS, OBSERVATIONS
from uapi.conformance.checks.registry import OTHERWISE, check, observe
from uapi.conformance.exploration.inputs import REQUIREMENTS
from uapi.conformance.register import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

CHECKABLE = [row.id for row in register().values() if row.excluded is None]
NAME = "TEST-001"


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    """Put the registry back as it was."""
    kept = [dict(table) for table in (ACTIONS, OBSERVATIONS, OTHERWISE)]
    yield
    for table, before in zip((ACTIONS, OBSERVATIONS, OTHERWISE), kept, strict=True):
        table.clear()
        table.update(before)  # type: ignore[arg-type]


def acting(_: Probe) -> None: ...


def observing(_: Exchange) -> bool:
    return True


@pytest.mark.parametrize("name", CHECKABLE)
def test_each_requirement_that_can_be_seen_has_one_check(name: str) -> None:
    assert (name in ACTIONS) != (name in OBSERVATIONS)


@pytest.mark.parametrize("name", sorted({*ACTIONS, *OBSERVATIONS}))
def test_a_check_belongs_to_a_requirement_that_can_be_seen(name: str) -> None:
    assert name in CHECKABLE


@pytest.mark.parametrize("name", sorted({*ACTIONS, *OBSERVATIONS}))
def test_a_check_says_what_it_looks_at(name: str) -> None:
    assert (ACTIONS.get(name) or OBSERVATIONS[name]).__doc__


@pytest.mark.parametrize("name", sorted(OTHERWISE))
def test_only_an_observation_says_why_it_may_not_apply(name: str) -> None:
    assert name in OBSERVATIONS


@pytest.mark.parametrize("name", sorted({name for faults in REQUIREMENTS.values() for name in faults.values()}))
def test_what_an_exploration_accuses_of_has_a_check_too(name: str) -> None:
    assert name in CHECKABLE


def test_a_check_is_registered_and_stays_what_it_is() -> None:
    assert check(NAME)(acting) is acting
    assert ACTIONS[NAME] is acting


def test_an_observation_is_registered_and_stays_what_it_is() -> None:
    assert observe(NAME, otherwise="it may")(observing) is observing
    assert (OBSERVATIONS[NAME], OTHERWISE[NAME]) == (observing, "it may")


def test_an_observation_without_a_reason_has_none() -> None:
    observe(NAME)(observing)
    assert NAME not in OTHERWISE


def test_a_requirement_has_no_two_checks() -> None:
    check(NAME)(acting)
    with pytest.raises(ValueError, match="TEST-001 has two checks"):
        check(NAME)(acting)


def test_a_requirement_has_no_check_and_observation() -> None:
    check(NAME)(acting)
    with pytest.raises(ValueError, match="TEST-001 has two checks"):
        observe(NAME)(observing)


def test_a_requirement_has_no_two_observations() -> None:
    observe(NAME)(observing)
    with pytest.raises(ValueError, match="TEST-001 has two checks"):
        observe(NAME)(observing)


def test_a_second_check_does_not_replace_the_first() -> None:
    check(NAME)(acting)
    with pytest.raises(ValueError, match="two checks"):
        observe(NAME)(observing)
    assert (ACTIONS[NAME], NAME in OBSERVATIONS) == (acting, False)
