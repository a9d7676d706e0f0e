"""What a request asks for, as mutants tell requests apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mutants.messages import Request


def update(request: Request) -> bool:
    return request.method == "PUT"


def starts(request: Request) -> bool:
    return update(request) and request.action == "StartRecording"


def stops(request: Request) -> bool:
    return update(request) and request.action == "StopRecording"


def one(request: Request) -> bool:
    return request.method == "GET" and request.call is not None


def several(request: Request) -> bool:
    return request.method == "GET" and request.call is None


def user(request: Request) -> str:
    return request.segments[0]


def extension(request: Request) -> str:
    return request.segments[1]
