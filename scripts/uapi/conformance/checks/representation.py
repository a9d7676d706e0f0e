"""Checks of CALL that observe: what a phone call looks like, in every answer of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from uapi.conformance.answers import (
    moment,
    path_of,
    phone_calls_of,
    self_link,
    views_of,
)
from uapi.conformance.bundle import flaw
from uapi.conformance.checks import expect
from uapi.conformance.checks.registry import check, observe
from uapi.conformance.finding import Failed, NotExercised
from uapi.conformance.place import ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from uapi.conformance.checks.registry import Observation
    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

OPTIONAL_OF_A_VIEW = {
    "callerId": "CallerId",
    "ringing": "DateTime",
    "answered": "DateTime",
    "parked": "DateTime",
    "parkedPos": "WholeNumber",
    "parkedBy": "ExtensionNumber",
    "onHold": "DateTime",
    "holder": "WholeNumber",
    "disposition": "Disposition",
}


def of_calls(judge: Callable[[dict[str, Any]], str | None]) -> Observation:
    """Make an observation of a judgement on one phone call, which is what is wrong with it, or None."""

    def observed(exchange: Exchange) -> bool:
        applied = False
        for call in phone_calls_of(exchange):
            applied = True
            if (complaint := judge(call)) is not None:
                raise Failed(f"phone call {call.get('id')!r}: {complaint}", exchange)
        return applied

    observed.__doc__ = judge.__doc__
    return observed


def of_views(judge: Callable[[dict[str, Any]], str | None]) -> Observation:
    """Make an observation of a judgement on one view, which is what is wrong with it, or None."""

    def each(call: dict[str, Any]) -> str | None:
        for view in views_of(call):
            if (complaint := judge(view)) is not None:
                return f"view {view.get('id')!r}: {complaint}"
        return None

    each.__doc__ = judge.__doc__
    return of_calls(each)


def member(schema: str, name: str, value: dict[str, Any], *, required: bool = True) -> str | None:
    """Return what is wrong with a member of an object, or None. A null is the business of CALL-017 alone."""
    if name not in value:
        return f"it lacks {name}" if required else None
    if value[name] is None and not required:
        return None
    found = flaw(schema, value[name])
    return f"{name} is {value[name]!r}, which is no {schema}" if found else None


@observe("CALL-001")
@of_calls
def a_call_has_an_id(call: dict[str, Any]) -> str | None:
    """The id is an alphanumeric string."""
    return member("PhoneCallId", "id", call)


@observe("CALL-002")
@of_calls
def a_call_has_an_extension(call: dict[str, Any]) -> str | None:
    """The extension that is charged is a number."""
    return member("ExtensionNumber", "extension", call)


@observe("CALL-003")
@of_calls
def a_call_has_an_owner(call: dict[str, Any]) -> str | None:
    """The organization is named by id and by name."""
    if (complaint := member("UserId", "ownerId", call)) is not None:
        return complaint
    return None if isinstance(call.get("ownerName"), str) else "it lacks the string ownerName"


@observe("CALL-004")
@of_calls
def a_call_was_published(call: dict[str, Any]) -> str | None:
    """The time at which it entered the system."""
    return member("DateTime", "published", call)


@observe("CALL-005", otherwise="no phone call of any answer has been answered")
def answered_is_a_time(exchange: Exchange) -> bool:
    """The time at which it was answered, where it was."""
    calls = [call for call in phone_calls_of(exchange) if call.get("answered") is not None]
    for call in calls:
        if moment(call["answered"]) is None:
            raise Failed(f"phone call {call.get('id')!r}: answered is {call['answered']!r}, no dateTime", exchange)
    return bool(calls)


@observe("CALL-006")
@of_calls
def a_call_has_views(call: dict[str, Any]) -> str | None:
    """At least one view, each an object."""
    views = call.get("phoneCallView")
    if not isinstance(views, list) or not views or len(views_of(call)) != len(views):
        return "phoneCallView is no array of at least one object"
    return None


@observe("CALL-007")
@of_calls
def views_have_ids(call: dict[str, Any]) -> str | None:
    """Each view has an id that no other view of the call has."""
    for view in views_of(call):
        if (complaint := member("PhoneCallViewId", "id", view)) is not None:
            return complaint
    ids = [view["id"] for view in views_of(call)]
    return None if len(set(ids)) == len(ids) else f"two of the views {ids} have one id"


@observe("CALL-008")
@of_views
def views_have_extensions(view: dict[str, Any]) -> str | None:
    """Each view names its extension."""
    return member("ExtensionNumber", "extension", view)


@observe("CALL-009")
@of_views
def views_have_parties(view: dict[str, Any]) -> str | None:
    """Source and destination are arrays of numbers."""
    for name in ("source", "destination"):
        value = view.get(name)
        if not isinstance(value, list):
            return f"{name} is {value!r}, no array"
        if any(flaw("PhoneNumber", item) for item in value):
            return f"{name} is {value!r}, not all of them numbers"
    return None


@observe("CALL-010")
@of_views
def views_have_a_status(view: dict[str, Any]) -> str | None:
    """The status is one of 0 to 5 (D-21)."""
    return member("PhoneCallStatus", "status", view)


@observe("CALL-011", otherwise="no view of any answer tells its flow")
def flow_is_known(exchange: Exchange) -> bool:
    """The flow, where it is given, is 2, 4 or 8 (D-21)."""
    applied = False
    for call in phone_calls_of(exchange):
        for view in views_of(call):
            applied = applied or "flow" in view
            if (complaint := member("PhoneCallFlow", "flow", view, required=False)) is not None:
                raise Failed(f"phone call {call.get('id')!r}: view {view.get('id')!r}: {complaint}", exchange)
    return applied


@observe("CALL-012", otherwise="no view of any answer has an optional field")
def optional_fields_have_their_types(exchange: Exchange) -> bool:
    """Each optional field of a view, where it is given, has its documented type."""
    applied = False
    for call in phone_calls_of(exchange):
        for view in views_of(call):
            for name, schema in OPTIONAL_OF_A_VIEW.items():
                applied = applied or name in view
                if (complaint := member(schema, name, view, required=False)) is not None:
                    raise Failed(f"phone call {call.get('id')!r}: view {view.get('id')!r}: {complaint}", exchange)
    return applied


@observe("CALL-013")
@of_calls
def a_call_has_a_self_link(call: dict[str, Any]) -> str | None:
    """In `link` or in `links` (D-20)."""
    return None if self_link(call) is not None else "it has neither link.self nor links.self"


@observe("CALL-014")
@of_calls
def the_self_link_is_absolute(call: dict[str, Any]) -> str | None:
    """An absolute URL whose path ends with the id of the call."""
    for name in ("link", "links"):
        links = call.get(name)
        if not isinstance(links, dict) or "self" not in links:
            continue
        path = path_of(str(links["self"]))
        if path is None:
            return f"{name}.self is {links['self']!r}, no absolute URL"
        if unquote(path).rstrip("/").rpartition("/")[2] != call.get("id"):
            return f"{name}.self is {links['self']!r}, which does not end with the id"
    return None


@observe("CALL-015")
@of_calls
def the_self_link_has_single_slashes(call: dict[str, Any]) -> str | None:
    """The page's example has a doubled slash, the resource page has not (D-20)."""
    path = path_of(self_link(call) or "") or ""
    return "the path of the self link has a doubled slash" if "//" in path else None


@check("CALL-016")
def the_self_link_leads_to_the_call(probe: Probe) -> None:
    """A GET of the self link's path, on the target itself, returns the call, wherever the link was shown."""
    phone_call = str(probe.place.phone_call)
    calls = [expect.only_entry(probe.get(), phone_call)]
    if probe.target.features.list:
        calls += [call for call in phone_calls_of(probe.list(query=ALL)) if call.get("id") == phone_call]
    paths = [path for call in calls if (path := path_of(self_link(call) or "")) is not None]
    if not paths:
        raise NotExercised("the phone call has no absolute self link")
    base = urlsplit(probe.target.base_url)
    request = probe.request("GET", probe.place, operation="getPhoneCall")
    for path in dict.fromkeys(paths):
        # What is answered elsewhere is no answer of the operation.
        operation = request.operation if path.startswith(f"{base.path}/phoneCalls/") else None
        followed = replace(request, url=f"{base.scheme}://{base.netloc}{path}", operation=operation)
        expect.only_entry(probe.session.send(followed), phone_call)


@observe("CALL-017")
@of_calls
def nothing_is_null(call: dict[str, Any]) -> str | None:
    """A field without a value is left out (D-23)."""
    nulls = next(_nulls(call), None)
    return None if nulls is None else f"{nulls} is null"


@observe("CALL-018", otherwise="no phone call of any answer has a nonce")
def a_nonce_is_a_string(exchange: Exchange) -> bool:
    """The nonce, where it is given, is a string that is not empty."""
    calls = [call for call in phone_calls_of(exchange) if call.get("nonce") is not None]
    for call in calls:
        if not isinstance(call["nonce"], str) or not call["nonce"]:
            raise Failed(f"phone call {call.get('id')!r}: nonce is {call['nonce']!r}", exchange)
    return bool(calls)


def _nulls(value: object, path: str = "") -> Iterator[str]:
    match value:
        case None:
            yield path
        case dict():
            for name, item in value.items():
                yield from _nulls(item, f"{path}.{name}" if path else str(name))
        case list():
            for index, item in enumerate(value):
                yield from _nulls(item, f"{path}[{index}]")
        case _:
            pass
