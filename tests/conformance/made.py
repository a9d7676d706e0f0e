"""Requirements, exchanges and answers, made for a test."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings

from mutants.world import ROLES
from uapi.conformance.exchange import Exchange, Request, Response
from uapi.conformance.register import Requirement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uapi.conformance.target import Target

deterministic = settings(
    max_examples=100, database=None, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
"""The same examples in every run."""
JSON = (("Content-Type", "application/json"),)
REQUIREMENT = Requirement(
    id="REC-001",
    level="MUST",
    text="A recording is started.",
    source="the page",
    evidence="documented",
    pointer="/paths",
    file="openapi/openapi.yaml",
    line=7,
)
REQUEST = Request("GET", "http://127.0.0.1/uapi/phoneCalls/@me/@self", operation="listPhoneCalls")


def requirement(level: str = "MUST", **changes: Any) -> Requirement:
    return replace(REQUIREMENT, level=level, **changes)


def target(base_url: str, **changes: Any) -> Target:
    """Return the sandbox's target at another URL, with other settings."""
    return ROLES.model_copy(update={"base_url": base_url, "timeout_seconds": 5.0, **changes})


def response(value: Any = None, *, status: int = 200, body: bytes | None = None, **headers: str) -> Response:
    """Make an answer of a JSON value, or of bytes."""
    named = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Response(status, named or JSON, json.dumps(value).encode() if body is None else body)


def exchange(
    answer: Response | None = None,
    *,
    request: Request = REQUEST,
    number: int = 1,
    fault: str | None = None,
    secrets: Mapping[str, str] | None = None,
) -> Exchange:
    return Exchange(number, "checks", request, answer, fault, secrets or {})


def updated(call: Any) -> Exchange:
    """Make an exchange whose answer is the one phone call that was updated."""
    body = json.dumps(call).replace("Infinity", "1e400").encode()  # a number in JSON, and too large for Python
    return exchange(response(body=body), request=replace(REQUEST, method="PUT", operation="updatePhoneCall"))


def head_of(head: bytes) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the first line of a message's head, and its headers."""
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return first, tuple((name, value.strip()) for name, _, value in pairs)


def wire(
    body: bytes = b"{}", *, status: int = 200, content_type: str | None = "application/json", **headers: str
) -> bytes:
    """Return a well-formed answer as bytes."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    lines += [f"Content-Type: {content_type}"] if content_type else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
