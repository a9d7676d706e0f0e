"""Reading the answers of a target, without believing that they are well-formed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from uapi.conformance.bundle import flaw
from uapi.conformance.exchange import JsonError
from uapi.conformance.finding import Failed, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uapi.conformance.exchange import Exchange


def phone_calls_of(exchange: Exchange) -> Iterator[dict[str, Any]]:
    """Yield the whole phone calls that an answer holds: none of a refusal, nor of a list reduced by `fields`."""
    response, request = exchange.response, exchange.request
    if response is None or response.status != 200 or request.operation is None or "fields=" in request.url:  # noqa: PLR2004
        return
    try:
        value = response.json()
    except JsonError:
        return
    if request.operation != "updatePhoneCall":
        value = value.get("entry") if isinstance(value, dict) else None
    for call in value if isinstance(value, list) else [value]:
        if isinstance(call, dict):
            yield call


def entries_of(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the entries of an envelope, none for a 204; raise Failed where the answer is no envelope."""
    response = exchange.response
    if response is None:
        raise Failed(f"no answer: {exchange.fault}", exchange)
    if response.status == 204:  # noqa: PLR2004 - HTTP status
        return []
    if response.status != 200:  # noqa: PLR2004 - HTTP status
        raise Failed(f"expected 200, got {response.status}", exchange)
    try:
        value = response.json()
    except JsonError as error:
        raise Unreadable(str(error), exchange) from error
    entries = value.get("entry") if isinstance(value, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Failed("the answer is no envelope with an array `entry` of objects", exchange)
    return entries


def shown_ids(exchange: Exchange) -> Iterator[str]:
    """Yield the ids of the phone calls that an answer shows, whole or reduced."""
    if exchange.response is None or exchange.response.status not in range(200, 300):
        return
    try:
        value = exchange.response.json()
    except JsonError:
        return
    entries = value.get("entry", [value]) if isinstance(value, dict) else value
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            yield entry["id"]


def error_code(exchange: Exchange) -> str | None:
    """Return the `error.code` of an answer, None where it has none that is a string."""
    try:
        value = exchange.response.json() if exchange.response else None
    except JsonError:
        return None
    error = value.get("error") if isinstance(value, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else None


def views_of(call: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the views of a phone call that are objects."""
    views = call.get("phoneCallView")
    return [view for view in views if isinstance(view, dict)] if isinstance(views, list) else []


def recordings_of(call: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the `recording` of each view of a phone call by the id of the view."""
    return {str(view.get("id")): view.get("recording") for view in views_of(call)}


def moment(value: object) -> datetime | None:
    """Return a DateTime of the contract with its own offset, or None where the value is none.

    It is not converted to UTC, which the first and the last hours of the calendar do not survive.
    """
    if not isinstance(value, str) or flaw("DateTime", value) is not None:
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def short(extension: object) -> str:
    """Return an extension in its short form: what follows the last `*` (D-33)."""
    return str(extension).rpartition("*")[2]


def self_link(call: dict[str, object]) -> str | None:
    """Return the self link of a phone call, from `link` or `links`, or None where there is none."""
    for name in ("link", "links"):
        links = call.get(name)
        if isinstance(links, dict) and isinstance(links.get("self"), str):
            return str(links["self"])
    return None


def path_of(url: str) -> str | None:
    """Return the path of an absolute http or https URL, or None where it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.path if parts.scheme in {"http", "https"} and parts.netloc else None
