"""Faults in what a phone call and its views look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.asked import one, ours, several, update
from mutants.mutant import after

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Unpack

    from mutants.messages import Request, Response
    from mutants.mutant import Options


def in_calls(
    requirement: str, name: str, said: str, change: Callable[[dict[str, Any]], object], **options: Unpack[Options]
) -> None:
    """Register a fault in each phone call that is answered."""

    def fault(_: Request, response: Response) -> Response:
        return response.with_calls(change)

    fault.__name__, fault.__doc__ = name, said
    after(requirement, **options)(fault)


def in_views(
    requirement: str, name: str, said: str, change: Callable[[dict[str, Any]], object], **options: Unpack[Options]
) -> None:
    """Register a fault in each view of each phone call that is answered."""

    def fault(_: Request, response: Response) -> Response:
        return response.with_views(change)

    fault.__name__, fault.__doc__ = name, said
    after(requirement, **options)(fault)


def links(change: Callable[[str], str]) -> Callable[[dict[str, Any]], None]:
    def changed(call: dict[str, Any]) -> None:
        for name in ("link", "links"):
            if name in call:
                call[name]["self"] = change(call[name]["self"])

    return changed


def where_given(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda target: target.update({name: value}) if name in target else None


in_calls("CALL-001", "calls_have_no_id", "A phone call has no id.", lambda call: call.pop("id", None))
in_calls("CALL-001", "ids_are_numbers", "The id of a phone call is a number.", where_given("id", 444444))
in_calls(
    "CALL-002",
    "calls_have_no_extension",
    "A phone call does not name its extension.",
    lambda call: call.pop("extension", None),
)
in_calls(
    "CALL-002",
    "extensions_have_letters",
    "The extension of a phone call is the name of a channel.",
    where_given("extension", "SIP/0003*210"),
)
in_calls(
    "CALL-003", "owners_have_no_name", "A phone call has no `ownerName`.", lambda call: call.pop("ownerName", None)
)
in_calls("CALL-003", "owners_are_numbers", "The `ownerId` is a number.", where_given("ownerId", 3))
in_calls(
    "CALL-004",
    "published_has_no_offset",
    "The `published` of a phone call is a time without an offset.",
    where_given("published", "2012-06-27T16:08:50"),
)
in_calls(
    "CALL-004",
    "published_is_no_date",
    "The `published` of a phone call is the 30th of February.",
    where_given("published", "2012-02-30T16:08:50Z"),
)
in_calls(
    "CALL-005",
    "answered_is_a_number",
    "The `answered` of a phone call is a number of seconds.",
    where_given("answered", 1340802535),
)
in_calls(
    "CALL-006",
    "views_are_keyed",
    "The views of a phone call are an object, not an array.",
    lambda call: where_given("phoneCallView", {"01": call.get("phoneCallView")})(call),
)
in_calls("CALL-006", "there_are_no_views", "A phone call has no views.", where_given("phoneCallView", []))
in_views(
    "CALL-007", "views_have_one_id", "All views of a phone call have the same id.", lambda view: view.update(id="00")
)
in_views("CALL-007", "views_have_numbers", "The id of a view is a number.", lambda view: view.update(id=1))
in_views(
    "CALL-008",
    "views_have_no_extension",
    "A view does not name its extension.",
    lambda view: view.pop("extension", None),
)
in_views(
    "CALL-009",
    "sources_are_strings",
    "The `source` of a view is a string, not an array.",
    lambda view: view.update(source="7778888"),
)
in_views(
    "CALL-009",
    "destinations_are_addresses",
    "The `destination` of a view is a SIP address.",
    lambda view: view.update(destination=["sip:210@example.com"]),
)
in_views("CALL-010", "status_is_out_of_range", "The `status` of a view is 9.", lambda view: view.update(status=9))
in_views(
    "CALL-010", "status_is_a_word", "The `status` of a view is a word.", lambda view: view.update(status="on call")
)
in_views("CALL-010", "there_is_no_status", "A view has no `status`.", lambda view: view.pop("status", None))
in_views("CALL-011", "flow_is_unknown", "The `flow` of a view is 3.", where_given("flow", 3))
in_views(
    "CALL-012",
    "caller_ids_are_objects",
    "The `callerId` of a view is an object.",
    where_given("callerId", {"name": "John Doe", "number": "3333"}),
)
in_views(
    "CALL-012",
    "answered_views_have_no_offset",
    "The `answered` of a view is a time without an offset.",
    where_given("answered", "2012-06-27T16:08:55"),
)
in_calls(
    "CALL-013",
    "there_is_no_link",
    "A phone call has neither `link` nor `links`.",
    lambda call: (call.pop("link", None), call.pop("links", None)),
)
in_calls(
    "CALL-014",
    "links_are_relative",
    "The self link has no scheme and no host.",
    links(lambda url: "/uapi/" + url.partition("/uapi/")[2]),
)
in_calls(
    "CALL-014",
    "links_lack_the_id",
    "The self link ends with the extension.",
    links(lambda url: url.rpartition("/")[0]),
    also=("CALL-016",),
)
in_calls(
    "CALL-015",
    "links_have_two_slashes",
    "The self link has a doubled slash, which the server does not understand.",
    links(lambda url: url.replace("/uapi/", "//uapi/")),
    also=("CALL-016",),
)
in_calls(
    "CALL-016",
    "links_lead_nowhere",
    "The self link has the singular path of the misprint.",
    links(lambda url: url.replace("/phoneCalls/", "/phoneCall/")),
)
in_calls(
    "CALL-017",
    "nonces_are_null",
    "A phone call without a nonce has one that is null.",
    lambda call: call.setdefault("nonce", None) if "extension" in call else None,
)
in_views(
    "CALL-017",
    "recordings_are_null",
    "A view that is not recorded has a `recording` that is null.",
    lambda view: view.setdefault("recording", None),
    also=("REC-006",),
)
in_calls("CALL-018", "nonces_are_empty", "The nonce of a phone call is an empty string.", where_given("nonce", ""))


@after("CALL-004")
def updated_calls_have_no_published(request: Request, response: Response) -> Response | None:
    """The answer to an update has no `published`."""
    return response.with_calls(lambda call: call.pop("published", None)) if update(request) else None


@after("CALL-017")
def parked_is_null_in_lists(request: Request, response: Response) -> Response | None:
    """A view that is not parked has a `parked` that is null, in lists only."""
    return response.with_views(lambda view: view.setdefault("parked", None)) if several(request) else None


@after("CALL-050")
def one_call_comes_alone(request: Request, response: Response) -> Response | None:
    """One phone call is answered without an envelope."""
    found = one(request) and response.status == 200 and response.json["entry"]
    return response.with_json(found[0]) if found else None


@after("CALL-050")
def one_call_comes_with_its_neighbours(request: Request, response: Response) -> Response | None:
    """One phone call is answered with two entries."""
    if not one(request) or response.status != 200 or not ours(request):
        return None
    value = response.json
    return response.with_json({**value, "entry": value["entry"] * 2})


@after("CALL-051")
def an_ended_call_is_404(request: Request, response: Response) -> Response | None:
    """A GET of a phone call that does not exist is answered with 404."""
    ended = one(request) and response.status == 200 and not response.json["entry"]
    return response.with_status(404) if ended else None
