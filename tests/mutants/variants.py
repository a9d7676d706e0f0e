"""Correct servers that use their freedom in other ways than the sandbox: the kit must accuse none of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mutants.asked import one, several, update
from mutants.messages import Request, Response, error

if TYPE_CHECKING:
    from collections.abc import Callable

    from mutants.mutant import Fault, Serve

    Change = Callable[[Request, Response], Response | None]

VARIANTS: dict[str, Fault] = {}


def variant(change: Change) -> Change:
    """Register a server that differs in its answers."""

    async def served(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        changed = change(request, response)
        return response if changed is None else changed

    VARIANTS[change.__name__.replace("_", "-")] = served
    return change


@variant
def numbers_are_numbers(_: Request, response: Response) -> Response | None:
    return response.with_views(lambda view: view.update(status=int(view["status"])) if "status" in view else None)


@variant
def numbers_are_strings(request: Request, response: Response) -> Response | None:
    if response.status != 200 or update(request):
        return None
    value = response.json
    numbers = {name: str(item) if type(item) is int else item for name, item in value.items()}
    return response.with_json(numbers).with_views(lambda view: view.update(flow="8") if "flow" in view else None)


@variant
def there_is_only_link(_: Request, response: Response) -> Response | None:
    return response.with_calls(lambda call: call.pop("links", None))


@variant
def there_is_only_links(_: Request, response: Response) -> Response | None:
    return response.with_calls(lambda call: call.pop("link", None))


@variant
def times_are_utc_with_fractions(_: Request, response: Response) -> Response | None:
    def spelled(target: dict[str, Any]) -> None:
        for name in ("published", "answered", "ringing", "recording", "parked", "onHold"):
            if name in target:
                moment = datetime.fromisoformat(target[name]).astimezone(UTC)
                target[name] = moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    return response.with_calls(spelled).with_views(spelled)


@variant
def an_unknown_method_is_not_implemented(request: Request, _: Response) -> Response | None:
    return error(501, "request_not_implemented") if request.method == "PATCH" else None


@variant
def an_unknown_action_is_not_implemented(request: Request, response: Response) -> Response | None:
    unknown = update(request) and request.action == "NoSuchAction" and response.status == 400
    return error(501, "request_not_implemented") if unknown else None


@variant
def an_unknown_action_is_invalid(request: Request, response: Response) -> Response | None:
    return error(400, "action_invalid") if update(request) and response.status == 501 else None


@variant
def answers_have_more_members(request: Request, response: Response) -> Response | None:
    def more(call: dict[str, Any]) -> None:
        call["jitter"] = {"milliseconds": 3}

    return response.with_calls(more).with_views(more) if "fields=" not in request.query else None


@variant
def members_come_in_another_order(_: Request, response: Response) -> Response | None:
    if not response.body:
        return None
    return response.with_body(json.dumps(response.json, sort_keys=True, indent=3).encode())


@variant
def media_types_have_a_charset(_: Request, response: Response) -> Response | None:
    return response.with_header("Content-Type", "application/json; charset=UTF-8") if response.body else None


@variant
def an_empty_list_is_an_empty_envelope(request: Request, response: Response) -> Response | None:
    empty = several(request) and response.status == 204
    return Response(200, (("content-type", "application/json"),), b"").with_json({"entry": []}) if empty else None


@variant
def an_ended_call_is_204(request: Request, response: Response) -> Response | None:
    ended = one(request) and response.status == 200 and not response.json["entry"]
    return Response(204, (), b"") if ended else None


@variant
def an_ended_call_is_invalid(request: Request, response: Response) -> Response | None:
    ended = one(request) and response.status == 200 and not response.json["entry"]
    return error(400, "pc_phonecall_invalid") if ended else None


@variant
def lists_have_no_flow(_: Request, response: Response) -> Response | None:
    return response.with_views(lambda view: view.pop("flow", None))


@variant
def answers_are_chunked(_: Request, response: Response) -> Response | None:
    if not response.body:
        return None
    chunks = b"".join(b"%x\r\n%s\r\n" % (1, response.body[i : i + 1]) for i in range(len(response.body)))
    plain = response.with_header("content-length", None).with_header("transfer-encoding", "chunked")
    return Response(plain.status, plain.headers, chunks + b"0\r\n\r\n")


@variant
def unknown_media_types_are_400(_: Request, response: Response) -> Response | None:
    return error(400, "media_type") if response.status == 415 else None
