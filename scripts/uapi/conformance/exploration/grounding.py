"""Grounds generated requests: what the contract allows becomes real, what it refuses stays, and is known by name.

A random id would only ever show how unknown ids are refused. What is wrong with a request after grounding is known,
and with it what the answer has to be. A case of which that cannot be said is dropped, with the reason.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from uapi.conformance.exchange import JsonError, parse_json
from uapi.conformance.exploration.explored import ACTIONS
from uapi.conformance.exploration.flaw import Flaw, flawed, not_found
from uapi.conformance.exploration.inputs import Fault, inputs
from uapi.conformance.exploration.request import GET, LIST, UPDATE, Grounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uapi.conformance.exploration.inputs import Key
    from uapi.conformance.place import Place
    from uapi.conformance.probe import Probe

UNKNOWN_LENGTH: Final = 24
"""Well-formed ids of this length that were generated name nothing; a shorter one may name something that is real."""
MADE_UP: Final = "nosuch"
"""How an id begins that is made up to name no phone call; the guard of the session lets updates of such ids pass."""
AMBIGUOUS_SEGMENTS: Final = ("/", "\\", "\0")
INTEGERS: Final = ("count", "startIndex")
FIELDS: Final = "fields"
VIEW: Final = ("StartRecording", "phoneCallViewId")
LONGEST: Final = 2048
EXAMPLE: Final = "b817d2618fe6f1804333"
"""The phone call of the documentation, which is the example of the contract."""


class Unclear(Exception):  # noqa: N818 - it carries a reason, not an error
    """A generated case of which the contract does not say how it is answered."""


def ground(operation: str, case: Any, place: Place, probe: Probe) -> Grounded:  # noqa: ANN401 - a case of schemathesis
    """Return a generated case with real values; raise Unclear where the contract does not tell the answer to it."""
    grounded = _addressed(operation, case.path_parameters or {}, place)
    if operation == UPDATE:
        return _with_body(grounded, case.body, probe)
    # What is not documented is left out: the contract does not say that it is ignored, nor that it is refused.
    documented = {FIELDS} if operation == GET else {name for within, name in inputs() if within == "query"}
    return _with_query(grounded, {name: value for name, value in (case.query or {}).items() if name in documented})


def _addressed(operation: str, generated: Mapping[str, Any], real: Place) -> Grounded:
    """Put real values in the place of those segments of a path that are allowed."""
    flaws: list[Flaw] = []

    def segment(name: str, allowed: str) -> str:
        # Generated segments are percent-encoded already.
        value = unquote(str(generated.get(name, allowed)))
        if _ambiguous(value):
            raise Unclear("a segment of the path that a client or a server may normalize away")
        key = ("path", name)
        fault = _segment_fault(key, value)
        if fault is None:
            return allowed
        flaws.append(flawed(key, fault))
        return value

    extension = segment("extension", real.extension)
    # Who the owner of an extension is that does not exist, nobody can tell: then the user is the caller.
    user = segment("userId", "@me" if flaws else real.user)
    phone_call = real.phone_call
    if operation != LIST:
        known = len(flaws)
        phone_call = segment("phoneCallId", str(real.phone_call))
        if operation == UPDATE and [flaw.requirement for flaw in flaws[known:]] == ["ADDR-012"]:
            # An update goes to no id that could be real, however improbable that is.
            phone_call = MADE_UP + phone_call[len(MADE_UP) :]
        if operation == GET:
            flaws[known:] = [not_found(flaw) for flaw in flaws[known:]]
    return Grounded(operation, replace(real, user=user, extension=extension, phone_call=phone_call), flaws=tuple(flaws))


def _segment_fault(key: Key, value: str) -> Fault | None:
    """Return what is wrong with a segment, None where it is to be a real one. One that is only too long is unknown."""
    if not inputs()[key].allows(value[:UNKNOWN_LENGTH]):
        return Fault.MALFORMED
    return Fault.UNKNOWN if len(value) >= UNKNOWN_LENGTH else None


def _ambiguous(segment: str) -> bool:
    return segment in {"", ".", ".."} or any(character in segment for character in AMBIGUOUS_SEGMENTS)


def _with_query(grounded: Grounded, generated: Mapping[str, Any]) -> Grounded:
    """Add the parameters of a generated query as text, and what is wrong with them."""
    query = {name: _text(name, value) for name, value in generated.items()}
    if query.get("filterBy") == "id" and query.get("filterValue") == EXAMPLE:
        query["filterValue"] = str(grounded.place.phone_call)
    flaws = [flawed(("query", name), Fault.MALFORMED) for name, text in query.items() if not _valid(name, text)]
    if query.get("filterBy") == "published" and _no_date(query):
        flaws.append(flawed(("query", "filterValue"), Fault.MALFORMED))
    return grounded.but(query=query, flaws=(*grounded.flaws, *flaws))


def _text(name: str, value: object) -> str:
    if isinstance(value, (list, dict)) and name != FIELDS:
        raise Unclear("a parameter that is sent twice, which every stack reads in another way")
    text = ",".join(str(item) for item in value) if isinstance(value, list) else str(value)
    if not text or not text.isprintable() or text != text.strip():
        # An empty value and a lone surrogate are read differently by every stack, and the source is silent.
        raise Unclear("a parameter whose value is empty or not printable")
    if len(text) > LONGEST:
        raise Unclear("a parameter that is longer than any requirement speaks of")
    return text


def _valid(name: str, text: str) -> bool:
    allowed = inputs()["query", name].allows
    if name in INTEGERS:
        if text.isascii() and text.isdigit():
            return allowed(int(text))
        if _whole(text):
            raise Unclear("a whole number that is written in another way")
        return False
    if name == FIELDS:
        items = text.split(",")
        known = all(allowed([item]) for item in items)
        if not all(items) or (known and not allowed(items)):
            raise Unclear("a list with an empty item, or with more items than there are")
        return known
    return allowed(text)


def _whole(text: str) -> bool:
    try:
        return float(text).is_integer() and float(text) >= 0
    except ValueError:
        return False


def _no_date(query: Mapping[str, str]) -> bool:
    """Tell whether a date is compared with what cannot be one: no date is without a digit."""
    value, compared = query.get("filterValue"), query.get("filterOp", "equals")
    dated = compared in {"equals", "greaterThan", "lessThan"}
    return dated and value is not None and not any(character.isdigit() for character in value)


def _with_body(grounded: Grounded, generated: object, probe: Probe) -> Grounded:
    """Add a generated body, an allowed view the real one, and what is wrong with it."""
    if type(generated).__name__ == "NotSet":  # schemathesis exports no name for a body that is left out
        return grounded.but(body=b"", flaws=(*grounded.flaws, Flaw("REC-019")))
    if isinstance(generated, bytes):
        try:
            generated = parse_json(generated)
        except JsonError:
            return grounded.but(body=generated, flaws=(*grounded.flaws, Flaw("REC-019")))
    try:
        json.dumps(generated, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise Unclear("a body that is no JSON value") from error
    if not isinstance(generated, dict):
        return grounded.but(body=generated, flaws=(*grounded.flaws, Flaw("REC-020")))
    body = dict(generated)
    view = body.get("phoneCallViewId")
    if isinstance(view, str) and len(view) < UNKNOWN_LENGTH and inputs()[VIEW].allows(view):
        body["phoneCallViewId"] = probe.view
    if body.get("action") == "StopRecording" and (
        not probe.target.features.stop_recording
        or (str(probe.place.phone_call), probe.view) in probe.session.guard.foreign
    ):
        raise Unclear("an action that the target does not offer, or that would stop what somebody else records")
    return grounded.but(body=body, flaws=(*grounded.flaws, *_wrong_members(body, probe.view)))


def _wrong_members(body: Mapping[str, Any], real: str) -> Iterator[Flaw]:
    action = body.get("action")
    if "action" not in body:
        yield Flaw("REC-021")
    elif action not in ACTIONS:
        yield Flaw("REC-022", statuses=frozenset({400, 501}))
    else:
        yield from _wrong_view((action, "phoneCallViewId"), body, real)
        if action == "StartRecording" and "format" in body:
            yield from _wrong_format((action, "format"), body["format"])


def _wrong_view(key: Key, body: Mapping[str, Any], real: str) -> Iterator[Flaw]:
    view = body.get(key[1])
    if key[1] not in body:
        yield flawed(key, Fault.MISSING)
    elif not isinstance(view, str):
        yield flawed(key, Fault.TYPE)
    elif not view:
        yield flawed(key, Fault.EMPTY)
    elif not inputs()[key].allows(view[:UNKNOWN_LENGTH]):
        yield flawed(key, Fault.MALFORMED)
    elif view != real:
        yield flawed(key, Fault.UNKNOWN)


def _wrong_format(key: Key, value: object) -> Iterator[Flaw]:
    if not isinstance(value, str):
        yield flawed(key, Fault.TYPE)
    elif not inputs()[key].allows(value):
        yield flawed(key, Fault.MALFORMED if value else Fault.EMPTY)
