from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.asked import one, several, update
from mutants.mutant import after
from mutants.world import PHONE_CALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from mutants.messages import Request, Response


def in_calls(requirement: str, name: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Register a fault in each phone call that is answered."""

    def fault(_: Request, response: Response) -> Response:
        return response.with_calls(change)

    fault.__name__ = name
    after(requirement)(fault)


def in_views(requirement: str, name: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Register a fault in each view of each phone call that is answered."""

    def fault(_: Request, response: Response) -> Response:
        return response.with_views(change)

    fault.__name__ = name
    after(requirement)(fault)


def links(change: Callable[[str], str]) -> Callable[[dict[str, Any]], None]:
    def changed(call: dict[str, Any]) -> None:
        for name in ("link", "links"):
            if name in call:
                call[name]["self"] = change(call[name]["self"])

    return changed


def where_given(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda target: target.update({name: value}) if name in target else None


in_calls("CALL-001", "calls_have_no_id", lambda call: call.pop("id", None))
in_calls("CALL-001", "ids_are_numbers", lambda call: call.update(id=444444))
in_calls("CALL-002", "calls_have_no_extension", lambda call: call.pop("extension", None))
in_calls("CALL-002", "extensions_have_letters", lambda call: call.update(extension="SIP/0003*210"))
in_calls("CALL-003", "owners_have_no_name", lambda call: call.pop("ownerName", None))
in_calls("CALL-003", "owners_are_numbers", lambda call: call.update(ownerId=3))
in_calls("CALL-004", "published_has_no_offset", lambda call: call.update(published="2012-06-27T16:08:50"))
in_calls("CALL-004", "published_is_no_date", lambda call: call.update(published="2012-02-30T16:08:50Z"))
in_calls("CALL-005", "answered_is_a_number", where_given("answered", 1340802535))
in_calls("CALL-006", "views_are_keyed", lambda call: call.update(phoneCallView={"01": call.get("phoneCallView")}))
in_calls("CALL-006", "there_are_no_views", lambda call: call.update(phoneCallView=[]))
in_views("CALL-007", "views_have_one_id", lambda view: view.update(id="00"))
in_views("CALL-007", "views_have_numbers", lambda view: view.update(id=1))
in_views("CALL-008", "views_have_no_extension", lambda view: view.pop("extension", None))
in_views("CALL-009", "sources_are_strings", lambda view: view.update(source="7778888"))
in_views("CALL-009", "destinations_are_addresses", lambda view: view.update(destination=["sip:210@example.com"]))
in_views("CALL-010", "status_is_out_of_range", lambda view: view.update(status=9))
in_views("CALL-010", "status_is_a_word", lambda view: view.update(status="on call"))
in_views("CALL-010", "there_is_no_status", lambda view: view.pop("status", None))
in_views("CALL-011", "flow_is_unknown", where_given("flow", 3))
in_views("CALL-012", "caller_ids_are_objects", where_given("callerId", {"name": "John Doe", "number": "3333"}))
in_views("CALL-012", "answered_views_have_no_offset", where_given("answered", "2012-06-27T16:08:55"))
in_calls("CALL-013", "there_is_no_link", lambda call: (call.pop("link", None), call.pop("links", None)))
in_calls("CALL-014", "links_are_relative", links(lambda url: "/uapi/" + url.partition("/uapi/")[2]))
in_calls("CALL-014", "links_lack_the_id", links(lambda url: url.rpartition("/")[0]))
in_calls("CALL-015", "links_have_two_slashes", links(lambda url: url.replace("/uapi/", "//uapi/")))
in_calls("CALL-016", "links_lead_nowhere", links(lambda url: url.replace("/phoneCalls/", "/phoneCall/")))
in_calls("CALL-017", "nonces_are_null", lambda call: call.update(nonce=None))
in_views("CALL-017", "recordings_are_null", lambda view: view.setdefault("recording", None))
in_calls("CALL-018", "nonces_are_empty", lambda call: call.update(nonce=""))


@after("CALL-017")
def answered_is_null_until_then(request: Request, response: Response) -> Response | None:
    return response.with_views(lambda view: view.setdefault("parked", None)) if several(request) else None


@after("CALL-004")
def updated_calls_have_no_published(request: Request, response: Response) -> Response | None:
    return response.with_calls(lambda call: call.pop("published", None)) if update(request) else None


@after("CALL-050")
def one_call_comes_alone(request: Request, response: Response) -> Response | None:
    found = one(request) and response.status == 200 and response.json["entry"]
    return response.with_json(found[0]) if found else None


@after("CALL-050")
def one_call_comes_with_its_neighbours(request: Request, response: Response) -> Response | None:
    if not one(request) or response.status != 200 or request.call != PHONE_CALL.id:
        return None
    value = response.json
    return response.with_json({**value, "entry": value["entry"] * 2})


@after("CALL-051")
def an_ended_call_is_404(request: Request, response: Response) -> Response | None:
    ended = one(request) and response.status == 200 and not response.json["entry"]
    return response.with_status(404) if ended else None
