"""The control interface: plays the part of the telephones. It is off unless asked for, and asks nobody for a token.

POST   /control/calls               place a call: {"from": "0003*210", "to": "7778888"}
POST   /control/calls/{id}/answer   answer it
DELETE /control/calls/{id}          hang up
POST   /control/clock               advance the time: {"advance": 3600}
POST   /control/reset               begin again with the world
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from uapi.sandbox.api_errors import ApiError
from uapi.sandbox.orders import new_id
from uapi.sandbox.plans import Party
from uapi.sandbox.playing import catch_up_writing, moment
from uapi.sandbox.telephony.answering import picked_up
from uapi.sandbox.telephony.placing import Order, dialled
from uapi_phonecalls import models

if TYPE_CHECKING:
    from uapi.sandbox.calls import Call
    from uapi.sandbox.store import Store
    from uapi.sandbox.world import World


class Body(BaseModel):
    """A body of the control interface; a member that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PlaceOrder(Body):
    """Place a call from one number to another, one of which at least is an extension of the world."""

    source: Annotated[models.PhoneNumber, Field(alias="from")]
    destination: Annotated[models.PhoneNumber, Field(alias="to")]
    caller_id: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    nonce: Annotated[str, Field(min_length=1, max_length=255)] | None = None


class ClockOrder(Body):
    """Advance the time by some seconds."""

    advance: Annotated[float, Field(ge=0, le=10**9, allow_inf_nan=False)]


class Placed(BaseModel):
    """A call that was placed, and how to address it."""

    id: str
    extension: str
    views: list[str]


class Time(BaseModel):
    """The time of the sandbox."""

    now: str


class Done(BaseModel):
    """What was asked for is done."""

    done: Literal[True] = True


def control_router(world: World, store: Store) -> APIRouter:
    """Return the routes of the control interface for a store, which a reset fills with the world again."""
    router = APIRouter(prefix="/control")

    @router.post("/calls", status_code=201)
    def place(order: PlaceOrder) -> Placed:
        with store.writing():
            call = placed(store, order)
            store.save(call)
        return Placed(id=call.id, extension=call.extension, views=[view.id for view in call.phoneCallView])

    @router.post("/calls/{call_id}/answer")
    def answer(call_id: str) -> Done:
        with store.writing():
            catch_up_writing(store)
            if (call := store.call(call_id)) is None:
                raise _unknown(call_id)
            store.save(picked_up(call, moment(store)))
        return Done()

    @router.delete("/calls/{call_id}", status_code=204)
    def hang_up(call_id: str) -> Response:
        with store.writing():
            catch_up_writing(store)
            if not store.delete(call_id):
                raise _unknown(call_id)
        return Response(status_code=204)

    @router.post("/clock")
    def clock(order: ClockOrder) -> Time:
        return Time(now=store.advance(order.advance).isoformat())

    @router.post("/reset")
    def reset() -> Done:
        store.reset(world)
        return Done()

    return router


def placed(store: Store, order: PlaceOrder) -> Call:
    """Return a call that has been dialled and rings, with a view for each party that is an extension.

    The caller's extension is charged, or the called one where the call comes from outside. Raises ApiError 400 where
    neither number is an extension.
    """
    source, destination = store.extension(order.source), store.extension(order.destination)
    charged = source or destination
    if charged is None:
        message = f"Neither {order.source} nor {order.destination} is an extension. One of them has to be."
        raise ApiError(400, "extension_invalid", message)
    sources, destinations = (Party(number=order.source),), (Party(number=order.destination),)
    return dialled(
        Order(
            extension=charged.number,
            sources=sources,
            destinations=destinations,
            caller_id=order.caller_id,
            nonce=order.nonce,
        ),
        new_id(),
        moment(store),
    )


def _unknown(call_id: str) -> ApiError:
    message = f"The phone call {call_id} does not exist. Send the id of a phone call in progress."
    return ApiError(400, "pc_phonecall_invalid", message)
