"""Correct servers that write the same phone calls in another way."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from mutants.asked import several, update, view_of
from mutants.variant import answering, variant
from mutants.world import ROLES, WORLD

if TYPE_CHECKING:
    from collections.abc import Callable

    from mutants.messages import Request, Response
    from mutants.mutant import Fault, Serve

TIMES = ("published", "answered", "ringing", "recording", "parked", "onHold")
OPTIONAL = ("nonce", "answered", "callerId", "flow", "ringing", "parked", "parkedPos", "parkedBy", "onHold", "holder")
TAIL = "0" * 12
"""What a long id of a phone call ends with."""
VIEWS = {"00": "leg-0.of_the_callee", "01": "leg-1.of_the_caller", "02": "leg-2.of_the_gateway"}
CALLS = [call.id for call in WORLD.phone_calls]


def whole(request: Request, response: Response) -> bool:
    """Tell whether an answer has whole phone calls: one that is reduced by `fields` has those alone."""
    return response.status == 200 and "fields=" not in request.query


def times(spell: Callable[[datetime], str], response: Response) -> Response:
    def spelled(target: dict[str, Any]) -> None:
        for name in TIMES:
            if name in target:
                target[name] = spell(datetime.fromisoformat(target[name]))

    return response.with_calls(spelled).with_views(spelled)


def whole_numbers(response: Response, spell: Callable[[int], object], names: tuple[str, ...]) -> Response:
    def spelled(target: dict[str, Any]) -> None:
        target.update({name: spell(int(target[name])) for name in names if name in target})

    return response.with_views(spelled)


@answering()
def numbers_are_numbers(_: Request, response: Response) -> Response:
    """The status of a view is a number."""
    return whole_numbers(response, int, ("status", "flow"))


@answering()
def numbers_are_strings(request: Request, response: Response) -> Response | None:
    """Every number is written as a string, those of the envelope too."""
    response = whole_numbers(response, str, ("status", "flow", "parkedPos", "holder"))
    if response.status != 200 or update(request):
        return response
    return response.with_json({name: str(item) if type(item) is int else item for name, item in response.json.items()})


@answering()
def there_is_only_link(_: Request, response: Response) -> Response:
    """A phone call has `link`, and no `links`."""
    return response.with_calls(lambda call: call.pop("links", None))


@answering()
def there_is_only_links(_: Request, response: Response) -> Response:
    """A phone call has `links`, and no `link`."""
    return response.with_calls(lambda call: call.pop("link", None))


@answering()
def links_name_a_public_host(_: Request, response: Response) -> Response:
    """The self link has the public name of the server, and its reserved characters are encoded."""

    def renamed(call: dict[str, Any]) -> None:
        for name in ("link", "links"):
            if name in call:
                path = "/uapi/" + call[name]["self"].partition("/uapi/")[2]
                call[name]["self"] = "https://pbx.example.com:8443" + path.replace("*", "%2A")

    return response.with_calls(renamed)


@answering()
def links_have_more_relations(request: Request, response: Response) -> Response | None:
    """The links of a phone call have more than `self`."""
    if not whole(request, response):
        return None
    return response.with_calls(lambda call: call["links"].update(owner="https://pbx.example.com/users/12"))


@answering()
def times_are_utc_with_fractions(_: Request, response: Response) -> Response:
    """Every time is in UTC, to the nanosecond."""
    return times(lambda time: time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000000000Z"), response)


@answering()
def times_are_west_of_greenwich(_: Request, response: Response) -> Response:
    """Every time is in an offset of minus nine and a half hours."""
    return times(lambda time: time.astimezone(timezone(-timedelta(hours=9, minutes=30))).isoformat(), response)


@answering()
def times_are_far_east_of_greenwich(_: Request, response: Response) -> Response:
    """Every time is in an offset of fourteen hours: it is tomorrow there more often than not."""
    return times(lambda time: time.astimezone(timezone(timedelta(hours=14))).isoformat(), response)


@answering()
def answers_have_more_members(request: Request, response: Response) -> Response | None:
    """Phone calls, views, envelopes and errors have members that are not documented."""

    def more(target: dict[str, Any]) -> None:
        target["jitter"] = {"milliseconds": 3, "of": [1, 2.5, True]}

    if response.status >= 400:
        value = response.json
        return response.with_json({**value, "status": response.status, "error": {**value["error"], "details": []}})
    return response.with_calls(more).with_views(more) if whole(request, response) else None


@answering()
def optional_members_are_left_out(request: Request, response: Response) -> Response | None:
    """Phone calls and views have their required members and their recordings only."""

    def less(target: dict[str, Any]) -> None:
        for name in OPTIONAL:
            target.pop(name, None)

    return response.with_calls(less).with_views(less) if whole(request, response) else None


@answering()
def lists_have_no_flow(_: Request, response: Response) -> Response:
    """A view does not tell its flow."""
    return response.with_views(lambda view: view.pop("flow", None))


@answering()
def names_are_in_all_scripts(request: Request, response: Response) -> Response | None:
    """Names of organizations and callers are in scripts of the world, as UTF-8."""
    if not whole(request, response):
        return None
    changed = response.with_calls(lambda call: call.update(ownerName="Büro Zürich · 東京 · 𝄞 · עברית"))
    changed = changed.with_views(lambda view: view.update(callerId='"Żółć, Łukasz" <+48 22> \\ \u2028'))
    return changed.with_body(json.dumps(changed.json, ensure_ascii=False).encode())


@answering()
def strings_are_escaped(_: Request, response: Response) -> Response | None:
    """Every character of every string is written as an escape, in names of members too."""
    return response.with_body(_escaped(response.json).encode()) if response.body else None


def _escaped(value: object) -> str:
    match value:
        case str():
            units = value.encode("utf-16-be").hex()
            return '"' + "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4)) + '"'
        case dict():
            return "{" + ",".join(f"{_escaped(name)}:{_escaped(item)}" for name, item in value.items()) + "}"
        case list():
            return "[" + ",".join(map(_escaped, value)) + "]"
        case _:
            return json.dumps(value)


@answering()
def members_come_in_another_order(_: Request, response: Response) -> Response | None:
    """The members of an object are sorted, and indented."""
    return response.with_body(json.dumps(response.json, sort_keys=True, indent=3).encode()) if response.body else None


@answering()
def there_is_white_space_everywhere(_: Request, response: Response) -> Response | None:
    """There is a line break, a tab or a space wherever JSON allows it, before and after the body too."""
    if not response.body:
        return None
    text = json.dumps(response.json, indent="\t", separators=(" ,", " : "))
    return response.with_body(b"\r\n\t " + text.replace("\n", "\r\n").encode() + b"\r\n\r\n")


@answering()
def messages_are_in_another_language(_: Request, response: Response) -> Response | None:
    """Error messages are in Japanese."""
    if response.status < 400:
        return None
    error = {**response.json["error"], "message": "通話が見つかりません。「もう一度」お試しください。"}
    return response.with_body(json.dumps({"error": error}, ensure_ascii=False).encode())


@answering()
def views_come_in_another_order(_: Request, response: Response) -> Response:
    """The last view of a phone call comes first."""
    return response.with_calls(lambda call: call.get("phoneCallView", []).reverse())


@variant()
def lists_begin_with_the_newest_call() -> Fault:
    """A list that asks for no order begins with the newest phone call."""

    async def served(request: Request, serve: Serve) -> Response:
        ordered = several(request) and "sortOrder" not in request.parameters
        return await serve(request.with_parameters(sortOrder="desc") if ordered else request)

    return served


@variant(
    roles=ROLES.model_copy(
        update={
            name: call.model_copy(update={"id": call.id + TAIL})
            for name in ("phone_call", "unrecordable_call", "ending_call")
            if (call := getattr(ROLES, name)) is not None
        }
    )
)
def ids_of_calls_are_long() -> Fault:
    """The id of a phone call has 32 characters."""

    def long(value: bytes) -> bytes:
        for call in CALLS:
            value = value.replace(call.encode(), call.encode() + TAIL.encode())
        return value

    def short(value: str) -> str:
        """Return the id that the sandbox knows; the short ones are known to nobody here."""
        if value in CALLS:
            return "nosuchphonecall"
        known = value.endswith(TAIL) and value.removesuffix(TAIL) in CALLS
        return value.removesuffix(TAIL) if known else value

    async def served(request: Request, serve: Serve) -> Response:
        if (call := request.call) is not None and short(call) != call:
            request = request.with_segment(2, short(call))
        if (value := request.parameters.get("filterValue")) is not None and short(value) != value:
            request = request.with_parameters(filterValue=short(value))
        response = await serve(request)
        return response.with_body(long(response.body)) if response.body else response

    return served


@variant(
    roles=ROLES.model_copy(
        update={
            name: call.model_copy(update={"view_id": VIEWS[call.view_id]})
            for name in ("phone_call", "unrecordable_call", "ending_call")
            if (call := getattr(ROLES, name)) is not None
        }
    )
)
def ids_of_views_have_hyphens() -> Fault:
    """The id of a view has letters, a hyphen, a dot and an underscore."""
    known = {long: short for short, long in VIEWS.items()}

    async def served(request: Request, serve: Serve) -> Response:
        view = view_of(request)
        if isinstance(view, str) and view in {*known, *VIEWS}:
            request = request.with_members(phoneCallViewId=known.get(view, "nosuchview"))
        response = await serve(request)
        return response.with_views(lambda shown: shown.update(id=VIEWS[shown["id"]]))

    return served
