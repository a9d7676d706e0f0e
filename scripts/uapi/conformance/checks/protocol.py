"""Checks of HTTP and ERR: statuses, media types, JSON, and the error body."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import recordings_of
from uapi.conformance.bundle import statuses
from uapi.conformance.checks import expect
from uapi.conformance.checks.registry import check, observe
from uapi.conformance.exchange import JsonError
from uapi.conformance.finding import Failed
from uapi.conformance.place import UNKNOWN_METHOD, Place

if TYPE_CHECKING:
    from uapi.conformance.exchange import Exchange, Response
    from uapi.conformance.probe import Probe

OK: Final = 200
NO_CONTENT: Final = 204
METHOD_NOT_ALLOWED: Final = 405
SERVER_ERROR: Final = 500
NOT_IMPLEMENTED: Final = 501
ERRORS: Final = range(400, 600)
SINGLE: Final = (
    "age",
    "content-length",
    "content-location",
    "content-range",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "location",
    "retry-after",
)
"""Headers whose value is not a list (RFC 9110)."""
NOT_JSON: Final = ("text/plain", "application/x-www-form-urlencoded", "application/xml", None)
JSON_BY_OTHER_NAMES: Final = ("application/json; charset=utf-8", "Application/JSON", 'application/json;charset="UTF-8"')


@observe("HTTP-001")
def a_200_is_json(exchange: Exchange) -> bool:
    """The media type of an answer with a body."""
    response = exchange.response
    if response is None or response.status != OK:
        return False
    _declared_json(response, exchange)
    return True


def _declared_json(response: Response, exchange: Exchange) -> None:
    """Expect that an answer is declared as JSON; that it says so once only is the business of HTTP-014."""
    values = [value for name, value in response.headers if name.lower() == "content-type"]
    types = sorted({value.partition(";")[0].strip().lower() for value in values})
    if types != ["application/json"]:
        named = " and ".join(types) or "missing"
        raise Failed(f"the media type is {named}, not application/json", exchange)


@observe("HTTP-002")
def bodies_are_json(exchange: Exchange) -> bool:
    """Every body is well-formed JSON; one that is not UTF-8 is the business of HTTP-013."""
    response = exchange.response
    if response is None or (not response.body and response.status != OK) or _not_utf8(response.body):
        return False
    try:
        response.json()
    except JsonError as error:
        raise Failed(str(error), exchange) from error
    return True


@observe("HTTP-004")
def the_server_does_not_fail(exchange: Exchange) -> bool:
    """No 5xx but 501, and no connection closed without an answer."""
    if exchange.response is None:
        raise Failed(f"no answer: {exchange.fault}", exchange)
    if exchange.response.status >= SERVER_ERROR and exchange.response.status != NOT_IMPLEMENTED:
        raise Failed(f"the request was answered with {exchange.response.status}", exchange)
    return True


@check("HTTP-005")
def an_unknown_method_is_refused(probe: Probe) -> None:
    """A method that the contract does not have, on each path (D-12)."""
    places = [probe.place]
    if probe.target.features.list:
        places.append(Place("@me", probe.place.extension))
    for place in places:
        exchange = probe.session.send(probe.request(UNKNOWN_METHOD, place, operation=None))
        expect.refusal(exchange, {METHOD_NOT_ALLOWED, NOT_IMPLEMENTED})


@observe("HTTP-006", otherwise="the target answers no request with 405")
def a_405_names_the_methods(exchange: Exchange) -> bool:
    """A 405 has `Allow`."""
    response = exchange.response
    if response is None or response.status != METHOD_NOT_ALLOWED:
        return False
    if not response.header("allow"):
        raise Failed("the 405 answer has no Allow header", exchange)
    return True


@check("HTTP-007")
def a_body_that_is_not_json_is_refused(probe: Probe) -> None:
    """A valid action under another media type, and under none (D-14)."""
    body = json.dumps({"action": "StartRecording", "phoneCallViewId": probe.view}).encode()
    probe.quiet()
    before = probe.recordings() if probe.target.features.get else {}
    for media_type in NOT_JSON:
        headers = [("Content-Type", media_type)] if media_type else []
        exchange = probe.update(body, headers=headers)
        expect.refusal(exchange, {400, 415})
        if before and probe.recordings() != before:
            raise Failed(f"the refused body, declared as {media_type}, changed a recording", exchange)


@check("HTTP-008")
def json_by_other_names_is_accepted(probe: Probe) -> None:
    """A `charset` parameter changes nothing, nor does the case of the letters."""
    for media_type in JSON_BY_OTHER_NAMES:
        probe.quiet()
        body = {"action": "StartRecording", "phoneCallViewId": probe.view}
        exchange = probe.update(body, headers=[("Content-Type", media_type)])
        if recordings_of(expect.updated(probe, exchange)).get(probe.view) is None:
            raise Failed(f"the body, declared as {media_type}, recorded nothing", exchange)


@observe("HTTP-009")
def members_are_unique(exchange: Exchange) -> bool:
    """No object has two members of one name."""
    response = exchange.response
    if response is None or not response.body:
        return False
    duplicates: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in items]
        duplicates.extend(name for name in names if names.count(name) > 1)
        return dict(items)

    try:
        json.loads(response.body.decode("utf-8"), object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        return False
    if duplicates:
        raise Failed(f"an object has the member {duplicates[0]!r} twice", exchange)
    return True


@observe("HTTP-010")
def statuses_are_documented(exchange: Exchange) -> bool:
    """The status is one that the contract documents for the operation; a server error is the business of HTTP-004."""
    response, operation = exchange.response, exchange.request.operation
    if response is None or operation is None or response.status >= SERVER_ERROR:
        return False
    if response.status not in statuses(operation):
        raise Failed(f"the status {response.status} is not documented for {operation}", exchange)
    return True


@observe("HTTP-013")
def bodies_are_utf8(exchange: Exchange) -> bool:
    """Every body is UTF-8, without a byte order mark."""
    response = exchange.response
    if response is None or not response.body:
        return False
    if (found := _not_utf8(response.body)) is not None:
        raise Failed(f"the body {found}", exchange)
    return True


def _not_utf8(body: bytes) -> str | None:
    """Return what keeps a body from being UTF-8 as JSON wants it, or None."""
    if body.startswith(BOM_UTF8):
        return "begins with a byte order mark"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"is not UTF-8 at byte {error.start}"
    return None


@observe("HTTP-014")
def headers_are_not_repeated(exchange: Exchange) -> bool:
    """No header whose value is not a list comes twice (D-49)."""
    response = exchange.response
    if response is None:
        return False
    names = Counter(name.lower() for name, _ in response.headers)
    for name in SINGLE:
        if names[name] > 1:
            values = [repr(value) for key, value in response.headers if key.lower() == name]
            raise Failed(f"the answer has {name} {len(values)} times: {', '.join(values)}", exchange)
    return True


@observe("ERR-001")
def errors_have_the_error_body(exchange: Exchange) -> bool:
    """Every 4xx and 5xx has an object with the object `error`."""
    if (response := exchange.response) is None or response.status not in ERRORS:
        return False
    expect.error(exchange)
    return True


@observe("ERR-002")
def errors_have_a_code(exchange: Exchange) -> bool:
    """`error.code` is a string that is not empty."""
    return _error_member(exchange, "code")


@observe("ERR-003")
def errors_have_a_message(exchange: Exchange) -> bool:
    """`error.message` is a string that is not empty."""
    return _error_member(exchange, "message")


@observe("ERR-004")
def errors_are_json(exchange: Exchange) -> bool:
    """The media type of an error body."""
    if (response := exchange.response) is None or response.status not in ERRORS:
        return False
    _declared_json(response, exchange)
    return True


@observe("ERR-006", otherwise="the target answers no request with 501")
def a_501_has_its_code(exchange: Exchange) -> bool:
    """What is not implemented says so."""
    if (response := exchange.response) is None or response.status != NOT_IMPLEMENTED:
        return False
    if (code := expect.error(exchange).get("code")) != "request_not_implemented":
        raise Failed(f"the code of the 501 answer is {code!r}", exchange)
    return True


def _error_member(exchange: Exchange, name: str) -> bool:
    if (response := exchange.response) is None or response.status not in ERRORS:
        return False
    try:
        value = response.json()
    except JsonError:
        return False
    error = value.get("error") if isinstance(value, dict) else None
    if not isinstance(error, dict):
        return False
    if not isinstance(error.get(name), str) or not error[name]:
        raise Failed(f"error.{name} is {error.get(name)!r}, no string with content", exchange)
    return True
