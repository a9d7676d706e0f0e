"""Faults in what is told of a phone call that was placed, and in what it is like."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from mutants.asked import extension, one, several, update
from mutants.messages import Request, Response, error
from mutants.mutant import after, before, faulty
from mutants.world import CALLER, PHONE_CALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from mutants.mutant import Fault, Serve

KINDS: Final = frozenset({"simple", "callback", "conferenceInvite"})
EMPTY: Final = Response(204, (), b"")
ACTIONS: Final = ("ACT-020", "ACT-030", "ACT-040", "ACT-060", "ACT-065", "ACT-070", "ACT-075", "ACT-085")
"""The requirements by which each action on a phone call that was placed is carried out."""


def creates(request: Request, kind: str | None = None) -> bool:
    """Tell whether a request places a phone call, of any kind where none is given."""
    wanted = KINDS if kind is None else {kind}
    return request.method == "POST" and len(request.segments) > 1 and request.segments[1] in wanted


def placed(request: Request, response: Response, kind: str | None = None) -> bool:
    return creates(request, kind) and response.status == 200


def each(response: Response, change: Callable[[dict[str, Any]], object]) -> Response:
    """Change each phone call of an array in place."""
    value = response.json
    for call in value:
        change(call)
    return response.with_json(value)


def hang_up_of(request: Request, phone_call: str) -> Request:
    """Return the caller's own hang-up of a phone call, whichever extension placed it."""
    path = f"/uapi/phoneCalls/@me/@self/{phone_call}"
    asked = replace(request, method="DELETE", raw_path=path, query="", body=b"").with_header("content-length", "0")
    return asked.with_token(CALLER.token)


def ids(response: Response) -> list[str]:
    return [call["id"] for call in response.json]


# What is told of it


@after("MAKE-001")
def calls_are_placed_without_an_id(request: Request, response: Response) -> Response | None:
    """The phone call of the answer has no id."""
    return each(response, lambda call: call.pop("id")) if placed(request, response) else None


@after("MAKE-001")
def callbacks_are_placed_without_an_id(request: Request, response: Response) -> Response | None:
    """The phone call of the answer to a callback has no id."""
    return each(response, lambda call: call.pop("id")) if placed(request, response, "callback") else None


@after("MAKE-001")
def ids_are_told_by_themselves(request: Request, response: Response) -> Response | None:
    """The answer is an array of ids."""
    return response.with_json(ids(response)) if placed(request, response) else None


@after("MAKE-001")
def calls_are_keyed_by_their_id(request: Request, response: Response) -> Response | None:
    """The answer is an object of phone calls, by their ids."""
    return response.with_json({call.pop("id"): call for call in response.json}) if placed(request, response) else None


@after("MAKE-001")
def nothing_is_told_of_invitations(request: Request, response: Response) -> Response | None:
    """The answer to an invitation is an empty array."""
    return response.with_json([]) if placed(request, response, "conferenceInvite") else None


@after("MAKE-002")
def the_id_of_another_call_is_told(request: Request, response: Response) -> Response | None:
    """The answer names a phone call that was there before."""
    return each(response, lambda call: call.update(id=PHONE_CALL.id)) if placed(request, response) else None


@after("MAKE-002")
def the_id_of_a_request_is_told(request: Request, response: Response) -> Response | None:
    """The answer names an id of its own, by which no phone call is known."""
    return each(response, lambda call: call.update(id=call["id"] + "0")) if placed(request, response) else None


@faulty("MAKE-002")
def placed_calls_are_not_got() -> Fault:
    """A GET finds no phone call that was placed through the API."""
    known: set[str] = set()

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if placed(request, response):
            known.update(ids(response))
        if one(request) and request.call in known and response.status == 200:
            return response.with_json({**response.json, "entry": []})
        return response

    return fault


@faulty("MAKE-002", also=ACTIONS)
def actions_do_not_know_placed_calls() -> Fault:
    """Every action on a phone call that was placed through the API is refused, for there is no such call."""
    known: set[str] = set()

    async def fault(request: Request, serve: Serve) -> Response:
        if update(request) and request.call in known:
            return error(400, "pc_phonecall_invalid")
        response = await serve(request)
        if placed(request, response):
            known.update(ids(response))
        return response

    return fault


@after("MAKE-003")
def only_the_id_is_told(request: Request, response: Response) -> Response | None:
    """The phone call of the answer has nothing but its id."""
    return response.with_json([{"id": name} for name in ids(response)]) if placed(request, response) else None


@after("MAKE-003")
def no_views_are_told(request: Request, response: Response) -> Response | None:
    """The phone call of the answer has no views."""
    return each(response, lambda call: call.pop("phoneCallView")) if placed(request, response) else None


@after("MAKE-003")
def no_link_is_told(request: Request, response: Response) -> Response | None:
    """The phone call of the answer has no links."""

    def unlinked(call: dict[str, Any]) -> None:
        call.pop("link", None)
        call.pop("links", None)

    return each(response, unlinked) if placed(request, response) else None


# What is placed


@after("MAKE-005")
def calls_are_created(request: Request, response: Response) -> Response | None:
    """A phone call that was placed is answered with 201."""
    return response.with_status(201) if placed(request, response, "simple") else None


@after("MAKE-005")
def calls_are_placed_in_silence(request: Request, response: Response) -> Response | None:
    """A phone call that was placed is answered with 204."""
    return EMPTY if placed(request, response, "simple") else None


@before("MAKE-005")
def no_calls_are_placed(request: Request) -> Response | None:
    """A request for a simple phone call is refused."""
    return error(400, "request_malformed") if creates(request, "simple") else None


@faulty("MAKE-005")
def calls_are_only_said_to_be_placed() -> Fault:
    """A phone call is told of, and none is placed."""

    async def fault(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if placed(request, response, "simple"):
            for phone_call in ids(response):
                await serve(hang_up_of(request, phone_call))
        return response

    return fault


@before("MAKE-005")
def numbers_are_taken_alone_only(request: Request) -> Response | None:
    """A request is refused whose source is an array."""
    body = request.json if creates(request, "simple") else None
    views = body.get("phoneCallView") if isinstance(body, dict) else None
    return error(400, "request_malformed") if views and isinstance(views[0].get("source"), list) else None


def unlisted(request: Request, response: Response, hidden: Callable[[dict[str, Any]], bool]) -> Response | None:
    """Leave phone calls out of the list of an extension."""
    if not several(request) or response.status != 200 or extension(request) == "@self":
        return None
    value = response.json
    return response.with_json({**value, "entry": [call for call in value["entry"] if not hidden(call)]})


@after("MAKE-006")
def extensions_list_the_calls_they_take_part_in(request: Request, response: Response) -> Response | None:
    """The list of an extension lacks phone calls that it placed between others."""
    asked = extension(request)
    return unlisted(
        request, response, lambda call: asked not in [view.get("extension") for view in call.get("phoneCallView", [])]
    )


@after("MAKE-006")
def lists_have_answered_calls_only(request: Request, response: Response) -> Response | None:
    """The list of an extension lacks phone calls that nobody has answered."""
    return unlisted(request, response, lambda call: "answered" not in call)


@after("MAKE-007")
def source_and_destination_are_swapped(_: Request, response: Response) -> Response | None:
    """A view of a phone call names its source as destination, and the other way round."""

    def swapped(view: dict[str, Any]) -> None:
        if "source" in view and "destination" in view:
            view["source"], view["destination"] = view["destination"], view["source"]

    return told_of_views(response, swapped)


@after("MAKE-007")
def the_source_is_who_is_charged(_: Request, response: Response) -> Response | None:
    """Every view names the extension that is charged as source."""
    return told_of_views(response, lambda view: view.update(source=[CALLER.extension]))


@after("MAKE-007")
def no_destination_is_named(_: Request, response: Response) -> Response | None:
    """The destination of every view is empty."""
    return told_of_views(response, lambda view: view.update(destination=[]))


def told_of_views(response: Response, change: Callable[[dict[str, Any]], object]) -> Response | None:
    """Change each view of each phone call of an envelope."""
    return response.with_views(change) if response.status == 200 and isinstance(response.json, dict) else None


def told_of_calls(response: Response, change: Callable[[dict[str, Any]], object]) -> Response | None:
    """Change each phone call of an answer."""
    if response.status != 200:
        return None
    return each(response, change) if isinstance(response.json, list) else response.with_calls(change)


@after("MAKE-013")
def nonces_are_forgotten(_: Request, response: Response) -> Response | None:
    """No phone call carries a nonce."""
    return told_of_calls(response, lambda call: call.pop("nonce", None))


@after("MAKE-013")
def nonces_are_cut_off(_: Request, response: Response) -> Response | None:
    """A phone call carries the first 16 characters of its nonce."""
    return told_of_calls(response, lambda call: call.update({"nonce": call["nonce"][:16]} if "nonce" in call else {}))


@after("MAKE-013")
def nonces_are_made_anew(_: Request, response: Response) -> Response | None:
    """A phone call carries its id as nonce."""
    return told_of_calls(response, lambda call: call.update({"nonce": call["id"]} if "nonce" in call else {}))


@before("MAKE-020")
def one_extension_is_charged_for_all(request: Request) -> Request | None:
    """Every simple phone call is placed with the first extension of the user."""
    body = request.json if creates(request, "simple") else None
    named = isinstance(body, dict) and body.get("extension") == "0003*216"
    return request.with_members(extension=CALLER.extension) if named else None


@after("MAKE-020")
def the_source_is_charged(_: Request, response: Response) -> Response | None:
    """A phone call names the extension of its first view as its own."""

    def charged(call: dict[str, Any]) -> None:
        views = call.get("phoneCallView")
        if "extension" in call and views:
            call["extension"] = views[0]["extension"]

    return told_of_calls(response, charged)
