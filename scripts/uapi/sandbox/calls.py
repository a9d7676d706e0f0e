"""A phone call as the sandbox keeps it: what an answer tells of it, without what an answer adds (owner and links)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import (
    MISSING,
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    StrictBool,
    StrictStr,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from uapi.sandbox.plans import Event, Plan
from uapi_phonecalls import models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOMENTS: Final = ("ringing", "answered", "recording", "parked", "onHold")
"""The fields of a view that are points in time."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
TRYING: Final = "2"
RINGING: Final = "3"
OTHER_SIDE_RINGING: Final = "4"
ON_CALL: Final = "5"
NOTHING: Final = Plan()
"""The plan of a call to which nothing happens by itself."""


def instant(text: str) -> datetime:
    """Return the point in time of a DateTime of the contract. Raises ValueError for a day that no calendar has."""
    return datetime.fromisoformat(text)


def microseconds(moment: datetime) -> int:
    """Return a point in time as a number that grows with it."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def stamp(moment: int) -> str:
    """Return a point in time, given in microseconds, as answers write it."""
    return (EPOCH + timedelta(microseconds=moment)).isoformat(timespec="seconds")


def _real(text: str) -> str:
    instant(text)
    return text


Moment = Annotated[models.DateTime, AfterValidator(_real)]


class View(models.PhoneCallView):
    """A view as the contract has it; a member that the contract does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="after")
    def _check_moments(self) -> Self:
        for name in MOMENTS:
            if (value := getattr(self, name)) is not MISSING:
                instant(value)
        if self.recording is not MISSING and (
            self.answered is MISSING or instant(self.recording) < instant(self.answered)
        ):
            raise ValueError("a recording begins when the view is answered, or later")
        return self

    @property
    def is_answered(self) -> bool:
        """Whether this party has answered."""
        return self.answered is not MISSING

    @property
    def is_recorded(self) -> bool:
        """Whether this view is being recorded."""
        return self.recording is not MISSING

    @property
    def is_ringing(self) -> bool:
        """Whether the terminal of this party rings."""
        return str(self.status) == RINGING

    @property
    def is_on_call(self) -> bool:
        """Whether this party has answered, and is connected."""
        return self.is_answered and str(self.status) == ON_CALL

    @property
    def is_on_hold(self) -> bool:
        """Whether the call is on hold for this party."""
        return self.onHold is not MISSING

    @property
    def is_parked(self) -> bool:
        """Whether this party has parked the call."""
        return self.parked is not MISSING

    def but(self, **fields: Any) -> View:  # noqa: ANN401 - the fields of the model
        """Return the view with other values; the value MISSING leaves a field out."""
        return self.model_copy(update=fields)


class Call(BaseModel):
    """A phone call in progress, and how the sandbox plays it.

    `extension` is the one that is charged, an extension of the world. `ends_on_update` marks a call that ends while it
    is being updated (REC-008). `plan` is what is going to happen to it by itself; no answer tells that.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: models.PhoneCallId
    nonce: Annotated[StrictStr, Field(min_length=1, max_length=255)] | None = None
    extension: models.ExtensionNumber
    published: Moment
    answered: Moment | None = None
    phoneCallView: Annotated[tuple[View, ...], Field(min_length=1)]  # noqa: N815 - the name of the contract
    ends_on_update: StrictBool = False
    plan: Annotated[Plan, Field(exclude_if=lambda plan: plan == NOTHING)] = NOTHING

    @model_validator(mode="after")
    def _check_views(self) -> Self:
        ids = [view.id for view in self.phoneCallView]
        if len(set(ids)) < len(ids):
            raise ValueError("each view has an id of its own within its phone call")
        return self

    @property
    def parties(self) -> frozenset[str]:
        """The extensions that the call is listed under: those of its views, and the one that is charged (D-33)."""
        return frozenset((self.extension, *(view.extension for view in self.phoneCallView)))

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers of all who take part in the call, extensions and public numbers."""
        return frozenset(number for view in self.phoneCallView for number in (*view.source, *view.destination))

    @property
    def parked_view(self) -> View | None:
        """The view that is in the parking lot, or None."""
        return next((view for view in self.phoneCallView if view.is_parked), None)

    @property
    def next_event(self) -> Event | None:
        """What happens to the call next, or None."""
        return min(self.plan.due, key=lambda event: event.at, default=None)

    def view(self, view_id: str) -> View | None:
        """Return the view of an id, or None."""
        return next((view for view in self.phoneCallView if view.id == view_id), None)

    def with_views(self, views: Iterable[View]) -> Call:
        """Return the call with other views in the places of those of the same ids."""
        changed = {view.id: view for view in views}
        return self.each(lambda view: changed.get(view.id, view))

    def each(self, change: Callable[[View], View]) -> Call:
        """Return the call with each view changed."""
        return self.of_views(map(change, self.phoneCallView))

    def of_views(self, views: Iterable[View]) -> Call:
        """Return the call with other views, one at least."""
        return self.model_copy(update={"phoneCallView": tuple(views)})

    def planned(self, **fields: Any) -> Call:  # noqa: ANN401 - the fields of the model
        """Return the call with another plan."""
        return self.model_copy(update={"plan": self.plan.model_copy(update=fields)})

    def expecting(self, *events: Event) -> Call:
        """Return the call with further events to come."""
        return self.planned(due=(*self.plan.due, *events))


@dataclass(frozen=True, slots=True)
class KeptCall:
    """A phone call as a database keeps it: a document, and what it is found by.

    A world has its phone calls in this form: a hundred thousand of them as models would take ten times the memory. As
    the field of a model it is validated as a `Call`, which it does not keep.
    """

    id: str
    extension: str
    parties: tuple[str, ...]
    published: str
    document: str
    next_event_at: int | None
    parked_pos: int | None

    @classmethod
    def of(cls, call: Call) -> KeptCall:
        """Return a phone call in this form."""
        event, parked = call.next_event, call.parked_view
        return cls(
            id=call.id,
            extension=call.extension,
            parties=tuple(sorted(call.parties)),
            published=call.published,
            document=call.model_dump_json(exclude_none=True),
            next_event_at=event.at if event else None,
            parked_pos=int(parked.parkedPos) if parked and parked.parkedPos is not MISSING else None,
        )

    @property
    def call(self) -> Call:
        """The phone call."""
        return Call.model_validate_json(self.document)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate a call, and write its document."""
        return core_schema.no_info_after_validator_function(
            cls.of,
            handler(Call),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda kept: json.loads(kept.document)),
        )
