"""The markers that the tests of the suite carry, so that pytest can select them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from uapi.conformance.register import PROFILES, operations, register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.conformance.register import Requirement
    from uapi.conformance.run import Exploration

LEVELS: Final = {
    "must": "a violation makes the target not conformant",
    "should": "a violation is warned of",
    "may": "reported, never held against a target",
}
EVIDENCE: Final = {
    "documented": "a requirement of the page of StartRecording",
    "documented_elsewhere": "a requirement of another page of the documentation",
    "standard": "a requirement of a standard that the API is built on",
    "observed": "what clients of live servers show",
    "inferred": "what is concluded from the rest",
}
PHASES: Final = {
    "acting": "sends requests and looks at the answers",
    "observing": "looks at every exchange of the run",
    "coverage": "generates requests: boundaries, and one violation of every keyword",
    "exploration": "generates requests at random",
    "links": "follows the links of the contract",
    "stateful": "compares sequences of steps with a model",
    "life": "compares the life of phone calls with a model",
}
MODES: Final = {
    "positive": "generates what the contract allows",
    "negative": "generates what the contract refuses",
}


def register_markers(config: pytest.Config) -> None:
    """Make the markers known, which --strict-markers asks for."""
    spoken_of = {name: f"speaks of the operation {name}" for name in sorted(operations(register().values()))}
    profiles = {_name(name): f"belongs to the profile {name}" for name in PROFILES}
    for name, meaning in {**LEVELS, **EVIDENCE, **PHASES, **MODES, **spoken_of, **profiles}.items():
        config.addinivalue_line("markers", f"{name}: {meaning} (uapi conformance)")


def marks(requirement: Requirement, phase: str) -> list[pytest.MarkDecorator]:
    """Return the marks of a test that decides a requirement."""
    names = [requirement.level.lower(), _name(requirement.evidence), phase, *requirement.operations]
    return list(_marks(*names, _name(requirement.profile)))


def marks_of_exploration(exploration: Exploration) -> list[pytest.MarkDecorator]:
    """Return the marks of a test that generates requests."""
    return list(_marks(exploration.phase, exploration.operation, exploration.mode))


def _marks(*names: str | None) -> Iterator[pytest.MarkDecorator]:
    yield from (getattr(pytest.mark, name) for name in dict.fromkeys(names) if name is not None)


def _name(text: str) -> str:
    """Return a word of the register as a name that -m can have in an expression."""
    return text.replace("-", "_")
