"""What all parts of a world have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Secret = Annotated[str, Field(min_length=8, max_length=255, pattern=r"^[\x21-\x7e]+$")]


class Record(BaseModel):
    """A part of the world; a member that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
