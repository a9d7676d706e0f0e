"""What faults in the actions on placed phone calls are made of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from mutants.asked import update, view_of
from mutants.messages import Response, error
from mutants.mutant import before, faulty
from mutants.world import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Unpack

    from mutants.messages import Request
    from mutants.mutant import Fault, Options, Serve

FIRST: Final = "00"
SECOND: Final = "01"
"""The views of the number that is called first, and of the one that it is connected with."""
JOINING: Final = str(ROLES.second_extension and ROLES.second_extension.extension)
SOURCE: Final = str(ROLES.create and ROLES.create.source)
DESTINATION: Final = str(ROLES.create and ROLES.create.destination)
FOREIGN: Final = str(ROLES.foreign_extension and ROLES.foreign_extension.extension)
PUBLIC: Final = str(ROLES.public_number and ROLES.public_number.number)

CALLING: Final = frozenset({"PickUp", "UnPark", "BargeIn", "Whisper", "Monitor", "Transfer", "TransferToVoicemail"})
"""Actions for which somebody is called."""


def does(request: Request, *actions: str) -> bool:
    """Tell whether a request is one of some actions."""
    return update(request) and request.action in actions


def in_order(request: Request, *actions: str) -> bool:
    """Tell whether a request is one of some actions, for a view that there is and an extension that may be called."""
    if not does(request, *actions):
        return False
    views = {FIRST, SECOND} | ({None} if str(request.action).startswith("Transfer") else set())
    aims = {JOINING, PUBLIC} if request.action in CALLING else {None}
    return view_of(request) in views and request.json.get("sendCallTo") in aims


def done(request: Request, response: Response, *actions: str) -> bool:
    """Tell whether one of some actions was carried out."""
    return does(request, *actions) and response.status == 200


def has(request: Request, name: str) -> bool:
    """Tell whether an update has a member."""
    return isinstance(request.json, dict) and name in request.json


async def as_it_is(request: Request, serve: Serve) -> Response:
    """Return the phone call of an update as the answer to it, and do nothing."""
    shown = await serve(replace(request, method="GET"))
    if shown.status != 200 or not shown.json["entry"]:
        return await serve(request)
    return shown.with_json(shown.json["entry"][0])


def does_nothing(
    requirement: str, name: str, said: str, applies: Callable[[Request], bool], **options: Unpack[Options]
) -> None:
    """Register a server that answers some actions with the phone call, and leaves it as it is."""

    def make() -> Fault:
        async def fault(request: Request, serve: Serve) -> Response:
            return await (as_it_is(request, serve) if applies(request) else serve(request))

        return fault

    _named(make, name, said, applies)
    faulty(requirement, **options)(make)


def refuses(
    requirement: str,
    name: str,
    said: str,
    applies: Callable[[Request], bool],
    refusal: Response | None = None,
    **options: Unpack[Options],
) -> None:
    """Register a server that refuses some actions, with 400 unless another answer is given."""
    answer = refusal or error(400, "request_refused")

    def fault(request: Request) -> Response | None:
        return answer if applies(request) else None

    _named(fault, name, said, applies)
    before(requirement, **options)(fault)


def answers_nothing(
    requirement: str,
    name: str,
    said: str,
    applies: Callable[[Request], bool],
    status: int = 204,
    **options: Unpack[Options],
) -> None:
    """Register a server that carries out some actions, and answers with a status alone."""

    def make() -> Fault:
        async def fault(request: Request, serve: Serve) -> Response:
            response = await serve(request)
            return Response(status, (), b"") if applies(request) and response.status == 200 else response

        return fault

    _named(make, name, said, applies)
    faulty(requirement, **options)(make)


def _named(described: Callable[..., Any], name: str, said: str, applies: Callable[[Request], bool]) -> None:
    """Have a fault that is made here told apart by its name, and by the module that it is written in."""
    described.__name__, described.__doc__, described.__module__ = name, said, applies.__module__


def changed(response: Response, change: Callable[[dict[str, Any]], object], view: object = None) -> Response:
    """Return an answer with its views changed in place, or the one of an id."""
    return response.with_views(lambda found: change(found) if view in {None, found.get("id")} else None)
