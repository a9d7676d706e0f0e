"""A phone call as the sandbox keeps it: what an answer tells of it, without what an answer adds (owner and links)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import MISSING, AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictStr, model_validator

from uapi_phonecalls import models

if TYPE_CHECKING:
    from collections.abc import Iterable

MOMENTS: Final = ("ringing", "answered", "recording", "parked", "onHold")
"""The fields of a view that are points in time."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
RINGING: Final = "3"
OTHER_SIDE_RINGING: Final = "4"
ON_CALL: Final = "5"


def instant(text: str) -> datetime:
    """Return the point in time of a DateTime of the contract. Raises ValueError for a day that no calendar has."""
    return datetime.fromisoformat(text)


def microseconds(moment: datetime) -> int:
    """Return a point in time as a number that grows with it."""
    return (moment - EPOCH) // timedelta(microseconds=1)


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

    def but(self, **fields: Any) -> View:  # noqa: ANN401 - the fields of the model
        """Return the view with other values; the value MISSING leaves a field out."""
        return self.model_copy(update=fields)


class Call(BaseModel):
    """A phone call in progress, and how the sandbox plays it.

    `extension` is the one that is charged, an extension of the world. `ends_on_update` marks a call that ends while it
    is being updated (REC-008).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: models.PhoneCallId
    nonce: Annotated[StrictStr, Field(min_length=1, max_length=255)] | None = None
    extension: models.ExtensionNumber
    published: Moment
    answered: Moment | None = None
    phoneCallView: Annotated[tuple[View, ...], Field(min_length=1)]  # noqa: N815 - the name of the contract
    ends_on_update: StrictBool = False

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

    def view(self, view_id: str) -> View | None:
        """Return the view of an id, or None."""
        return next((view for view in self.phoneCallView if view.id == view_id), None)

    def with_views(self, views: Iterable[View]) -> Call:
        """Return the call with other views in the places of those of the same ids."""
        changed = {view.id: view for view in views}
        return self.model_copy(
            update={"phoneCallView": tuple(changed.get(view.id, view) for view in self.phoneCallView)}
        )
