"""The words of a comparison: a change, whom it breaks, and how far it moves the version."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from uapi.contract.location import to_pointer

if TYPE_CHECKING:
    from uapi.contract.bundle import Bundle
    from uapi.contract.location import Tokens

Party: TypeAlias = Literal["clients", "servers"]
Use: TypeAlias = Literal["request", "response"]
"""The direction in which a value travels: from the client to the server, or back."""

NOBODY: Final[frozenset[Party]] = frozenset()
CLIENTS: Final[frozenset[Party]] = frozenset({"clients"})
SERVERS: Final[frozenset[Party]] = frozenset({"servers"})
BOTH: Final = CLIENTS | SERVERS


class Effect(Enum):
    """What a change does to those who keep to the old contract; `BREAKS` says whom it breaks.

    Who sends a value is broken where less is allowed than before, who receives it where more is allowed.
    """

    NARROWER = "some values that were allowed are not any more"
    WIDER = "some values are allowed that were not"
    DIFFERENT = "neither contains the other, or they cannot be compared"
    OFFERED = "something new that the sender may leave out: a server has to understand it, a client need not look"
    DEMANDED = "something new that the sender must give"
    WITHDRAWN = "something that clients could rely on is gone"
    PROMISED = "servers have to do what they were free not to do"
    NEUTRAL = "more than words, and it breaks nobody"
    WORDS = "documentation"


BREAKS: Final[dict[Effect, dict[Use, frozenset[Party]]]] = {
    Effect.NARROWER: {"request": CLIENTS, "response": SERVERS},
    Effect.WIDER: {"request": SERVERS, "response": CLIENTS},
    Effect.DIFFERENT: {"request": BOTH, "response": BOTH},
    Effect.OFFERED: {"request": SERVERS, "response": NOBODY},
    Effect.DEMANDED: {"request": BOTH, "response": SERVERS},
    Effect.WITHDRAWN: {"request": CLIENTS, "response": CLIENTS},
    Effect.PROMISED: {"request": SERVERS, "response": SERVERS},
    Effect.NEUTRAL: {"request": NOBODY, "response": NOBODY},
    Effect.WORDS: {"request": NOBODY, "response": NOBODY},
}


class Bump(IntEnum):
    """The part of the version that has to grow."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def __str__(self) -> str:
        """Return the name as it is written."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a change: where it stands in one of the two contracts, and what stands there."""

    pointer: str
    where: str
    value: object = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change, with every operation that it shows in."""

    rule: str
    message: str
    old: Side | None
    new: Side | None
    breaks: frozenset[Party]
    words: bool
    """Whether it is documentation: descriptions, examples and the like, which no program depends on."""
    uses: tuple[Use, ...] = ()
    operations: tuple[str, ...] = ()

    @property
    def side(self) -> Side:
        """The side to look at: the new one, or the old one of what is gone."""
        side = self.new or self.old
        assert side is not None  # noqa: S101 - a change stands on one side at least
        return side

    @property
    def bump(self) -> Bump:
        """The part of the version that this change alone moves, from 1.0.0 on."""
        if "clients" in self.breaks:
            return Bump.MAJOR
        return Bump.PATCH if self.words else Bump.MINOR


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract to compare: a bundle, and the name that it was asked for by."""

    name: str
    bundle: Bundle

    @property
    def version(self) -> str:
        """The version that the contract gives itself."""
        return str(self.bundle.document["info"]["version"])

    def side(self, tokens: Tokens, value: object = None) -> Side:
        """Return a place of this contract as a side of a change."""
        return Side(to_pointer(tokens), str(self.bundle.locate(tokens)), value)


@dataclass(frozen=True)
class Diff:
    """All changes between two contracts."""

    old: Contract
    new: Contract
    changes: tuple[Change, ...] = field(repr=False)

    def breaking(self, party: Party) -> list[Change]:
        """Return the changes that break one party."""
        return [change for change in self.changes if party in change.breaks]

    @cached_property
    def compatible(self) -> list[Change]:
        """The changes that break nobody, and are more than words."""
        return [change for change in self.changes if not change.breaks and not change.words]

    @cached_property
    def words(self) -> list[Change]:
        """The changes of documentation."""
        return [change for change in self.changes if change.words]

    @cached_property
    def bump(self) -> Bump:
        """The greatest of what the changes demand."""
        return max((change.bump for change in self.changes), default=Bump.NONE)
