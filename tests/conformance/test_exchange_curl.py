"""The curl of an exchange repeats its request: it is run, and what arrives is compared with what the kit sends."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.loopback import Received, recording, serving
from conformance.made import deterministic, target, wire
from mutants.world import ROLES
from uapi.conformance.engine import decide
from uapi.conformance.exchange import Request
from uapi.conformance.place import Place
from uapi.conformance.register import register
from uapi.conformance.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mutants.laboratory import Laboratory
    from uapi.conformance.exchange import Headers

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on PATH")

OWN = {"host", "user-agent", "accept", "accept-encoding", "connection", "content-length", "expect"}
"""Headers that each client has in its own way."""
TOKEN = 'tok$HOME`id`"x\\y'
CALLER = "UAPI_CALLER_TOKEN"
JSON = ("Content-Type", "application/json")
NO_CALL = "/uapi/phoneCalls/@me/@self/nosuchphonecall"
"""Where an update may be sent to that is about no phone call."""
AWKWARD = ["'", '"', "$", "`", "\\", "\n", "\r\n", "!", "$(id)", "${HOME}", "%", "é", "\U0001f4de", "\t", "&", "'\"'"]
TEXT = st.lists(st.sampled_from(AWKWARD) | st.characters(codec="utf-8", exclude_characters="\0"), max_size=12).map(
    "".join
)
SEGMENT = TEXT.filter(lambda text: text not in {"", ".", ".."})
HAND_MADE: dict[str, Request] = {
    "a body in quotes": Request("PUT", NO_CALL, (JSON,), b"'{\"a\": 'b'}'"),
    "a body of lines": Request("PUT", NO_CALL, (JSON,), b"\n{\n\r\n}\n\n"),
    "a body for a shell": Request("PUT", NO_CALL, (JSON,), b"$HOME ${HOME} $(id) `id` $UAPI_CALLER_TOKEN"),
    "a body of backslashes": Request("PUT", NO_CALL, (JSON,), rb"\ \\ \n \" \' \$"),
    "a body with another alphabet": Request("PUT", NO_CALL, (JSON,), "æøå \U0001f4de".encode()),
    "an empty body": Request("PUT", NO_CALL, (JSON,), b""),
    "a body without a media type": Request("PUT", NO_CALL, (), b"{}"),
    "a body of a form": Request("PUT", NO_CALL, (("Content-Type", "application/x-www-form-urlencoded"),), b"a=b"),
    "a body with a token": Request("PUT", NO_CALL, (JSON,), f'{{"t": "{TOKEN}", "u": "$x`y`"}}'.encode()),
    # A letter after a variable must not become a part of its name.
    "a body with a token before a letter": Request("PUT", NO_CALL, (JSON,), f"{TOKEN}abc {TOKEN}_".encode()),
    # curl would take what follows for the name of a file.
    "a body that begins with @": Request("PUT", NO_CALL, (JSON,), b"@nosuchfile"),
    "a body that is no UTF-8": Request("PUT", NO_CALL, (JSON,), b'{"action": "\xff"}'),
    "a raw path": Request("GET", "/uapi/phoneCalls/@me/0003*210/a"),
    "an encoded path": Request("GET", "/uapi/phoneCalls/%40me/0003%2A210/a"),
    "a path with dots": Request("GET", "/uapi" + Place("...", "..x", "x.y").path()),
    "a path with brackets": Request("GET", "/uapi" + Place("{a,b}", "[1-3]", "a").path()),
    "a path with a quote": Request("GET", "/uapi" + Place("o'hara", "$HOME", "`id`").path()),
    "a query": Request("GET", "/uapi/phoneCalls/@me/@self?fields=id,phoneCallView&filterValue=a%20b+c&x=*"),
    "a token in the header": Request("GET", "/x", (("Authorization", f"Bearer {TOKEN}"),)),
    # The variable has the token as it is, not percent-encoded.
    "a token in the query": Request("GET", "/x?" + urlencode({"accessRequestToken": TOKEN})),
    "another method": Request("PATCH", NO_CALL, ()),
    "headers with quotes": Request("GET", "/x", (("X-One", 'it\'s "$HOME" `id` \\'), ("X-One", "again"))),
    # curl leaves a header without a value out, unless it is spelled in a way of its own.
    "a header without a value": Request("GET", "/x", (("Authorization", ""),)),
}


Message = tuple[str, str, bytes, list[tuple[str, str]]]


def arrived(request: Received) -> Message:
    """Return what a request says, apart from what every client says in its own way."""
    headers = [(name.lower(), value) for name, value in request.headers if name.lower() not in OWN]
    # The letters of a percent-encoding mean the same in either case (RFC 3986, 6.2.2.1).
    path = re.sub("%[0-9A-Fa-f]{2}", lambda octet: octet[0].upper(), request.path)
    return request.method, path, request.body, sorted(headers)


def own_token(headers: Headers) -> Headers:
    """Put the token of this test in the place of the caller's of the sandbox."""
    caller = f"Bearer {ROLES.caller.token}"
    return tuple((name, f"Bearer {TOKEN}" if value == caller else value) for name, value in headers)


class Recorder:
    """A server that tells what the kit sent apart from what its curl sent."""

    def __init__(self, base_url: str, received: list[Received]) -> None:
        self._received = received
        self._url = base_url.removesuffix("/uapi")
        self._target = target(base_url)
        self._target = target(base_url, caller=self._target.caller.model_copy(update={"token": TOKEN}))

    def differences(self, requests: Iterable[Request]) -> list[Difference]:
        """Send requests, run the curl of each, and return what arrived otherwise. URLs are paths on this server."""
        found = []
        with Session(self._target) as session:
            for request in requests:
                self._received.clear()
                exchange = session.send(replace(request, url=self._url + request.url))
                assert exchange.fault is None
                done = subprocess.run(  # noqa: S603 - what is tested
                    ["sh", "-c", exchange.curl],  # noqa: S607 - whichever sh there is
                    env={**os.environ, CALLER: TOKEN},
                    capture_output=True,
                    check=False,
                )
                messages = [arrived(request) for request in self._received]
                if done.returncode or done.stderr or len(messages) != 2 or messages[0] != messages[1]:
                    found.append(Difference(exchange.curl, done.stderr.decode(), messages))
        return found


@dataclass(frozen=True)
class Difference:
    """A curl that does not repeat its request."""

    curl: str
    stderr: str
    messages: list[Message]


SENT_BY = [
    "ADDR-007",
    "ADDR-008",
    "ADDR-013",
    "AUTH-004",
    "HTTP-005",
    "HTTP-007",
    "HTTP-008",
    "REC-014",
    "REC-018",
    "REC-019",
    "REC-020",
]
"""Requirements whose checks send requests of unusual kinds."""


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    received: list[Received] = []
    with serving(recording(wire(), received)) as server:
        yield Recorder(server.base_url, received)


@pytest.mark.parametrize("request_", [pytest.param(request, id=name) for name, request in HAND_MADE.items()])
def test_curl_repeats_a_request(request_: Request, recorder: Recorder) -> None:
    assert recorder.differences([request_]) == []


@settings(deterministic, max_examples=25)
@given(TEXT)
def test_curl_repeats_any_text(recorder: Recorder, text: str) -> None:
    assert recorder.differences([Request("PUT", NO_CALL, (JSON,), b"-" + text.encode())]) == []


@settings(deterministic, max_examples=15)
@given(TEXT)
def test_curl_repeats_any_text_beside_a_token(recorder: Recorder, text: str) -> None:
    body = f"-{text} {TOKEN} {text}".encode()
    assert recorder.differences([Request("PUT", NO_CALL, (JSON,), body)]) == []


@settings(deterministic, max_examples=15)
@given(st.lists(SEGMENT, min_size=3, max_size=3), st.sampled_from(["", "@*"]))
def test_curl_repeats_any_path(recorder: Recorder, segments: list[str], safe: str) -> None:
    assert recorder.differences([Request("GET", "/uapi" + Place(*segments).path(safe=safe))]) == []


@pytest.mark.parametrize("requirement", SENT_BY)
def test_curl_repeats_the_requests_of_a_check(requirement: str, recorder: Recorder, laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        decide(register()[requirement], probe)
    paths = [replace(e.request, url="/" + e.request.url.split("/", 3)[3]) for e in probe.session.exchanges]
    requests = [replace(request, headers=own_token(request.headers)) for request in paths]
    assert recorder.differences({repr(request): request for request in requests}.values()) == []
