"""The sandbox as one ASGI application: the generated server with its service, the token endpoint, the middleware."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Depends

from uapi.sandbox.addresses import PREFIX, Origin
from uapi.sandbox.api_errors import error_handlers, json_body, known_method
from uapi.sandbox.authorize import Authorize, one_credential
from uapi.sandbox.control import control_router
from uapi.sandbox.middleware import AccessLog, BodyLimit, FaultGuard
from uapi.sandbox.oauth import PATH, token_endpoint
from uapi.sandbox.service import PhoneCalls
from uapi.sandbox.spelling import Spelling
from uapi_phonecalls import load_contract
from uapi_phonecalls.server import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from uapi.sandbox.store import Store
    from uapi.sandbox.world import Principal, World
    from uapi_phonecalls.server.services import PhoneCallsService


def create_sandbox(
    world: World,
    store: Store,
    *,
    public_url: str | None = None,
    control: bool = False,
    legacy_prefix: bool = False,
    service: Callable[[Store], PhoneCallsService[Principal]] = PhoneCalls,
    authorize: Callable[[Store], Any] = Authorize,
) -> ASGIApp:
    """Return the sandbox of a store, as an ASGI application.

    `world` is what the control interface resets the store to; the interface is there with `control` only. `public_url`
    is the URL, without `/uapi`, under which the sandbox is reached through a proxy. With `legacy_prefix`, the service
    is found below `/unifiedapi`, too. `service` and `authorize` make the
    service and the authorize callback of the generated server; a faulty one, for a test of a test, subclasses
    `PhoneCalls` or `Authorize`. The store belongs to the caller, who closes it.
    """
    contract = load_contract()
    app = create_app(
        phone_calls=service(store),
        authorize=authorize(store),
        prefix=PREFIX,
        source_openapi=False,
        exception_handlers=error_handlers(contract, prefix=PREFIX),
        dependencies=[Depends(known_method(contract, prefix=PREFIX)), Depends(one_credential), Depends(json_body)],
        redirect_slashes=False,
        openapi_url=None,
    )
    app.add_route(PATH, token_endpoint(store), methods=["POST"])
    if control:
        app.include_router(control_router(world, store))
    return AccessLog(FaultGuard(BodyLimit(Spelling(Origin(app, public_url), legacy_prefix=legacy_prefix))))
