"""A target that cannot be tested is said at once, with what to do about it."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from conformance.loopback import Line, Received, answering, recording, serving
from conformance.made import target, wire
from mutants.catalogue import CATALOGUE
from mutants.variants import VARIANTS
from mutants.world import ROLES
from uapi.conformance.errors import UnreachableError
from uapi.conformance.probe import Probe
from uapi.conformance.session import Session, preflight

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.loopback import Script
    from mutants.laboratory import Laboratory
    from mutants.mutant import Mutant
    from mutants.variant import Variant
    from uapi.conformance.target import Target

PAGE = b"<!doctype html><title>Welcome</title><h1>It works!</h1>"
REFUSAL = b'{"error": {"code": "access_denied", "message": "No."}}'


def begin(chosen: Target) -> None:
    with Session(chosen) as session:
        preflight(session, Probe(session).first_request())


def complaint(script: Script, **changes: object) -> UnreachableError:
    """Return why a server cannot be tested."""
    with serving(script) as server:
        with pytest.raises(UnreachableError) as caught:
            begin(target(server.base_url, **changes))
        assert caught.value.where == server.base_url
    return caught.value


def silent(line: Line) -> None:
    line.receive()
    line.hold()


def hanging_up(line: Line) -> None:
    line.receive()


def nobody() -> UnreachableError:
    """Return the complaint about a port that is taken, but on which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(UnreachableError) as caught:
            begin(target(f"http://127.0.0.1:{bound.getsockname()[1]}/uapi"))
    return caught.value


COMPLAINTS: dict[str, tuple[Callable[[], UnreachableError], str]] = {
    "nothing listens": (nobody, "running"),
    "it never answers": (lambda: complaint(silent, timeout_seconds=0.2), "base_url"),
    "it hangs up": (lambda: complaint(hanging_up), "base_url"),
    "it is another server": (lambda: complaint(answering(b"SSH-2.0-OpenSSH_9.7\r\n\r\n")), "base_url"),
    "it is a web site": (lambda: complaint(answering(wire(PAGE, content_type="text/html"))), "/uapi"),
    "it has no such path": (lambda: complaint(answering(wire(PAGE, status=404, content_type="text/html"))), "/uapi"),
    "it has no such resource": (lambda: complaint(answering(wire(b'{"detail": "Not Found"}', status=404))), "/uapi"),
    "it is broken": (lambda: complaint(answering(wire(PAGE, status=502, content_type="text/html"))), "/uapi"),
    "it redirects": (
        lambda: complaint(answering(wire(b"", status=301, Location="https://pbx.example/uapi"))),
        "https://pbx.example/uapi",
    ),
    "it redirects nowhere": (lambda: complaint(answering(wire(b"", status=302))), "base_url"),
    "it refuses the token": (lambda: complaint(answering(wire(REFUSAL, status=401))), "token"),
    "it forbids": (lambda: complaint(answering(wire(REFUSAL, status=403))), "token"),
}


@pytest.mark.parametrize(("complain", "way_out"), COMPLAINTS.values(), ids=COMPLAINTS)
def test_a_target_that_cannot_be_tested_is_said_with_a_way_out(
    complain: Callable[[], UnreachableError], way_out: str
) -> None:
    assert way_out in str(complain().hint)


@pytest.mark.parametrize("complain", [value for value, _ in COMPLAINTS.values()], ids=COMPLAINTS)
def test_a_target_that_cannot_be_tested_ends_with_the_code_of_its_own(complain: Callable[[], UnreachableError]) -> None:
    assert complain().exit_code == 3


def test_no_token_is_in_a_complaint() -> None:
    # The place that a redirect leads to may have the token in it.
    location = f"https://sso.example/login?token={ROLES.caller.token}"
    error = complaint(answering(wire(b"", status=302, Location=location)))
    assert ROLES.caller.token not in str(error)


def test_one_request_is_enough() -> None:
    received: list[Received] = []
    with serving(recording(wire(json.dumps({"entry": []}).encode()), received)) as server:
        begin(target(server.base_url))
    assert len(received) == 1


@pytest.mark.parametrize(
    ("lacking", "method", "path"),
    [
        ((), "GET", f"/uapi/phoneCalls/@me/{ROLES.caller.extension}/{ROLES.phone_call.id}"),
        (("get",), "GET", f"/uapi/phoneCalls/@me/{ROLES.caller.extension}"),
        (("get", "list"), "PUT", f"/uapi/phoneCalls/@me/{ROLES.caller.extension}/{ROLES.phone_call.id}"),
    ],
)
def test_the_first_request_is_one_that_the_target_offers(lacking: tuple[str, ...], method: str, path: str) -> None:
    received: list[Received] = []
    features = ROLES.features.model_copy(update=dict.fromkeys(lacking, False))
    with serving(recording(wire(), received)) as server:
        begin(target(server.base_url, features=features))
    assert [(request.method, request.path) for request in received] == [(method, path)]


@pytest.mark.parametrize(
    ("unknown", "method"), [(("get",), "GET"), (("list",), "GET"), (("get", "list", "stop_recording"), "PUT")]
)
def test_the_first_request_is_none_of_which_nobody_knows_whether_it_is_offered(
    unknown: tuple[str, ...], method: str
) -> None:
    received: list[Received] = []
    features = ROLES.features.model_copy(update=dict.fromkeys(unknown, "unknown"))
    with serving(recording(wire(), received)) as server:
        begin(target(server.base_url, features=features))
    (request,) = received
    single = request.path.endswith(str(ROLES.phone_call.id))
    assert (request.method, single) == (method, "get" not in unknown or method == "PUT")


@pytest.mark.parametrize("said", [False, "unknown"])
def test_the_first_request_starts_nothing(said: object) -> None:
    received: list[Received] = []
    features = ROLES.features.model_copy(update={"get": said, "list": said})
    with serving(recording(wire(), received)) as server:
        begin(target(server.base_url, features=features))
    assert "action" not in json.loads(received[0].body)


def test_the_sandbox_is_let_through(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        preflight(probe.session, probe.first_request())


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_correct_server_is_let_through(variant: Variant, laboratory: Laboratory) -> None:
    with laboratory.probe(variant.make(), variant.roles, **variant.features) as probe:
        preflight(probe.session, probe.first_request())


FOUND_LATER = [mutant for mutant in CATALOGUE if mutant.requirement.startswith(("HTTP-", "ERR-", "CALL-05", "AUTH-00"))]
FOUND_LATER = [mutant for mutant in FOUND_LATER if mutant.requirement != "AUTH-001"]
"""Mutants whose first answer may be odd. Those that refuse a valid token cannot be tested."""


@pytest.mark.parametrize("mutant", [pytest.param(mutant, id=mutant.id) for mutant in FOUND_LATER])
def test_a_fault_that_a_check_finds_does_not_stop_the_run(mutant: Mutant, laboratory: Laboratory) -> None:
    with laboratory.probe(mutant.make(), **mutant.features) as probe:
        preflight(probe.session, probe.first_request())


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/octet-stream", None])
def test_json_under_another_media_type_is_let_through(content_type: str | None) -> None:
    # What HTTP-001 is to find, a 200 whose media type is wrong, has to get as far as its check.
    answer = wire(json.dumps({"entry": [{"id": "a"}]}).encode(), content_type=content_type)
    with serving(answering(answer)) as server:
        begin(target(server.base_url))
