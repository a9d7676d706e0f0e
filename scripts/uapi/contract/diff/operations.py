"""Compares operations: their parameters, their bodies and their responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.contract.diff import security
from uapi.contract.diff.keywords import SAID
from uapi.contract.diff.model import BOTH, CLIENTS, NOBODY, SERVERS, Effect
from uapi.contract.diff.names import quoted, subject
from uapi.contract.diff.places import operations
from uapi.contract.diff.schemas import SchemaComparer
from uapi.contract.diff.view import canonical

if TYPE_CHECKING:
    from uapi.contract.diff.collector import Collector
    from uapi.contract.diff.places import Operation, Place

FORMS: Final = ("style", "explode", "allowReserved", "allowEmptyValue")
DEFAULT_STYLES: Final = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}


def compare(out: Collector) -> None:
    """Compare all operations."""
    before, after = operations(out.old), operations(out.new)
    for key, old in before.items():
        out.operations = (old.name,)
        if key not in after:
            message = f"the operation {old.method.upper()} {old.path} is gone"
            out.keep("operation-removed", message, CLIENTS, old=old.place.tokens)
    for key, new in after.items():
        out.operations = (new.name,)
        if key in before:
            _OperationComparer(out, before[key], new).compare()
        else:
            message = f"the operation {new.method.upper()} {new.path} is new"
            out.keep("operation-added", message, SERVERS, new=new.place.tokens)
    out.operations = ()


class _OperationComparer:
    """Compares one operation; `use` of the collector follows the part that is looked at."""

    def __init__(self, out: Collector, old: Operation, new: Operation) -> None:
        self.out: Final = out
        self.old: Final = old
        self.new: Final = new
        self.name: Final = f"{new.method.upper()} {new.path}"

    def compare(self) -> None:
        self._identity()
        self.out.use = "request"
        self.schemas = SchemaComparer(self.out)
        self._parameters()
        self._body()
        self.out.use = "response"
        self.schemas = SchemaComparer(self.out)
        self._responses()
        self.out.use = None
        self._whole("callbacks")
        security.compare(self.out, self.old, self.new, self.name)

    def _identity(self) -> None:
        """Compare what names the operation; code that is generated from the contract is named by it."""
        old, new = self.old.place, self.new.place
        was, now = (place.value.get("operationId") for place in (old, new))
        if was != now:
            message = f"{self.name} is named {quoted(now)}, and was {quoted(was)}: generated code is named by it"
            self._keep("operation-renamed", message, BOTH, old, new, "operationId")
        if self.old.path != self.new.path and self.old.variables != self.new.variables:
            message = (
                f"the parameters of {self.old.path} are named as in {self.new.path}: generated code is named by them"
            )
            self.out.keep("path-renamed", message, BOTH, old=self.old.item.tokens, new=self.new.item.tokens)
        if bool(old.value.get("deprecated")) != bool(new.value.get("deprecated")):
            text = "is deprecated" if new.value.get("deprecated") else "is not deprecated any more"
            self._keep("deprecated-changed", f"{self.name} {text}", NOBODY, old, new, "deprecated")

    def _whole(self, key: str) -> None:
        old, new = self.old.place, self.new.place
        if canonical(old.value.get(key)) != canonical(new.value.get(key)):
            self._keep(f"{key}-changed", f"the {key} of {self.name} are others", BOTH, old, new, key)

    def _parameters(self) -> None:
        before, after = self.old.parameters(), self.new.parameters()
        gone = {key: place for key, place in before.items() if key not in after}
        came = {key: place for key, place in after.items() if key not in before}
        for (where, name), place in list(gone.items()):
            other = next((key for key in came if key[1] == name), None)
            if other is None:
                message = f"the {where} parameter `{place.value['name']}` of {self.name} is gone"
                breaks = CLIENTS | (SERVERS if place.value.get("required") else NOBODY)
                self.out.keep("parameter-removed", message, breaks, old=place.tokens)
            else:
                moved = came.pop(other)
                message = f"the parameter `{name}` of {self.name} moved from {where} to {other[0]}"
                self.out.keep("parameter-moved", message, BOTH, old=place.tokens, new=moved.tokens)
                self._content(place, moved)
        for (where, _), place in came.items():
            required = bool(place.value.get("required"))
            text = "required" if required else "optional"
            message = f"the {where} parameter `{place.value['name']}` of {self.name} is new, and {text}"
            self.out.keep("parameter-added", message, BOTH if required else SERVERS, new=place.tokens)
        for key in before.keys() & after.keys():
            self._parameter(before[key], after[key])

    def _parameter(self, old: Place, new: Place) -> None:
        name = f"the {new.value['in']} parameter `{new.value['name']}`"
        self._required(name, old, new)
        for form in FORMS:
            was, now = _form(old, form), _form(new, form)
            if was != now:
                message = f"the `{form}` of {name} is {quoted(now)}, and was {quoted(was)}"
                self._keep(f"{form}-changed", message, BOTH, old, new, form)
        self._said(name, old, new)
        self._content(old, new)

    def _required(self, name: str, old: Place, new: Place) -> None:
        was, now = (bool(place.value.get("required")) for place in (old, new))
        if was != now:
            effect = Effect.NARROWER if now else Effect.WIDER
            message = f"{name} is {'required now' if now else 'optional now'}"
            rule = "became-required" if now else "became-optional"
            old_at, new_at = ((*place.tokens, "required") for place in (old, new))
            self.out.add(rule, message, effect, old=old_at, new=new_at, was=was, now=now)

    def _said(self, name: str, old: Place, new: Place) -> None:
        """Compare the error code of an invalid value, and whether it is deprecated."""
        for key in ("x-error-code", "deprecated"):
            was, now = (place.value.get(key) or None for place in (old, new))
            if was == now:
                continue
            added, removed, changed = SAID[key]
            effect = added if was is None else removed if now is None else changed
            message = f"the `{key}` of {name} is {quoted(now)}, and was {quoted(was)}"
            old_at, new_at = ((*place.tokens, key) for place in (old, new))
            self.out.add(f"{key}-changed", message, effect, old=old_at, new=new_at, was=was, now=now)

    def _content(self, old: Place, new: Place) -> None:
        """Compare the schema of a parameter or a header, or its media types."""
        before, after = ("schema" in place.value for place in (old, new))
        if before and after:
            self.schemas.compare(((*old.tokens, "schema"),), ((*new.tokens, "schema"),))
        elif before or after:
            message = f"{subject(self.out.new, new.tokens)} is written as another media type"
            self.out.add("form-changed", message, Effect.DIFFERENT, old=old.tokens, new=new.tokens)
        else:
            self._media(old, new)

    def _media(self, old: Place, new: Place) -> None:
        before, after = old.named("content"), new.named("content")
        title = subject(self.out.new, new.tokens)
        for media, place in before.items():
            if media not in after:
                message = f"{title} has the media type {media} no more"
                breaks = CLIENTS if self.out.use == "request" else BOTH
                self.out.keep("media-type-removed", message, breaks, old=place.tokens)
        for media, place in after.items():
            if media not in before:
                message = f"{title} can have the media type {media}"
                self.out.add("media-type-added", message, Effect.WIDER, new=place.tokens)
                continue
            one = before[media]
            if canonical(one.value.get("encoding")) != canonical(place.value.get("encoding")):
                self._keep("encoding-changed", f"the encoding of {title} is another", BOTH, one, place, "encoding")
            if "schema" in one.value and "schema" in place.value:
                self.schemas.compare(((*one.tokens, "schema"),), ((*place.tokens, "schema"),))
            elif "schema" in one.value or "schema" in place.value:
                effect = Effect.NARROWER if "schema" in place.value else Effect.WIDER
                message = f"{title} {'has a schema' if 'schema' in place.value else 'has no schema any more'}"
                self.out.add("schema-changed", message, effect, old=one.tokens, new=place.tokens)

    def _body(self) -> None:
        old, new = self.old.place.get("requestBody"), self.new.place.get("requestBody")
        if old is not None and new is not None:
            self._required(f"the request body of {self.name}", old, new)
            self._said(f"the request body of {self.name}", old, new)
            self._media(old, new)
        elif old is not None:
            breaks = CLIENTS | (SERVERS if old.value.get("required") else NOBODY)
            self.out.keep("body-removed", f"the request body of {self.name} is gone", breaks, old=old.tokens)
        elif new is not None:
            required = bool(new.value.get("required"))
            message = f"{self.name} has a request body, which is {'required' if required else 'optional'}"
            self.out.keep("body-added", message, BOTH if required else SERVERS, new=new.tokens)

    def _responses(self) -> None:
        before, after = self.old.place.named("responses"), self.new.place.named("responses")
        for status, place in before.items():
            cover = _covering(status, after)
            at = (*self.old.place.tokens, "responses", status)
            if cover is None:
                breaks = BOTH if status.startswith("2") else SERVERS
                message = f"{self.name} is not answered with {status} any more"
                self.out.keep("response-removed", message, breaks, old=at, was=place.value.get("description"))
            elif cover != status:
                message = f"{self.name} describes the answer {status} as {cover}, and before by itself"
                self.out.keep("response-merged", message, NOBODY, old=at)
                self._response(place, after[cover])
        for status, place in after.items():
            cover = _covering(status, before)
            at = (*self.new.place.tokens, "responses", status)
            if cover is None:
                message = f"{self.name} can be answered with {status}"
                now = place.value.get("description")
                self.out.keep("response-added", message, CLIENTS, new=at, now=now)
                continue
            if status != cover:
                message = f"{self.name} describes the answer {status} by itself, and before as {cover}"
                self.out.keep("response-detailed", message, NOBODY, new=at)
            self._response(before[cover], place)

    def _response(self, old: Place, new: Place) -> None:
        self._media(old, new)
        before, after = ({name.lower(): place for name, place in side.named("headers").items()} for side in (old, new))
        title = subject(self.out.new, new.tokens)
        for name, place in before.items():
            if name not in after:
                self.out.keep("header-removed", f"{title} has no header `{name}` any more", CLIENTS, old=place.tokens)
        for name, place in after.items():
            if name in before:
                self._required(f"the header `{name}` of {title}", before[name], place)
                self._content(before[name], place)
                continue
            required = bool(place.value.get("required"))
            message = f"{title} has the header `{name}`, which is {'required' if required else 'optional'}"
            self.out.keep("header-added", message, SERVERS if required else NOBODY, new=place.tokens)

    def _keep(self, rule: str, message: str, breaks: frozenset[Any], old: Place, new: Place, key: str) -> None:
        was, now = old.value.get(key), new.value.get(key)
        self.out.keep(rule, message, breaks, old=(*old.tokens, key), new=(*new.tokens, key), was=was, now=now)


def _form(place: Place, form: str) -> object:
    """Return how a parameter is written, by default where it is not said."""
    value = place.value
    style = value.get("style", DEFAULT_STYLES.get(str(value.get("in"))))
    return {"style": style, "explode": value.get("explode", style == "form")}.get(form, bool(value.get(form)))


def _covering(status: str, responses: dict[str, Place]) -> str | None:
    """Return the key under which a status is described: itself, its range, or what is left."""
    return next((key for key in (status, f"{status[0]}XX", "default") if key in responses), None)
