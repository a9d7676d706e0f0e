"""What is going to happen to a phone call by itself: who is called, who answers and when, and when it ends.

Points in time are in microseconds since 1970, as `calls.microseconds` has them.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

SECOND: Final = 1_000_000
QUICKLY: Final = 0.2
"""After how many seconds a terminal answers of which nothing is said."""
BUSY_AFTER: Final = 0.2
"""After how many seconds a terminal that is busy has said so."""
WAIT: Final = 25
"""How many seconds a terminal rings of which nothing is said (D-89)."""

Answering = Annotated[float, Field(ge=0, le=86400, allow_inf_nan=False)] | Literal["busy", "never"]
"""After how many seconds a terminal answers; or it is busy, or never answers."""
Purpose = Literal["source", "destination", "pick-up", "unpark", "join", "transfer"]


class Part(BaseModel):
    """A part of a plan."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Party(Part):
    """A number that can be called, how its terminal behaves, and what it shows of itself to others."""

    number: str
    answers_after: Answering = QUICKLY
    caller_id: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether it is an extension, which has a view of the call."""
        return is_local(self.number)


class Ring(Part):
    """A terminal rings until somebody answers, or it stops.

    `view` is, for a source, a destination or the aim of a transfer, the view of the ringing terminal, where it has one;
    otherwise it is the view that the terminal is called for. `leaves` is who leaves the call after a transfer.
    """

    kind: Literal["ring"] = "ring"
    at: int
    answered: bool
    purpose: Purpose
    number: str
    view: str | None = None
    caller_id: str | None = None
    leaves: str | None = None


class Return(Part):
    """The time in the parking lot is over: whoever parked the call picks it up (D-76)."""

    kind: Literal["return"] = "return"
    at: int


class End(Part):
    """The call has lasted as long as it may."""

    kind: Literal["end"] = "end"
    at: int


Event = Annotated[Ring | Return | End, Field(discriminator="kind")]


class Plan(Part):
    """What is going to happen to a call.

    `destinations` are called once a source has picked up, for `wait` seconds; `duration` is how many seconds the call
    lasts once it is answered; `transferable` is false for a call that may not be transferred.
    """

    due: tuple[Event, ...] = ()
    destinations: tuple[Party, ...] = ()
    destination_caller_id: str | None = None
    wait: int = WAIT
    duration: int | None = None
    transferable: bool = True


def is_local(number: str) -> bool:
    """Whether a number is an extension in its extended form; a public number has no `*`."""
    return "*" in number


def ring(party: Party, purpose: Purpose, now: int, wait: int, *, view: str | None = None) -> Ring:
    """Return how a terminal rings that is called now, for so many seconds at most."""
    match party.answers_after:
        case "busy":
            after, answered = BUSY_AFTER, False
        case float(seconds) if seconds <= wait:
            after, answered = seconds, True
        case _:
            after, answered = float(wait), False
    return Ring(at=now + round(after * SECOND), answered=answered, purpose=purpose, number=party.number, view=view)
